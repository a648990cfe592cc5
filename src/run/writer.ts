import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventBody, EventOf, Phase, RunDescription, RunEvent, RunRequest, RunState, Versions } from './contract';
import { readTextFile, syncFile, syncFolder, writeFileAtomically } from './atomicFile';
import { makeRunFolder } from './createFolder';
import { EventFollower } from './eventFollower';
import { EventLog } from './eventLog';
import { removeAsides, removeCheckpointsBut } from './leftovers';
import { Lock } from './lock';
import { parseRunDescription } from './parseFiles';
import { checkedPath, checkpointFolder, controlFolder, eventsFile, experimentFile, lockFolder, runFile } from './paths';
import { ProgressThinner } from './progressThinner';
import { pendingRequests } from './requests';
import { causeChain, inputOutputError, RunError } from './runError';
import { RunFold } from './runFold';
import { readVerified, sha256Of, writtenFile } from './verifiedFile';
import { acquireLock } from './waitForLock';

/** What a new run is made of; the rest of run.json is derived. */
export interface NewRun {
  readonly id: string;
  readonly name: string;
  readonly seed: number;
  readonly iterations: number;
  readonly policies: number;
  readonly source: string | null;
  /** becomes experiment.yaml, byte for byte */
  readonly experimentText: string;
  readonly dataSha256: Readonly<Record<string, string>>;
}

/** Who works on the run in this attempt. */
export interface AttemptFacts {
  readonly engine: string;
  readonly arithmetic: string;
  readonly threads: number;
  readonly versions: Versions;
}

/** For tests and for a clock of one's own. */
export interface WriterOptions {
  readonly now?: () => Date;
  /** how long `resume` waits for a process that is just stopping; default 10 s */
  readonly patienceMs?: number;
}

/**
 * The one who may write to a run: holds its lock, appends its events, and names each file in an event after it is
 * whole. Between two `sync` a power cut may take events and files back, never half of one.
 */
export class RunWriter {
  /** what all events so far add up to, those of earlier attempts included */
  readonly fold = new RunFold();
  private readonly thinner = new ProgressThinner();
  private readonly unsynced = new Set<string>();
  private closed = false;

  private constructor(
    readonly folder: string,
    readonly description: RunDescription,
    private readonly lock: Lock,
    private readonly log: EventLog,
  ) {}

