import { join } from 'node:path';
import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sentence } from '../sentence/sentence';
import type { Decision, EventOf, Evaluation, ObservedState, PendingDecision, Predicted, RunDescription, RunEvent, RunRequest, RunSummary } from './contract';
import { readTextFile } from './atomicFile';
import { EventFollower } from './eventFollower';
import { LockObserver } from './lock';
import { parseDecision, parseEvaluation, parsePredicted, parseRunDescription } from './parseFiles';
import { eventsFile, experimentFile, iterationFiles, lockFolder, placeOf, runFile } from './paths';
import { type IterationReliability, parseReliability } from './reliability';
import { pendingRequests } from './requests';
import { RunError } from './runError';
import { RunFold } from './runFold';
import { Float32File } from './float32File';
import { reasonOf, summariseIteration } from './summary';
import { readVerified, writtenFile } from './verifiedFile';

const mostTextBytes = 16 << 20;
/** of events that are parsed in one go: a millisecond or two, even while the code is cold */
const pieceBytes = 32 << 10;

/** Shows a run by reading its folder, wherever it was made. Never writes, locks nothing, may be opened any number of times. */
export class RunReader {
  private readonly follower: EventFollower;
  private readonly observer: LockObserver;
  private readonly all: RunEvent[] = [];
  /** what the events add up to, as of the last `refresh` */
  readonly fold = new RunFold();

  private constructor(
    readonly folder: string,
    readonly description: RunDescription,
  ) {
    this.follower = new EventFollower(join(folder, eventsFile));
    this.observer = new LockObserver(join(folder, lockFolder));
  }

  /** @throws RunError not-a-run, invalid-file */
  static open(folder: string): RunReader {
    const reader = RunReader.unread(folder);
    reader.refresh();
    return reader;
  }

  /** As `open`, but lets others work in between: for a process that must answer within milliseconds. */
  static async openInPieces(folder: string): Promise<RunReader> {
    const reader = RunReader.unread(folder);
    for (let before = -1; before < reader.follower.parsed; ) {
      before = reader.follower.parsed;
      reader.refresh(pieceBytes);
      await nextTurn();
    }
    reader.refresh();
    return reader;
  }

  private static unread(folder: string): RunReader {
    const place = join(folder, runFile);
    if (statSync(place, { throwIfNoEntry: false }) === undefined) {
      throw new RunError('not-a-run', sentence('{0} is not a run: it holds no {1}.', folder, runFile));
    }
    return new RunReader(folder, parseRunDescription(readTextFile(place, mostTextBytes), place));
  }

  /** Reads what was appended since, or about as many bytes of it. @returns the new events that count */
  refresh(mostBytes?: number): RunEvent[] {
    const news = this.follower.poll(mostBytes).filter((event) => this.fold.add(event));
    this.all.push(...news);
    return news;
  }

  /** All events that counted when they came, in order. */
  get events(): readonly RunEvent[] {
    return this.all;
  }

  /** Where the run stands; a run of another machine counts as alive until its heartbeat stood still for a minute. */
  state(): ObservedState {
    return this.fold.state === 'running' && !this.observer.isLive() ? 'interrupted' : this.fold.state;
  }

  /** Whether a process works on the run now. */
  isLive(): boolean {
    return this.observer.isLive();
  }

  /** Id of the process that works on the run; null when none does, or when it cannot be seen from here. */
  get workerPid(): number | null {
    const lock = this.observer.look();
    return lock.kind === 'held' ? lock.holder.pid : null;
  }

  /** The frozen experiment. @throws RunError file-missing */
  experimentText(): string {
    return readTextFile(join(this.folder, experimentFile), mostTextBytes);
  }

  has(path: string): boolean {
    return this.fold.files.has(path);
  }

  /** @throws RunError file-missing without an event, file-changed when the bytes are not those of the event */
  readFile(path: string): Buffer {
    return readVerified(this.folder, writtenFile(this.fold, path));
  }

