import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disposable, Event } from 'vscode';
import type { QueuedRun } from '../../launcher/queue';
import { RunQueue } from '../../launcher/queue';
import { eventsFile } from '../../run/paths';
import { RunError } from '../../run/runError';
import type { RunCatalogue } from '../services';
import { discover, runsIn, signOf } from './discover';
import type { ObservedRun } from './observedRun';
import { RunObservation } from './observedRun';
import { hiddenPollMs, RunFollower } from './runFollower';

/** The whole workspace is searched this often; folders that hold runs already are looked at every time. */
const searchMs = 6_000;

interface Entry {
  readonly observation: RunObservation;
  /** of the event log as of `line` */
  sign: string;
  line: ObservedRun | null;
  /** why there is no line, as a sentence */
  trouble: string | null;
}

/**
 * Finds and follows runs by polling, which works on every file system. Reads the events of a run once, and nothing of
 * one whose event log stands still.
 */
export class PolledCatalogue implements RunCatalogue, Disposable {
  private found: readonly ObservedRun[] = [];
  private waiting: readonly QueuedRun[] = [];
  private lines: readonly string[] = [];
  private troubles: readonly string[] = [];
  private readonly entries = new Map<string, Entry>();
  private readonly followers = new Map<string, RunFollower>();
  private readonly listeners = new Set<() => void>();
  private ibrl: ReadonlySet<string> = new Set();
  private elsewhere: ReadonlySet<string> = new Set();
  private searchedAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private shown = '';
  private disposed = false;

  /**
   * @param folders of the workspace, as they are now
   * @param log one line for what cannot be read
   */
  constructor(
    private readonly folders: () => readonly string[],
    private readonly log: (line: string) => void,
  ) {}

  get runs(): readonly ObservedRun[] {
    return this.found;
  }

  get queued(): readonly QueuedRun[] {
    return this.waiting;
  }

  /** The `.ibrl` folders whose line holds an entry, waiting or at work. */
  get queues(): readonly string[] {
    return this.lines;
  }

  get unreadable(): readonly string[] {
    return this.troubles;
  }

  /** The `.ibrl` folders as of the last look. */
  get ibrlFolders(): readonly string[] {
    return [...this.ibrl];
  }

  readonly onDidChange: Event<void> = (listener, self, disposables) => {
    const bound = (): void => void listener.call(self);
    this.listeners.add(bound);
    const subscription = { dispose: () => this.listeners.delete(bound) };
    disposables?.push(subscription as Disposable);
    return subscription as Disposable;
  };

  /** Looks, and goes on looking. */
  start(): void {
    void this.turn();
  }

  /** Looks everywhere, now, and tells of it even when nothing has changed. */
  async refresh(): Promise<void> {
    await this.looking;
    this.shown = '';
    this.searchedAt = Number.NEGATIVE_INFINITY;
    await this.look();
  }

  run(folder: string): ObservedRun | null {
    return this.found.find((run) => run.folder === folder) ?? null;
  }

  watch(folder: string, ...follow: Parameters<RunFollower['add']>): Disposable {
    const subscription = this.follower(folder).add(...follow);
    return {
      dispose: () => {
        subscription.dispose();
        // what has settled is not held in memory
        if (this.followers.get(folder)?.isIdle && this.run(folder)?.state !== 'running') this.followers.delete(folder);
      },
    };
  }

  dispose(): void {
    this.disposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    for (const follower of this.followers.values()) follower.dispose();
    this.listeners.clear();
  }

  private async turn(): Promise<void> {
    await this.look();
    if (!this.disposed) this.timer = setTimeout(() => void this.turn(), hiddenPollMs);
  }

  /** One look at a time. */
  private look(): Promise<void> {
    this.looking ??= this.lookAtAll().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookAtAll(): Promise<void> {
    if (performance.now() - this.searchedAt >= searchMs) {
      const { ibrl, runs } = await discover(this.folders());
      this.ibrl = ibrl;
      this.elsewhere = runs;
      this.searchedAt = performance.now();
    }
    const known = new Set(this.entries.keys());
    const folders = [...this.elsewhere];
    for (const ibrl of this.ibrl) folders.push(...(await runsIn(ibrl, known)));
    for (const folder of known) if (!folders.includes(folder)) this.forget(folder);
    for (const folder of folders) {
      await this.lookAt(folder);
      await nextTurn();
    }
    const lines = [...this.ibrl].map((ibrl) => ({ ibrl, entries: new RunQueue(ibrl).list() }));
    if (this.disposed) return;
    this.lines = lines.filter(({ entries }) => entries.length > 0).map(({ ibrl }) => ibrl);
    this.publish(lines.flatMap(({ entries }) => entries));
  }

  private async lookAt(folder: string): Promise<void> {
    const entry = this.entries.get(folder) ?? { observation: new RunObservation(), sign: '', line: null, trouble: null };
    this.entries.set(folder, entry);
    const sign = await signOf(join(folder, eventsFile));
    const isLive = entry.line?.state === 'running';
    if (!isLive && sign === entry.sign && (entry.line !== null || entry.trouble !== null)) return;
    const follower = this.follower(folder);
    entry.trouble = null;
    try {
      const reader = await follower.look();
      if (reader !== null) for (const _piece of entry.observation.prepare(reader)) await nextTurn();
      entry.line = reader === null ? null : entry.observation.observe(reader, Date.now());
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      entry.line = null;
      entry.trouble = error.message;
      this.log(error.message);
    }
    entry.sign = sign;
    if (entry.line?.state !== 'running' && follower.isIdle) this.followers.delete(folder);
  }

  private follower(folder: string): RunFollower {
    const known = this.followers.get(folder);
    if (known !== undefined) return known;
    const made = new RunFollower(folder, (sentence) => {
      const entry = this.entries.get(folder);
      if (entry !== undefined && entry.trouble !== sentence) {
        entry.trouble = sentence;
        this.log(sentence);
      }
    });
    this.followers.set(folder, made);
    return made;
  }

  private forget(folder: string): void {
    this.entries.delete(folder);
    const follower = this.followers.get(folder);
    if (follower?.isIdle !== false) this.followers.delete(folder);
  }

  private publish(queued: readonly QueuedRun[]): void {
    const lines = [...this.entries.values()].map((entry) => entry.line).filter((line) => line !== null);
    this.found = lines.toSorted((a, b) => (a.created === b.created ? b.id.localeCompare(a.id) : b.created.localeCompare(a.created)));
    // an entry stays in its line until its run has ended
    this.waiting = queued.filter(({ run }) => !this.entries.has(run));
    this.troubles = [...this.entries.values()].map((entry) => entry.trouble).filter((trouble) => trouble !== null);
    const shown = JSON.stringify([this.found, this.lines, this.waiting.map(({ id, number }) => [id, number]), this.troubles]);
    if (shown === this.shown) return;
    this.shown = shown;
    for (const listener of this.listeners) listener();
  }
}
