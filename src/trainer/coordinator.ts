import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { decodeExperiment } from '../experiment/decodeText';
import type { Experiment } from '../experiment/experiment';
import type { Finding } from '../experiment/findings';
import { validateExperiment } from '../experiment/validate';
import { largestFileBytes } from '../experiment/yamlSource';
import { LeaseWatch } from '../launcher/lease';
import type { TrainerArguments } from '../launcher/trainerArguments';
import type { RunRequest, RunState } from '../run/contract';
import type { FaultHook } from '../run/faults';
import { experimentFile, ibrlFolderOfRun } from '../run/paths';
import { readBytesUpTo } from '../run/readBytes';
import { RunReader } from '../run/reader';
import { RunError, systemCode } from '../run/runError';
import { makeId } from '../run/runId';
import { type AttemptFacts, RunWriter } from '../run/writer';
import { arithmeticOf, chooseEngine, type EngineChoice } from './engines/engines';
import { mendFirstBatch, writeFirstBatch } from './recordings/firstBatch';
import { InvalidInput } from './invalidInput';
import { type ComputeData, type ComputeMessage, STOP } from './messages';
import { endProgram } from './simulation/programProcess';
import { readInWorker } from './recordings/recordingsWorker';
import { resumePoint } from './resumePoint';
import type { Stopping } from './stopping';
import { tensorFlowEnvironment, versionOf } from './engines/tensorFlow';
import { mustBeTrusted, mustBeTrustedRun } from './simulation/trust';
import { version } from '../../package.json';
import { joined, type Sentence, sentence, spoken } from '../sentence/sentence';
import { sentencesOf, SpokenError } from '../sentence/spokenError';

const POLL_MS = 100;
/** Exit code after SIGTERM (or the end of a lease or of stdin), with a checkpoint. */
const TERMINATED = 75;
const INVALID_INPUT = 2;
/**
 * How long a worker that is to stop now may take to its next place where it can. Between two updates it leaves a
 * checkpoint, which is worth waiting for; elsewhere there is nothing to be had, so it is ended.
 */
const PATIENCE_MS = { withCheckpoint: 10_000, without: 1_500 } as const;

/**
 * Works on a run until it ends: this thread holds the lock, writes files and events, and answers requests and signals; a
 * worker computes.
 *
 * @param dist folder of the built scripts
 * @param stopping listens already
 * @param faults for tests, see `faultHook`
 * @returns the process's exit code
 */
export async function coordinate(values: TrainerArguments, dist: string, stopping: Stopping, faults?: FaultHook): Promise<number> {
  try {
    return await workOn(values, dist, stopping, faults);
  } catch (error) {
    const code = error instanceof RunError ? error.code : null;
    if (code === 'finished') return 0;
    if (code === 'run-busy' && stopping.terminated) return TERMINATED;
    throw error;
  }
}

async function workOn(values: TrainerArguments, dist: string, stopping: Stopping, faults: FaultHook | undefined): Promise<number> {
  const arithmetic = values.arithmetic ?? (values.experiment === null ? arithmeticSoFar(values.run) : 'portable');
  const engine = chooseEngine(values.engine, arithmetic, { dist, tfjsNode: values.tfjsNode ?? null }, (line) => process.stderr.write(`${line}\n`));
  const threads = engine.name === 'reference' ? 1 : (values.threads ?? Math.max(1, availableParallelism() - 1));
  const facts: AttemptFacts = { engine: engine.name, arithmetic: arithmeticOf(engine), threads, versions: versionsOf(engine) };
  if (engine.name === 'tfjs') Object.assign(process.env, { ...tensorFlowEnvironment(threads), ...process.env });
  if (values.experiment === null) {
    if (RunReader.open(values.run).state() === 'done') return 0;
    mustBeTrustedRun(values.run, values.allowPrograms === true);
  }
  const writer = values.experiment === null ? await RunWriter.resume(values.run, facts, { faults, isCalledOff: () => stopping.terminated }) : await createRun(values, values.experiment, facts, dist, stopping, faults);
  if (writer === null) return stopping.terminated ? TERMINATED : 0;
  try {
    if (values.experiment === null && !(await mendFirstBatch(writer, (data) => readInWorker(data, dist, stopping)))) {
      const code = stopping.terminated ? TERMINATED : 0;
      writer.end('stopped', code);
      return code;
    }
    return await new Session(writer, values, engine, threads, dist, stopping).run();
  } catch (error) {
    writer.fail(error, error instanceof InvalidInput ? INVALID_INPUT : 1);
    throw error;
  }
}