  /** As text. @throws as `readFile` */
  readText(path: string): string {
    return this.readFile(path).toString('utf8');
  }

  /** Curves or trajectories, to be read by range and closed. Size and header are checked, the sha256 is not. */
  openNumbers(path: string): Float32File {
    const { bytes } = writtenFile(this.fold, path);
    const place = placeOf(this.folder, path);
    if (statSync(place).size !== bytes) throw new RunError('file-changed', sentence('{0} is not what the run wrote. Restore it, or train again.', path));
    return Float32File.open(place);
  }

  /** null before it is there. */
  evaluation(iteration: number): Evaluation | null {
    return this.parsed(iterationFiles.evaluation(iteration), parseEvaluation);
  }

  /** null before it is there. */
  predicted(iteration: number): Predicted | null {
    return this.parsed(iterationFiles.predicted(iteration), parsePredicted);
  }

  /** null before it is there. */
  decision(iteration: number): Decision | null {
    return this.parsed(iterationFiles.decision(iteration), parseDecision);
  }

  /** null before the iteration's models are there. */
  reliability(iteration: number): IterationReliability | null {
    const heldOut = this.parsed(iterationFiles.reliability(iteration), parseReliability);
    return heldOut && { iteration, heldOut, new: this.parsed(iterationFiles.newReliability(iteration), parseReliability) };
  }

  /** What is to be approved; null unless the run awaits approval. @throws as `readFile` */
  private pendingDecision(): PendingDecision | null {
    if (this.fold.state !== 'awaiting-approval') return null;
    for (let iteration = this.description.iterations; iteration > 0; iteration--) {
      const predicted = this.fold.decisions.has(iteration) ? null : this.predicted(iteration);
      if (predicted === null) continue;
      const { recommendation, recommended } = predicted;
      return { iteration, recommended, ...reasonOf(predicted), policies: recommendation?.policies ?? [] };
    }
    return null;
  }

  private parsed<File>(path: string, parse: (text: string, where: string) => File): File | null {
    return this.has(path) ? parse(this.readText(path), path) : null;
  }

  /** Of one iteration, in order, without what a resume superseded. */
  progress(iteration: number): EventOf<'progress'>[] {
    return this.fold.toldOf('progress').filter((event) => event.iteration === iteration);
  }

  /** What was asked of the run and not answered yet. */
  pendingRequests(): RunRequest[] {
    return pendingRequests(this.folder, this.fold.answeredRequests);
  }

  /** @throws RunError when a file that an event names is missing or damaged */
  summary(): RunSummary {
    const { description, fold } = this;
    const nonFinite = fold.toldOf('non-finite');
    const skipped = (events: readonly EventOf<'non-finite'>[]): number => events.reduce((sum, event) => sum + event.count, 0);
    const iterations = [];
    const reliability = [];
    for (let iteration = 1; iteration <= description.iterations; iteration++) {
      const judged = this.reliability(iteration);
      if (judged !== null) reliability.push(judged);
      const evaluation = this.evaluation(iteration);
      if (evaluation === null) continue;
      const own = nonFinite.filter((event) => event.iteration === iteration);
      iterations.push(summariseIteration(evaluation, this.predicted(iteration), skipped(own)));
    }
    return {
      id: description.id,
      name: description.name,
      state: this.state(),
      attempt: fold.attempt,
      iterations,
      pending: this.pendingDecision(),
      reliability,
      progress: fold.state === 'done' ? null : fold.position,
      warnings: [
        ...fold.toldOf('warning').map(({ code, message, sentence, iteration, metrics }) => ({ code, message, ...(sentence && { sentence }), iteration, ...(metrics && { metrics }) })),
        ...fold.dataAdded.flatMap(({ warnings, iteration }) => warnings.map((warning) => ({ ...warning, iteration }))),
      ],
      nonFinite: skipped(nonFinite),
      failure: fold.failure === null ? null : { code: fold.failure.code, message: fold.failure.message, ...(fold.failure.sentences && { sentences: fold.failure.sentences }) },
    };
  }
}
