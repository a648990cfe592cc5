import type { Disposable } from 'vscode';
import type { ObservedState, RunEvent } from '../../run/contract';
import { RunReader } from '../../run/reader';
import { RunError } from '../../run/runError';

/** Between two looks at a run that somebody sees, and at any other. More looks are later news: each takes the window a tenth of a second beside a trainer. */
export const visiblePollMs = 100;
export const hiddenPollMs = 2_000;

interface Listener {
  readonly visible: () => boolean;
  readonly changed: (reader: RunReader, news: readonly RunEvent[]) => void;
  /** has been told what was there before it came */
  told: boolean;
}

/** One reader of a run for all who follow it. */
export class RunFollower implements Disposable {
  private readonly listeners = new Set<Listener>();
  private opening: Promise<RunReader> | null = null;
  private opened: RunReader | null = null;
  private state: ObservedState | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lookedAt = Number.NEGATIVE_INFINITY;

  /** @param failed told what keeps the run from being read, as a sentence */
  constructor(
    private readonly folder: string,
    private readonly failed: (sentence: string) => void,
  ) {}

  /** null before the run was read for the first time */
  get reader(): RunReader | null {
    return this.opened;
  }

  /** True when nobody follows. */
  get isIdle(): boolean {
    return this.listeners.size === 0;
  }

  add(visible: Listener['visible'], changed: Listener['changed']): Disposable {
    const listener: Listener = { visible, changed, told: false };
    this.listeners.add(listener);
    this.lookedAt = Number.NEGATIVE_INFINITY;
    this.schedule(0);
    return {
      dispose: () => {
        this.listeners.delete(listener);
        if (this.isIdle) this.dispose();
      },
    };
  }

  /** Looks now. @returns the run, or null when it cannot be read yet */
  async look(): Promise<RunReader | null> {
    this.lookedAt = performance.now();
    try {
      const reader = this.opened ?? (await (this.opening ??= RunReader.openInPieces(this.folder)));
      this.opened = reader;
      const news = reader.refresh();
      const state = reader.state();
      const isNews = news.length > 0 || state !== this.state;
      this.state = state;
      for (const listener of this.listeners) {
        if (listener.told && !isNews) continue;
        const events = listener.told ? news : reader.events;
        listener.told = true;
        listener.changed(reader, events);
      }
      return reader;
    } catch (error) {
      this.opening = null;
      if (!(error instanceof RunError)) throw error;
      // a run that is about to be made has no description yet
      if (error.code !== 'not-a-run') this.failed(error.message);
      return null;
    }
  }

  dispose(): void {
    this.listeners.clear();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(delayMs: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.turn(), delayMs);
  }

  private async turn(): Promise<void> {
    try {
      const wanted = [...this.listeners].some((listener) => listener.visible()) ? visiblePollMs : hiddenPollMs;
      // a little early counts, or a timer that fires a millisecond early would wait for the next turn
      if (performance.now() - this.lookedAt >= wanted - visiblePollMs / 2) await this.look();
    } finally {
      // one listener's mistake does not end the run for the others
      if (!this.isIdle) this.schedule(visiblePollMs);
    }
  }
}