  /**
   * Makes a run and begins its first attempt.
   * @throws RunError run-exists, run-busy, not-writable, disk-full
   */
  static create(folder: string, run: NewRun, facts: AttemptFacts, options: WriterOptions = {}): RunWriter {
    const now = options.now ?? (() => new Date());
    makeRunFolder(folder);
    const lock = Lock.acquire(join(folder, lockFolder), { attempt: 1 });
    try {
      // once more, now that nobody else can make it
      makeRunFolder(folder);
      const { experimentText, ...facets } = run;
      const description: RunDescription = {
        format: 'ibrl-run',
        version: 1,
        ...facets,
        created: now().toISOString(),
        versions: facts.versions,
        experimentSha256: sha256Of(experimentText),
      };
      writeFileAtomically(join(folder, experimentFile), experimentText, { sync: true });
      writeFileAtomically(join(folder, runFile), `${JSON.stringify(description, null, 2)}\n`, { sync: true });
      return RunWriter.begin(folder, description, lock, facts, now);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Begins the next attempt of a run that stopped, failed or was killed. Whether there is anything left to do is for
   * the caller to ask `RunReader` first.
   * @throws RunError not-a-run, run-busy, file-changed, not-writable, disk-full
   */
  static async resume(folder: string, facts: AttemptFacts, options: WriterOptions = {}): Promise<RunWriter> {
    const description = readDescription(folder);
    let older: readonly RunRequest[] = [];
    const seeOlder = (): void => void (older = pendingRequests(folder, new Set()));
    const lock = await acquireLock(join(folder, lockFolder), options.patienceMs ?? 10_000, seeOlder);
    try {
      const writer = RunWriter.begin(folder, description, lock, facts, options.now ?? (() => new Date()));
      // a stop meant the attempt that was at work then; one that came since the lock is held means this one
      for (const request of older) if (request.kind.startsWith('stop')) writer.answer(request, 'expired');
      writer.sync();
      return writer;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Appends a few events to a run that nobody works on, as the last attempt: how a decision or new recordings get in.
   * @param events made from what the run adds up to now; may throw to refuse
   * @throws RunError not-a-run, run-busy, not-writable, disk-full
   */
  static async amend(folder: string, events: (fold: RunFold) => readonly EventBody[]): Promise<void> {
    const description = readDescription(folder);
    const lock = await acquireLock(join(folder, lockFolder), 0);
    let writer: RunWriter | null = null;
    try {
      writer = RunWriter.attach(folder, description, lock, () => new Date());
      for (const body of events(writer.fold)) writer.append(body);
      writer.sync();
    } finally {
      if (writer === null) lock.release();
      else writer.close();
    }
  }

  private static attach(folder: string, description: RunDescription, lock: Lock, now: () => Date): RunWriter {
    const log = EventLog.open(join(folder, eventsFile), now);
    const writer = new RunWriter(folder, description, lock, log);
    for (const event of new EventFollower(join(folder, eventsFile)).poll()) writer.fold.add(event);
    return writer;
  }

  private static begin(folder: string, description: RunDescription, lock: Lock, facts: AttemptFacts, now: () => Date): RunWriter {
    const text = readTextFile(join(folder, experimentFile), 16 << 20);
    if (sha256Of(text) !== description.experimentSha256) {
      throw new RunError('file-changed', `${join(folder, experimentFile)} was changed after the run began. Restore it, or train anew with the changed file.`);
    }
    const writer = RunWriter.attach(folder, description, lock, now);
    // attempt 0 is the making of the run
    if (writer.fold.seq === 0) writer.fold.add(writer.log.append({ type: 'run-created', id: description.id }, 0));
    lock.attempt = writer.fold.attempt + 1;
    lock.startHeartbeat();
    removeAsides(folder);
    removeCheckpointsBut(folder, writer.fold.newestFile(`${checkpointFolder}/`)?.path ?? null);
    writer.append({ type: 'attempt-started', ...facts });
    writer.sync();
    return writer;
  }

  /** 1 for the first. */
  get attempt(): number {
    return Math.max(this.lock.attempt, this.fold.attempt);
  }

  /**
   * Appends an event.
   * @throws RunError superseded, folder-vanished, disk-full
   */
  append(body: EventBody): RunEvent {
    this.mustOwn();
    const event = this.log.append(withoutHoles(body), this.attempt);
    this.fold.add(event);
    return event;
  }

  /**
   * Writes a file, then the event that makes it exist. Written again under the same name it replaces the old one.
   * @param path relative to the run folder, see `iterationFiles`
   * @returns the event, with the file's sha256
   * @throws RunError superseded, folder-vanished, disk-full, not-writable
   */
  writeFile(path: string, content: Uint8Array | string, iteration: number): EventOf<'file-written'> {
    this.mustOwn();
    const place = join(this.folder, ...checkedPath(path).split('/'));
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    writeFileAtomically(place, bytes, { sync: false });
    this.unsynced.add(place);
    return this.append({ type: 'file-written', path, sha256: sha256Of(bytes), bytes: bytes.length, iteration }) as EventOf<'file-written'>;
  }

  /**
   * Writes a checkpoint under a new name, waits for the disk, then removes the older ones: at every instant the newest
   * one that has an event is whole.
   * @returns the event; its `seq` is what `resumed.from` names
   */
  writeCheckpoint(content: Uint8Array, iteration: number): EventOf<'file-written'> {
    const path = `${checkpointFolder}/${String(this.fold.seq + 1).padStart(8, '0')}.bin`;
    const event = this.writeFile(path, content, iteration);
    this.sync();
    removeCheckpointsBut(this.folder, path);
    return event;
  }

  /**
   * The newest checkpoint and the event that named it; null when there is none.
   * @throws RunError file-missing, file-changed
   */
  readCheckpoint(): { readonly bytes: Buffer; readonly seq: number; readonly iteration: number } | null {
    const file = this.fold.newestFile(`${checkpointFolder}/`);
    return file === null ? null : { bytes: readVerified(this.folder, file), seq: file.seq, iteration: file.iteration };
  }

  /** True when an event names the file. */
  has(path: string): boolean {
    return this.fold.files.has(path);
  }

  /** @throws RunError file-missing without an event, file-changed when the bytes are others */
  readFile(path: string): Buffer {
    return readVerified(this.folder, writtenFile(this.fold, path));
  }

  /** Tells progress, if this one is to be told (see `ProgressThinner`). */
  progress(iteration: number, phase: Phase, done: number, total: number, metrics: Readonly<Record<string, number>>): void {
    if (this.thinner.keeps(iteration, phase, done, total)) this.append({ type: 'progress', iteration, phase, done, total, metrics });
  }

  /** Waits until every file and event so far is on the disk: at checkpoints, ends of phases and decisions. */
  sync(): void {
    try {
      for (const place of this.unsynced) if (existsSync(place)) syncFile(place);
      for (const folder of new Set([...this.unsynced].map(dirname))) syncFolder(folder);
      this.unsynced.clear();
    } catch (error) {
      throw inputOutputError(error, this.folder);
    }
    this.log.sync();
  }

  /** What is asked of the run now, oldest first. */
  requests(): RunRequest[] {
    return pendingRequests(this.folder, this.fold.answeredRequests);
  }

  /** Answers a request for good. */
  answer(request: RunRequest, outcome: 'done' | 'refused' | 'expired'): void {
    if (this.fold.answeredRequests.has(request.id)) return;
    this.append({ type: 'request-handled', id: request.id, kind: request.kind, outcome });
    // the event counts; the file only spares readers a look
    rmSync(join(this.folder, controlFolder, `${request.id}.json`), { force: true });
  }

  /**
   * Ends the attempt: tells the state, waits for the disk, leaves the lock.
   * @param state `done` also tells that the run is finished
   */
  end(state: Exclude<RunState, 'running' | 'failed'>, exitCode: number): void {
    if (state === 'done') this.append({ type: 'run-finished' });
    else this.append({ type: 'state-changed', state });
    this.append({ type: 'attempt-ended', state, exitCode });
    this.sync();
    this.close();
  }

  /** Ends the attempt with an error, as far as the disk still takes it. @returns false when nothing could be written */
  fail(error: unknown): boolean {
    const causes = causeChain(error);
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
    try {
      this.append({ type: 'failed', code, message: causes[0] ?? 'unknown', causes: causes.slice(1) });
      this.append({ type: 'attempt-ended', state: 'failed', exitCode: 1 });
      this.sync();
      return true;
    } catch {
      return false;
    } finally {
      this.close();
    }
  }

  /** Leaves the lock without a word, for a process that must go at once. Readers see an interrupted run. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.log.close();
    this.lock.release();
  }

  /** True while this process may write. */
  isStillOwner(): boolean {
    return !this.closed && this.lock.isStillOwner();
  }

  private mustOwn(): void {
    if (this.isStillOwner()) return;
    if (!existsSync(join(this.folder, runFile))) {
      throw new RunError('folder-vanished', `The run folder ${this.folder} is not there any more. Was it moved or deleted?`);
    }
    throw new RunError('superseded', `Another process has taken over the run in ${this.folder}. This one stops.`);
  }
}

function readDescription(folder: string): RunDescription {
  const place = join(folder, runFile);
  if (!existsSync(place)) throw new RunError('not-a-run', `${folder} is not a run: it holds no ${runFile}, so there is nothing to resume.`);
  return parseRunDescription(readTextFile(place, 16 << 20), place);
}

/** JSON has no word for NaN and infinity: such metrics are left out. */
function withoutHoles(body: EventBody): EventBody {
  if (body.type !== 'progress') return body;
  const metrics = Object.fromEntries(Object.entries(body.metrics).filter(([, value]) => Number.isFinite(value)));
  return { ...body, metrics };
}