function versionsOf(engine: EngineChoice): AttemptFacts['versions'] {
  const versions = { ibrl: version, node: process.version, cores: String(availableParallelism()) };
  switch (engine.name) {
    case 'native': return { ...versions, kernel: engine.variant.processor };
    case 'tfjs': return { ...versions, tfjs: `${engine.place.build} ${versionOf(engine.place)}` };
    default: return versions;
  }
}

/** A run keeps to the arithmetic that it began with: what is left out is what its last attempt had. */
function arithmeticSoFar(run: string): string {
  const last = RunReader.open(run).events.findLast((event) => event.type === 'attempt-started');
  return last?.type === 'attempt-started' && last.arithmetic === 'fused' ? 'fused' : 'portable';
}

/** @returns null when it was stopped before there was anything to resume */
async function createRun({ run: folder, source, allowPrograms }: TrainerArguments, file: string, facts: AttemptFacts, dist: string, stopping: Stopping, faults: FaultHook | undefined): Promise<RunWriter | null> {
  const text = experimentTextOf(file);
  const experiment = runnable(text);
  mustBeTrusted(experiment, allowPrograms === true);
  const recordings = experiment.system.kind === 'plant' ? await readInWorker({ experimentText: text, folder: dirname(source ?? file) }, dist, stopping) : undefined;
  if (recordings === null) {
    process.stderr.write(`${spoken(sentence('Stopped while the recordings were read. No run was made.'))}\n`);
    return null;
  }
  const writer = RunWriter.create(
    folder,
    { id: ibrlFolderOfRun(folder) === null ? makeId(new Date(), Math.random) : basename(folder), name: experiment.name, seed: experiment.seed, iterations: experiment.iterations, policies: experiment.policies.count, source: source ?? file, experimentText: text, dataSha256: recordings?.sha256 ?? {} },
    facts,
    { faults },
  );
  try {
    if (recordings !== undefined) writeFirstBatch(writer, recordings);
    return writer;
  } catch (error) {
    writer.fail(error);
    throw error;
  }
}

/** @throws InvalidInput when the file cannot be read, or is not UTF-8 */
function experimentTextOf(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readBytesUpTo(file, largestFileBytes + 1);
  } catch (cause) {
    throw new InvalidInput(sentence('{0} cannot be read.', file), { cause });
  }
  const { text, finding } = decodeExperiment(bytes);
  if (finding === null) return text;
  throw new InvalidInput(inLine(finding));
}

/** @throws InvalidInput with the first error's sentence */
function runnable(text: string): Experiment {
  const { experiment, findings } = validateExperiment(text);
  if (experiment !== null) return experiment;
  const errors = findings.filter((finding) => finding.severity === 'error');
  throw new InvalidInput(joined(errors.map(inLine), '\n'));
}

function inLine({ message, range }: Finding): Sentence {
  return sentence('line {0}: {1}', range.start.line + 1, message);
}

class Session {
  private readonly lease: LeaseWatch | null;
  private answered: RunRequest[] = [];
  private readonly programPid = new Int32Array(new SharedArrayBuffer(4));

  constructor(private readonly writer: RunWriter, private readonly values: TrainerArguments, private readonly engine: EngineChoice, private readonly threads: number, private readonly dist: string, private readonly stopping: Stopping) {
    this.lease = values.lease === null ? null : new LeaseWatch(values.lease);
  }

