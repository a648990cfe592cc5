import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Experiment } from '../experiment/experiment';
import { validateExperiment } from '../experiment/validate';
import { LeaseWatch } from '../launcher/lease';
import type { TrainerArguments } from '../launcher/trainerArguments';
import type { EventOf, RunRequest } from '../run/contract';
import { experimentFile, ibrlFolderOfRun } from '../run/paths';
import { RunReader } from '../run/reader';
import { makeId } from '../run/runId';
import { type AttemptFacts, RunWriter } from '../run/writer';
import { decodeCheckpoint } from './checkpoint';
import { InvalidInput } from './invalidInput';
import { type ComputeData, type ComputeMessage, type EngineName, engineNames, STOP } from './messages';
import { version } from '../../package.json';

const POLL_MS = 100;
/** Exit code after SIGTERM (or the end of a lease or of stdin), with a checkpoint. */
const TERMINATED = 75;

/**
 * Works on a run until it ends: this thread holds the lock, writes files and events, and answers requests and signals; a
 * worker computes.
 *
 * @param dist folder of the built scripts
 * @returns the process's exit code
 */
export async function coordinate(values: TrainerArguments, dist: string): Promise<number> {
  const engine = engineOf(values.engine);
  const threads = engine === 'reference' ? 1 : (values.threads ?? Math.max(1, availableParallelism() - 1));
  const facts: AttemptFacts = { engine, arithmetic: engine === 'reference' ? 'float64' : 'portable', threads, versions: { ibrl: version, node: process.version, cores: String(availableParallelism()) } };
  if (values.experiment === null && RunReader.open(values.run).state() === 'done') return 0;
  const writer = values.experiment === null ? await RunWriter.resume(values.run, facts) : createRun(values.run, values.experiment, values.source, facts);
  try {
    return await new Session(writer, values, engine, threads, dist).run();
  } catch (error) {
    writer.fail(error);
    throw error;
  }
}

function engineOf(name: string | null): EngineName {
  if (name === null || name === 'auto') return 'wasm';
  const engine = engineNames.find((candidate) => candidate === name);
  if (engine === undefined) throw new InvalidInput(`There is no engine “${name}”; there are ${engineNames.join(', ')} and auto.`);
  return engine;
}

function createRun(folder: string, file: string, source: string | null, facts: AttemptFacts): RunWriter {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InvalidInput(`${file} cannot be read.`, { cause });
  }
  const experiment = runnable(text);
  return RunWriter.create(
    folder,
    { id: ibrlFolderOfRun(folder) === null ? makeId(new Date(), Math.random) : basename(folder), name: experiment.name, seed: experiment.seed, iterations: experiment.iterations, policies: experiment.policies.count, source: source ?? file, experimentText: text, dataSha256: {} },
    facts,
  );
}

/** @throws InvalidInput with the first error's sentence */
function runnable(text: string): Experiment {
  const { experiment, findings } = validateExperiment(text);
  if (experiment !== null) return experiment;
  const errors = findings.filter((finding) => finding.severity === 'error');
  throw new InvalidInput(errors.map(({ message, range }) => `line ${range.start.line + 1}: ${message}`).join('\n'));
}

class Session {
  private readonly stop = new Int32Array(new SharedArrayBuffer(4));
  private readonly lease: LeaseWatch | null;
  private answered: RunRequest[] = [];
  private terminated = false;

  constructor(private readonly writer: RunWriter, private readonly values: TrainerArguments, private readonly engine: EngineName, private readonly threads: number, private readonly dist: string) {
    this.lease = values.lease === null ? null : new LeaseWatch(values.lease);
  }

  async run(): Promise<number> {
    const { writer } = this;
    // a checkpoint counts only while its phase is not over
    const ended = writer.fold.toldOf('phase-ended').at(-1) ?? null;
    const newest = writer.readCheckpoint();
    const checkpoint = newest !== null && newest.seq > (ended?.seq ?? 0) ? newest : null;
    const data: ComputeData = {
      folder: writer.folder,
      experimentText: readFileSync(join(writer.folder, experimentFile), 'utf8'),
      files: [...writer.fold.files.values()],
      decisions: [...writer.fold.decisions.values()].map(({ iteration, decision, by }) => ({ iteration, decision, by })),
      checkpoint: checkpoint?.bytes ?? null,
      engine: this.engine, threads: this.threads, dist: this.dist, stop: this.stop,
    };
    if (writer.attempt > 1) this.tellResumed(checkpoint, ended);
    const worker = new Worker(join(this.dist, 'compute.cjs'), { workerData: data });
    const leave = this.listen();
    try {
      return await this.follow(worker);
    } finally {
      leave();
      await worker.terminate();
    }
  }

