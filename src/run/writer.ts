import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { english, sentence } from '../sentence/sentence';
import { sentencesOf } from '../sentence/spokenError';
import type { EventBody, EventOf, Phase, RunDescription, RunEvent, RunRequest, RunState, Versions } from './contract';
import { readTextFile, syncFile, syncFolder, writeFileAtomically } from './atomicFile';
import { makeRunFolder } from './createFolder';
import { EventFollower } from './eventFollower';
import { EventLog } from './eventLog';
import type { FaultHook } from './faults';
import { removeAsides, removeCheckpointsBut } from './leftovers';
import { Lock } from './lock';
import { parseRunDescription } from './parseFiles';
import { checkedPath, checkpointFolder, controlFolder, eventsFile, experimentFile, lockFolder, runFile } from './paths';
import { ProgressThinner } from './progressThinner';
import { keepReplaced, putBackReplaced } from './replacedFile';
import { pendingRequests } from './requests';
import { inputOutputError, RunError } from './runError';
import { RunFold, type WrittenFile } from './runFold';
import { isIntact, readVerified, sha256Of, writtenFile } from './verifiedFile';
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
  /** true once the caller wants to wait no longer */
  readonly isCalledOff?: () => boolean;
  readonly faults?: FaultHook | undefined;
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
    private readonly faults: FaultHook | undefined,
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
      writeFileAtomically(join(folder, experimentFile), experimentText, { sync: true, within: folder, faults: options.faults });
      writeFileAtomically(join(folder, runFile), `${JSON.stringify(description, null, 2)}\n`, { sync: true, within: folder, faults: options.faults });
      return RunWriter.begin(RunWriter.attach(folder, description, lock, now, options.faults), facts);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Begins the next attempt of a run that stopped, failed or was killed.
   * @throws RunError not-a-run, run-busy, finished, file-changed, not-writable, disk-full
   */
  static async resume(folder: string, facts: AttemptFacts, options: WriterOptions = {}): Promise<RunWriter> {
    const description = readDescription(folder);
    let older: readonly RunRequest[] = [];
    const seeOlder = (): void => void (older = pendingRequests(folder, new Set()));
    const lock = await acquireLock(join(folder, lockFolder), options.patienceMs ?? 10_000, seeOlder, options.isCalledOff);
    try {
      const writer = RunWriter.attach(folder, description, lock, options.now ?? (() => new Date()), options.faults);
      // whoever held the lock while we waited may have come to the end
      if (writer.fold.state === 'done') throw new RunError('finished', sentence('The run in {0} is finished: there is nothing left to do.', folder));
      RunWriter.begin(writer, facts);
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
    await RunWriter.amendWith(folder, (writer) => {
      for (const body of events(writer.fold)) writer.append(body);
    });
  }

  /**
   * As `amend`, for more than events: the work gets the writer and leaves it to be closed.
   * @throws RunError as `amend`, and what the work throws
   */
  static async amendWith(folder: string, work: (writer: RunWriter) => void | Promise<void>): Promise<void> {
    const description = readDescription(folder);
    const lock = await acquireLock(join(folder, lockFolder), 0);
    let writer: RunWriter | null = null;
    try {
      writer = RunWriter.attach(folder, description, lock, () => new Date());
      await work(writer);
      writer.sync();
    } finally {
      if (writer === null) lock.release();
      else writer.close();
    }
  }

  private static attach(folder: string, description: RunDescription, lock: Lock, now: () => Date, faults?: FaultHook): RunWriter {
    const log = EventLog.open(join(folder, eventsFile), now, faults);
    const writer = new RunWriter(folder, description, lock, log, faults);
    for (const event of new EventFollower(join(folder, eventsFile)).poll()) writer.fold.add(event);
    putBackReplaced(folder, writer.fold.files.values());
    return writer;
  }

  private static begin(writer: RunWriter, facts: AttemptFacts): RunWriter {
    const { folder, description, lock } = writer;
    const text = readTextFile(join(folder, experimentFile), 16 << 20);
    if (sha256Of(text) !== description.experimentSha256) {
      throw new RunError('file-changed', sentence('{0} was changed after the run began. Restore it, or train anew with the changed file.', join(folder, experimentFile)));
    }
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
    // who reads that a phase is over may rely on its files, also after a power cut
    if (body.type === 'phase-ended') this.syncFiles();
    const event = this.log.append(withoutHoles(body), this.attempt);
    this.fold.add(event);
    return event;
  }

  /**
   * Writes a file, then the event that makes it exist. Written again under the same name it replaces the old one, which is there until
   * then.
   * @param path relative to the run folder, see `iterationFiles`
   * @param sync wait for the disk before the event: after a power cut, the event then means a whole file
   * @returns the event, with the file's sha256
   * @throws RunError superseded, folder-vanished, disk-full, not-writable
   */
  writeFile(path: string, content: Uint8Array | string, iteration: number, sync = false): EventOf<'file-written'> {
    this.mustOwn();
    const place = join(this.folder, ...checkedPath(path).split('/'));
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const sha256 = sha256Of(bytes);
    const before = this.fold.files.get(path);
    const kept = before === undefined || before.sha256 === sha256 || !isIntact(this.folder, before) ? null : keepReplaced(this.folder, before);
    this.write(() => writeFileAtomically(place, bytes, { sync, within: this.folder, faults: this.faults }));
    this.faults?.('named');
    this.unsynced.add(place);
    const event = this.append({ type: 'file-written', path, sha256, bytes: bytes.length, iteration });
    if (kept !== null) {
      // a power cut must not take the event back when what it replaced is gone
      this.sync();
      rmSync(kept, { force: true });
    }
    return event as EventOf<'file-written'>;
  }

  /**
   * Writes a checkpoint under a new name, waits for the disk, then removes the older ones: at every instant the newest
   * one that has an event is whole.
   * @returns the event; its `seq` is what `resumed.from` names
   */
  writeCheckpoint(content: Uint8Array, iteration: number): EventOf<'file-written'> {
    const path = `${checkpointFolder}/${String(this.fold.seq + 1).padStart(8, '0')}.bin`;
    const event = this.writeFile(path, content, iteration, true);
    this.sync();
    removeCheckpointsBut(this.folder, path);
    return event;
  }

  /**
   * The newest checkpoint and the event that named it; null when there is none that is whole: without it the phase is
   * done from its beginning, to the same bits.
   */
  readCheckpoint(): { readonly bytes: Buffer; readonly seq: number; readonly iteration: number } | null {
    const file = this.fold.newestFile(`${checkpointFolder}/`);
    return file === null || !isIntact(this.folder, file) ? null : { bytes: readVerified(this.folder, file), seq: file.seq, iteration: file.iteration };
  }

  /** True when an event names the file. */
  has(path: string): boolean {
    return this.fold.files.has(path);
  }

  /** @throws RunError file-missing without an event, file-changed when the bytes are others */
  readFile(path: string): Buffer {
    return readVerified(this.folder, writtenFile(this.fold, path));
  }

  /**
   * The files to go on with: all that events name, but for those of an unfinished phase that a power cut took back or
   * cut short. They are made again.
   */
  intactFiles(): WrittenFile[] {
    const safe = this.fold.toldOf('phase-ended').at(-1)?.seq ?? 0;
    return [...this.fold.files.values()].filter((file) => file.seq <= safe || isIntact(this.folder, file));
  }

  /** Tells progress, if this one is to be told (see `ProgressThinner`). */
  progress(iteration: number, phase: Phase, done: number, total: number, metrics: Readonly<Record<string, number>>): void {
    if (this.thinner.keeps(iteration, phase, done, total)) this.append({ type: 'progress', iteration, phase, done, total, metrics });
  }

  /** Waits until every file and event so far is on the disk: at checkpoints, ends of phases and decisions. */
  sync(): void {
    this.syncFiles();
    this.log.sync();
  }

  private syncFiles(): void {
    this.write(() => {
      try {
        for (const place of this.unsynced) if (existsSync(place)) syncFile(place);
        for (const folder of new Set([...this.unsynced].map(dirname))) syncFolder(folder);
        this.unsynced.clear();
      } catch (error) {
        throw inputOutputError(error, this.folder);
      }
    });
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
  fail(error: unknown, exitCode = 1): boolean {
    const sentences = sentencesOf(error);
    const [message, ...causes] = sentences.map(english);
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
    try {
      this.append({ type: 'failed', code, message: message ?? 'unknown', causes, sentences });
      this.append({ type: 'attempt-ended', state: 'failed', exitCode });
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

  /** Where the whole folder went while something in it was written, that is the error, and not the file. */
  private write(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof RunError && error.code === 'folder-vanished') this.mustOwn();
      throw error;
    }
  }

  /** True while this process may write. */
  isStillOwner(): boolean {
    return !this.closed && this.lock.isStillOwner();
  }

  /**
   * Throws as soon as this process must not write any more: nobody should compute on for nothing.
   * @throws RunError superseded, folder-vanished
   */
  mustOwn(): void {
    if (this.isStillOwner()) return;
    if (!existsSync(join(this.folder, runFile))) {
      throw new RunError('folder-vanished', sentence('The run folder {0} is not there any more. Was it moved or deleted?', this.folder));
    }
    throw new RunError('superseded', sentence('Another process has taken over the run in {0}. This one stops.', this.folder));
  }
}

function readDescription(folder: string): RunDescription {
  const place = join(folder, runFile);
  if (!existsSync(place)) throw new RunError('not-a-run', sentence('{0} is not a run: it holds no {1}, so there is nothing to resume.', folder, runFile));
  return parseRunDescription(readTextFile(place, 16 << 20), place);
}

/** JSON has no word for NaN and infinity: such metrics are left out. */
function withoutHoles(body: EventBody): EventBody {
  if (body.type !== 'progress') return body;
  const metrics = Object.fromEntries(Object.entries(body.metrics).filter(([, value]) => Number.isFinite(value)));
  return { ...body, metrics };
}