  async run(): Promise<number> {
    const { writer } = this;
    const files = writer.intactFiles();
    const from = resumePoint(writer.fold, files, writer.readCheckpoint());
    const data: ComputeData = {
      folder: writer.folder,
      experimentText: readFileSync(join(writer.folder, experimentFile), 'utf8'),
      files,
      added: writer.fold.dataAdded.map(({ iteration, episodes }) => ({ iteration, episodes })),
      decisions: [...writer.fold.decisions.values()].map(({ iteration, decision, by }) => ({ iteration, decision, by })),
      checkpoint: from.checkpoint,
      engine: this.engine, threads: this.threads, memory: this.values.memory ?? null, dist: this.dist, stop: this.stopping.word,
      programFolder: this.values.allowPrograms === true ? dirname(writer.description.source ?? writer.folder) : null, programPid: this.programPid,
    };
    if (writer.attempt > 1) {
      const { seq, iteration, phase, done } = from;
      writer.append({ type: 'resumed', from: { seq, iteration, phase, done } });
    }
    const worker = new Worker(join(this.dist, 'compute.cjs'), { workerData: data });
    try {
      return await this.follow(worker);
    } finally {
      await worker.terminate();
      // by now the worker has ended it, unless it was ended itself
      endProgram(this.programPid);
    }
  }

  /** Writes what the worker says, in its order, until it ends or something fails; what it says after that is void. */
  private follow(worker: Worker): Promise<number> {
    return new Promise<number>((resolve, reject) => {
      let over = false;
      const settle = (outcome: () => number | null): void => {
        if (over) return;
        try {
          const code = outcome();
          if (code === null) return;
          resolve(code);
        } catch (error) {
          reject(error);
        }
        over = true;
        clearInterval(timer);
      };
      const timer = setInterval(() => settle(() => this.tick()), POLL_MS);
      worker.on('message', (message: ComputeMessage) => settle(() => this.write(message)));
      worker.on('error', (error) => settle(() => { throw died(error); }));
      worker.on('exit', (code) => settle(() => { throw new SpokenError(sentence('The computing worker ended by itself ({0}).', code)); }));
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
      case 'invalid': throw new InvalidInput(message.said, { code: message.code });
      case 'failed': throw new Failed(message.code, message.sentences);
      case 'ended': return this.end(message.state);
    }
  }

  private end(state: Exclude<RunState, 'running' | 'failed'>): number {
    for (const request of this.answered) this.writer.answer(request, 'done');
    const code = this.stopping.terminated && state === 'stopped' ? TERMINATED : 0;
    this.writer.end(state, code);
    return code;
  }

  /** Looks at the lock, requests and the lease. @returns an exit code when the worker was not waited for any longer */
  private tick(): number | null {
    const { stopping, writer } = this;
    writer.mustOwn();
    for (const request of writer.requests()) this.take(request);
    if (this.lease !== null && !this.lease.holds()) stopping.terminate();
    const phase = writer.fold.position?.phase;
    const patience = phase === 'modelling' || phase === 'searching' ? PATIENCE_MS.withCheckpoint : PATIENCE_MS.without;
    return stopping.waitedMs > patience ? this.end('stopped') : null;
  }

  /** Stops are answered when they are done; whatever else is asked of a running run is refused. */
  private take(request: RunRequest): void {
    if (this.answered.some(({ id }) => id === request.id)) return;
    if (request.kind === 'stop-now') this.stopping.ask(STOP.now);
    else if (request.kind === 'stop-after-iteration') this.stopping.ask(STOP.afterIteration);
    else return this.writer.answer(request, 'refused');
    this.answered.push(request);
  }
}

/** What stopped the worker, with its own chain of causes. */
class Failed extends SpokenError {
  override readonly name = 'Failed';

  /** @param sentences outermost first */
  constructor(readonly code: string, [outermost, ...causes]: readonly Sentence[]) {
    super(outermost, { cause: causes.reduceRight<Error | undefined>((cause, said) => new SpokenError(said, { cause }), undefined) });
  }
}

/** Why a worker is gone, in words. */
function died(error: unknown): unknown {
  if (systemCode(error) !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  const said = sentence('The computation needed more memory than it may have. Give it more (NODE_OPTIONS=--max-old-space-size=<MB>) or make the experiment smaller, then resume the run.');
  return new Failed('out-of-memory', [said, ...sentencesOf(error)]);
}
