import { createHash } from 'node:crypto';
import type { Experiment, SystemDescription } from '../experiment/experiment';
import type { Batch } from '../learning/data/batch';
import type { Scales } from '../learning/data/scaling';
import type { Engine } from '../learning/engine/engine';
import type { Snapshot } from '../learning/model/snapshot';
import type { Random } from '../learning/random';
import type { BoundConstraint, Bounds } from '../learning/safety/bounds';
import type { EventBody, Phase } from '../run/contract';
import { type Checkpoint, encodeCheckpoint } from './checkpoint';
import { type ComputeMessage, STOP } from './messages';
import type { Players } from './simulation/players';
import type { Simulators } from './simulation/simulators';

/** Thrown where the work is left because somebody asked for it. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** What is the same for the whole run. */
export interface RunContext {
  readonly experiment: Experiment;
  readonly description: SystemDescription;
  readonly engine: Engine;
  /** only ever forked by name */
  readonly random: Random;
  readonly output: Output;
  readonly simulators: Simulators;
  readonly players: Players;
}

/** What the first batch decided, for the whole run. */
export interface Frame {
  readonly bounds: Bounds;
  readonly scales: Scales;
  /** empty unless policies are constrained */
  readonly constraints: readonly BoundConstraint[];
}

/** One iteration's view: the batch that it learns from. */
export interface IterationContext extends RunContext {
  readonly iteration: number;
  readonly batch: Batch;
  readonly frame: Frame;
}

const checkpointEveryMs = 30_000;
const PROGRESS_POINTS = 250;

/** Files and events of the run: what is there, and what is sent to be written. */
export class Output {
  private resumeFrom: Checkpoint | null;
  private checkpointed: number;
  /** what this attempt wrote in the present iteration and the one before, which later phases read again */
  private readonly written = new Map<string, { readonly content: Uint8Array; readonly iteration: number }>();

  constructor(
    private readonly send: (message: ComputeMessage) => void,
    private readonly stop: Int32Array<SharedArrayBuffer>,
    private readonly existing: ReadonlySet<string>,
    private readonly readBytes: (path: string) => Uint8Array,
    checkpoint: Checkpoint | null,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.resumeFrom = checkpoint;
    this.checkpointed = clock();
  }

  has(path: string): boolean {
    return this.written.has(path) || this.existing.has(path);
  }

  read(path: string): Uint8Array {
    return this.written.get(path)?.content ?? this.readBytes(path);
  }

  readJson<Content>(path: string): Content {
    return JSON.parse(Buffer.from(this.read(path)).toString()) as Content;
  }

  event(body: EventBody): void {
    this.send({ kind: 'event', body });
  }

  /** @returns the file's sha256 */
  file(path: string, content: Uint8Array | string, iteration: number): string {
    this.send({ kind: 'file', path, content, iteration });
    for (const [earlier, file] of this.written) if (file.iteration < iteration - 1) this.written.delete(earlier);
    this.written.set(path, { content: typeof content === 'string' ? Buffer.from(content) : content, iteration });
    return createHash('sha256').update(content).digest('hex');
  }

  json(path: string, content: unknown, iteration: number): string {
    return this.file(path, `${JSON.stringify(content, null, 1)}\n`, iteration);
  }

  /** Tells progress: of a long phase, about `PROGRESS_POINTS` of its pieces, and every one that carries more than usual. */
  progress(iteration: number, phase: Phase, done: number, total: number, metrics: Readonly<Record<string, number>>, always = false): void {
    if (!always && done < total && done % Math.ceil(total / PROGRESS_POINTS) !== 0) return;
    this.send({ kind: 'progress', iteration, phase, done, total, metrics });
  }

  begin(iteration: number, phase: Phase): void {
    this.leaveIfAsked();
    this.event({ type: 'phase-started', iteration, phase });
  }

  end(iteration: number, phase: Phase): void {
    this.event({ type: 'phase-ended', iteration, phase });
    this.send({ kind: 'sync' });
  }

  /** The snapshots of a phase that was left in its middle, once. */
  takeSnapshots(iteration: number, phase: Phase): Readonly<Record<string, Snapshot>> {
    const from = this.resumeFrom;
    this.resumeFrom = null;
    return from !== null && from.iteration === iteration && from.phase === phase ? from.snapshots : {};
  }

  /** @throws Stopped when the run is to stop now; nothing is lost but the phase so far */
  leaveIfAsked(): void {
    if (Atomics.load(this.stop, 0) === STOP.now) throw new Stopped();
  }

  stopsAfterIteration(): boolean {
    return Atomics.load(this.stop, 0) !== STOP.none;
  }

  /** Between two updates: writes a checkpoint now and then, and when the run is to stop now. @throws Stopped */
  betweenUpdates(checkpoint: () => Checkpoint): void {
    const stopping = Atomics.load(this.stop, 0) === STOP.now;
    if (!stopping && this.clock() - this.checkpointed < checkpointEveryMs) return;
    const made = checkpoint();
    this.send({ kind: 'checkpoint', content: encodeCheckpoint(made), iteration: made.iteration });
    this.checkpointed = this.clock();
    if (stopping) throw new Stopped();
  }
}
