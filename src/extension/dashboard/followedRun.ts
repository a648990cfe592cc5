import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disposable } from 'vscode';
import type { RunView } from '../../messages/dashboard';
import type { RunEvent } from '../../run/contract';
import type { RunReader } from '../../run/reader';
import type { Services } from '../services';
import { RunModel } from './model';

/** What makes two views differ: time goes by in the page itself. */
export function timeless(view: RunView): RunView {
  return { ...view, elapsedMs: 0 };
}

/** Keeps one run's view up, as long as somebody looks. Long lists of events are taken in pieces, so that the editor stays quick. */
export class FollowedRun implements Disposable {
  private readonly watching: Disposable;
  private model: RunModel | null = null;
  private work: Promise<void> = Promise.resolve();
  private disposed = false;

  /** @param changed told after news, when the run can be shown */
  constructor(
    services: Services,
    readonly folder: string,
    visible: () => boolean,
    private readonly changed: () => void,
  ) {
    this.watching = services.catalogue.watch(folder, visible, (reader, news) => {
      this.work = this.work.then(() => this.take(reader, news));
    });
  }

  /** null before the run was read */
  get reader(): RunReader | null {
    return this.model?.reader ?? null;
  }

  /** null before the run was read */
  view(): RunView | null {
    return this.model?.view(Date.now()) ?? null;
  }

  private async take(reader: RunReader, news: readonly RunEvent[]): Promise<void> {
    // what it takes to begin is a piece of its own
    if (this.model === null) await nextTurn();
    const model = this.model ?? new RunModel(reader);
    model.follow(news);
    if (this.model === null || news.some(({ type }) => type === 'file-written')) for (const _piece of model.prepare()) await nextTurn();
    this.model = model;
    if (!this.disposed) this.changed();
  }

  dispose(): void {
    this.disposed = true;
    this.watching.dispose();
  }
}
