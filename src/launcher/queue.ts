import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder, readTextFile, writeFileAtomically } from '../run/atomicFile';
import { hideFromGit } from '../run/createFolder';
import { countAt, fieldsAt, formatAt, nullOr, parseJson, textAt } from '../run/guards';
import { Lock } from '../run/lock';
import { runFile } from '../run/paths';
import { RunReader } from '../run/reader';
import { RunError } from '../run/runError';
import { isId } from '../run/runId';
import { sentence } from '../sentence/sentence';
import { prepareRun } from './prepare';
import type { TrainerArguments } from './trainerArguments';

/** A run that waits for its turn: queue/<n>-<id>.json. It holds the experiment's text, so that a later edit changes nothing. */
export interface QueueEntry {
  readonly format: 'ibrl-queue';
  readonly version: 1;
  readonly id: string;
  /** the run folder that will be made */
  readonly run: string;
  readonly experimentText: string;
  readonly source: string | null;
  readonly threads: number | null;
  readonly engine: string | null;
}

/** An entry and its place in the line. */
export interface QueuedRun extends QueueEntry {
  readonly file: string;
  readonly number: number;
}

/** The line of one `.ibrl` folder, shared by every window and command line. */
export class RunQueue {
  private readonly folder: string;

  /** @param ibrl the `.ibrl` folder */
  constructor(private readonly ibrl: string) {
    this.folder = join(ibrl, 'queue');
  }

  /** First come, first. Damaged entries are left out. */
  list(): QueuedRun[] {
    if (!existsSync(this.folder)) return [];
    const entries: QueuedRun[] = [];
    for (const name of readdirSync(this.folder)) {
      const number = Number(/^(\d{6,})-.*\.json$/.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isSafeInteger(number)) continue;
      const file = join(this.folder, name);
      try {
        entries.push({ ...parseEntry(readTextFile(file, 4 << 20), name), file, number });
      } catch (error) {
        // taken out meanwhile, or damaged
        if (!(error instanceof RunError)) throw error;
      }
    }
    return entries.toSorted((a, b) => a.number - b.number || a.id.localeCompare(b.id));
  }

  /** Puts a run at the end of the line. @throws RunError not-writable, disk-full, invalid-file */
  add(entry: Omit<QueueEntry, 'format' | 'version'>): QueuedRun {
    if (!isId(entry.id)) throw new RunError('invalid-file', sentence('{0} cannot be the id of a run.', JSON.stringify(entry.id)));
    const number = (this.list().at(-1)?.number ?? 0) + 1;
    const file = join(this.folder, `${String(number).padStart(6, '0')}-${entry.id}.json`);
    const whole: QueueEntry = { format: 'ibrl-queue', version: 1, ...entry };
    hideFromGit(this.ibrl);
    writeFileAtomically(file, `${JSON.stringify(whole)}\n`, { sync: true });
    return { ...whole, file, number };
  }

  /** Takes a run out of the line; one that is at work already is not touched. */
  remove(id: string): void {
    for (const entry of this.list()) if (entry.id === id) rmSync(entry.file, { force: true });
  }

  /**
   * Works the line off, one run at a time, until it is empty or `signal` says so (what is at work then goes on). One
   * process does this at a time; a run whose starter died is waited for, or resumed.
   * @param start starts a trainer and returns at once, see `startDetached`
   * @throws RunError run-busy when another process works it off already
   */
  async work(start: (values: TrainerArguments) => Promise<unknown>, options: { readonly signal?: AbortSignal; readonly pollMs?: number } = {}): Promise<void> {
    const { signal, pollMs = 500 } = options;
    makeFolder(this.folder);
    const lock = Lock.acquire(join(this.folder, 'lock'));
    lock.startHeartbeat();
    try {
      for (let entry = this.list().at(0); entry !== undefined && signal?.aborted !== true && lock.isStillOwner(); entry = this.list().at(0)) {
        await this.workOff(entry, start, pollMs, signal);
      }
    } finally {
      lock.release();
    }
  }

  private async workOff(entry: QueuedRun, start: (values: TrainerArguments) => Promise<unknown>, pollMs: number, signal?: AbortSignal): Promise<void> {
    const { run, source, threads, engine } = entry;
    if (!existsSync(join(run, runFile))) {
      await start({ run, experiment: prepareRun(run, entry.experimentText), source, threads, engine, lease: null, attached: false });
    } else if (RunReader.open(run).state() === 'interrupted') {
      await start({ run, experiment: null, source: null, threads, engine, lease: null, attached: false });
    }
    await this.waitFor(run, pollMs, signal);
    if (signal?.aborted !== true) rmSync(entry.file, { force: true });
  }

  /** Until the run has ended; one that has not begun within the time a process needs to start counts as ended. */
  private async waitFor(run: string, pollMs: number, signal?: AbortSignal): Promise<void> {
    const begun = performance.now();
    let reader: RunReader | null = null;
    let wasLive = false;
    while (signal?.aborted !== true) {
      if (reader === null && existsSync(join(run, runFile))) reader = RunReader.open(run);
      reader?.refresh();
      const live = reader?.isLive() ?? false;
      wasLive ||= live;
      if (reader !== null && !live && (wasLive || reader.fold.state !== 'running')) return;
      if (!wasLive && performance.now() - begun > startMs) return;
      await sleep(pollMs);
    }
  }
}

const startMs = 30_000;

function parseEntry(text: string, where: string): QueueEntry {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-queue', where),
    id: textAt(file['id'], `${where}: id`),
    run: textAt(file['run'], `${where}: run`),
    experimentText: textAt(file['experimentText'], `${where}: experimentText`, 2 << 20),
    source: nullOr(textAt)(file['source'], `${where}: source`),
    threads: nullOr(countAt)(file['threads'], `${where}: threads`),
    engine: nullOr(textAt)(file['engine'], `${where}: engine`),
  };
}