  /** Writes what the worker says, in its order, until it ends. */
  private follow(worker: Worker): Promise<number> {
    return new Promise((resolve, reject) => {
      worker.on('message', (message: ComputeMessage) => {
        try {
          const code = this.write(message);
          if (code !== null) resolve(code);
        } catch (error) {
          reject(error);
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The computing worker ended by itself (${code}).`)));
    });
  }

  /** @returns an exit code when that was the last message */
  private write(message: ComputeMessage): number | null {
    const { writer } = this;
    switch (message.kind) {
      case 'event': writer.append(message.body); return null;
      case 'file': writer.writeFile(message.path, message.content, message.iteration); return null;
      case 'progress': writer.progress(message.iteration, message.phase, message.done, message.total, message.metrics); return null;
      case 'checkpoint': writer.writeCheckpoint(message.content, message.iteration); return null;
      case 'sync': writer.sync(); return null;
      case 'failed': throw new Failed(message);
      case 'ended': {
        for (const request of this.answered) writer.answer(request, 'done');
        const code = this.terminated && message.state === 'stopped' ? TERMINATED : 0;
        writer.end(message.state, code);
        return code;
      }
    }
  }

  /** Goes on from the checkpoint, else from the end of the last finished phase, else from the start. */
  private tellResumed(checkpoint: { readonly bytes: Uint8Array; readonly seq: number } | null, ended: EventOf<'phase-ended'> | null): void {
    const { seq, iteration, phase, done } =
      checkpoint !== null ? { ...decodeCheckpoint(checkpoint.bytes), seq: checkpoint.seq } : { seq: ended?.seq ?? 0, iteration: ended?.iteration ?? 1, phase: ended?.phase ?? ('collecting' as const), done: 0 };
    this.writer.append({ type: 'resumed', from: { seq, iteration, phase, done } });
  }

  /** Signals, requests, lease and stdin. @returns what undoes it */
  private listen(): () => void {
    const terminate = (): void => {
      this.terminated = true;
      this.ask(STOP.now);
    };
    const interrupt = (): void => this.ask(STOP.now);
    const tick = (): void => {
      if (!this.writer.isStillOwner()) return;
      for (const request of this.writer.requests()) this.take(request);
      if (this.lease !== null && !this.lease.holds()) terminate();
    };
    process.on('SIGTERM', terminate);
    process.on('SIGINT', interrupt);
    if (this.values.attached) process.stdin.on('end', terminate).on('error', terminate).resume();
    const timer = setInterval(tick, POLL_MS);
    return () => {
      clearInterval(timer);
      process.off('SIGTERM', terminate).off('SIGINT', interrupt);
      process.stdin.pause();
    };
  }

  /** Stops are answered when they are done; whatever else is asked of a running run is refused. */
  private take(request: RunRequest): void {
    if (this.answered.some(({ id }) => id === request.id)) return;
    if (request.kind === 'stop-now') this.ask(STOP.now);
    else if (request.kind === 'stop-after-iteration') this.ask(STOP.afterIteration);
    else return this.writer.answer(request, 'refused');
    this.answered.push(request);
  }

  private ask(stop: number): void {
    if (Atomics.load(this.stop, 0) < stop) Atomics.store(this.stop, 0, stop);
  }
}

/** What stopped the worker, with its own chain of causes. */
class Failed extends Error {
  override readonly name = 'Failed';
  readonly code: string;
  constructor({ code, message, causes }: { readonly code: string; readonly message: string; readonly causes: readonly string[] }) {
    super(message, causes.length > 0 ? { cause: new Error(causes.join(' ← ')) } : undefined);
    this.code = code;
  }
}

