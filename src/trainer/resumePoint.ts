import type { Phase } from '../run/contract';
import { iterationFiles } from '../run/paths';
import type { RunFold, WrittenFile } from '../run/runFold';
import { decodeCheckpoint } from './checkpoint';

/** Where an attempt goes on: what `resumed.from` says. */
export interface ResumePoint {
  readonly seq: number;
  readonly iteration: number;
  readonly phase: Phase;
  /** pieces of work that the checkpoint holds, 0 without one */
  readonly done: number;
  readonly checkpoint: Uint8Array | null;
}

/** The file that a phase writes last: where it is, the phase is not done again. */
const lastFile: Readonly<Record<Phase, (iteration: number) => string>> = {
  collecting: () => iterationFiles.batch(0),
  modelling: iterationFiles.models,
  searching: iterationFiles.curves,
  predicting: iterationFiles.diff,
  deploying: iterationFiles.trajectories,
  evaluating: iterationFiles.evaluation,
};

/**
 * From the newest checkpoint if its phase is not over, else from the end of the last phase that is. A phase whose last
 * file has its event is over, also when the process died before it could say so: what it told still counts.
 *
 * @param files that are whole
 */
export function resumePoint(fold: RunFold, files: readonly WrittenFile[], checkpoint: { readonly bytes: Uint8Array; readonly seq: number } | null): ResumePoint {
  const ended = fold.toldOf('phase-ended').at(-1);
  const started = fold.toldOf('phase-started').at(-1);
  let point: ResumePoint = { seq: ended?.seq ?? 0, iteration: ended?.iteration ?? 1, phase: ended?.phase ?? 'collecting', done: 0, checkpoint: null };
  if (started !== undefined && started.seq > point.seq) {
    const path = lastFile[started.phase](started.iteration);
    const file = files.find((candidate) => candidate.path === path);
    if (file !== undefined && file.seq > started.seq) point = { ...point, seq: file.seq, iteration: started.iteration, phase: started.phase };
  }
  if (checkpoint === null || checkpoint.seq < point.seq) return point;
  const { iteration, phase, done } = decodeCheckpoint(checkpoint.bytes);
  return { seq: checkpoint.seq, iteration, phase, done, checkpoint: checkpoint.bytes };
}
