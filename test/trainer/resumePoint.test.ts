import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../src/run/contract';
import { iterationFiles } from '../../src/run/paths';
import { RunFold } from '../../src/run/runFold';
import { encodeCheckpoint } from '../../src/trainer/checkpoint';
import { resumePoint } from '../../src/trainer/resumePoint';

const started = (phase: 'collecting' | 'modelling' | 'searching'): EventBody => ({ type: 'phase-started', iteration: 1, phase });
const ended = (phase: 'collecting' | 'modelling'): EventBody => ({ type: 'phase-ended', iteration: 1, phase });
const written = (path: string): EventBody => ({ type: 'file-written', path, sha256: '0'.repeat(64), bytes: 1, iteration: 1 });
const fitted: EventBody = { type: 'model-fitted', iteration: 1, model: 'transition', member: 0, updates: 1, bestUpdate: 1, trainingError: 1, holdoutError: 1, residualSpread: {} };

/** Where a run with these events, numbered from 1, goes on; `checkpointed`: the number of its checkpoint's event. */
function point(events: readonly EventBody[], checkpointed: number | null = null, lost: readonly string[] = []) {
  const fold = new RunFold();
  events.forEach((body, i) => fold.add({ seq: i + 1, attempt: 1, time: '', ...body }));
  const bytes = encodeCheckpoint({ iteration: 1, phase: 'modelling', done: 7, snapshots: {} });
  const { checkpoint, ...rest } = resumePoint(fold, [...fold.files.values()].filter(({ path }) => !lost.includes(path)), checkpointed === null ? null : { bytes, seq: checkpointed });
  return { ...rest, checkpoint: checkpoint !== null };
}

const collected = [started('collecting'), written(iterationFiles.batch(0)), ended('collecting')];
const models = iterationFiles.models(1);

describe('an attempt goes on', () => {
  test('from the start when nothing is finished', () => {
    expect(point([])).toEqual({ seq: 0, iteration: 1, phase: 'collecting', done: 0, checkpoint: false });
    expect(point([started('collecting')])).toMatchObject({ seq: 0 });
  });

  test('from the end of the last finished phase', () => {
    expect(point([...collected, started('modelling'), fitted])).toMatchObject({ seq: 3, phase: 'collecting', checkpoint: false });
  });

  test('behind a phase whose last file has its event, though its end was not told', () => {
    expect(point([...collected, started('modelling'), fitted, written(models)])).toMatchObject({ seq: 6, phase: 'modelling', checkpoint: false });
  });

  test('but not behind one whose file a power cut took', () => {
    expect(point([...collected, started('modelling'), fitted, written(models)], null, [models])).toMatchObject({ seq: 3, phase: 'collecting' });
  });

  test('from a checkpoint while its phase is not over', () => {
    expect(point([...collected, started('modelling'), written('checkpoint/00000005.bin')], 5)).toEqual({ seq: 5, iteration: 1, phase: 'modelling', done: 7, checkpoint: true });
    for (const rest of [[written(models)], [written(models), ended('modelling')]]) {
      expect(point([...collected, started('modelling'), written('checkpoint/00000005.bin'), ...rest], 5)).toMatchObject({ seq: 5 + rest.length, checkpoint: false });
    }
  });
});
