import { type Disposable, l10n, workspace } from 'vscode';
import { RunQueue } from '../../launcher/queue';
import type { TrainerArguments } from '../../launcher/trainerArguments';
import { ibrlFolderOfRun } from '../../run/paths';
import { RunError } from '../../run/runError';
import type { PolledCatalogue } from '../catalogue/polledCatalogue';
import type { RunStarter } from './runStarter';

/**
 * Works off the lines of waiting runs, one line for each `.ibrl` folder. Where another window or a command line does it
 * already, this one waits and takes over should that one be gone.
 */
export class QueueWorkers implements Disposable {
  private readonly working = new Map<string, Promise<void>>();
  private readonly end = new AbortController();
  private readonly subscription: Disposable;

  constructor(
    private readonly catalogue: PolledCatalogue,
    private readonly starter: RunStarter,
    private readonly failed: (sentence: string) => void,
  ) {
    this.subscription = catalogue.onDidChange(() => this.attend());
  }

  /** Begins with every line that is not empty. */
  attend(): void {
    if (!workspace.isTrusted || this.end.signal.aborted) return;
    for (const ibrl of this.catalogue.queues) this.work(ibrl);
  }

  /** @param ibrl the folder whose line has a new entry */
  work(ibrl: string): void {
    if (this.working.has(ibrl)) return;
    const work = new RunQueue(ibrl)
      .work((values) => this.startInTurn(ibrl, values), { signal: this.end.signal })
      .catch((error: unknown) => {
        const isOthers = error instanceof RunError && error.code === 'run-busy';
        if (!isOthers && !this.end.signal.aborted) this.failed(error instanceof Error ? error.message : String(error));
      })
      .finally(() => this.working.delete(ibrl));
    this.working.set(ibrl, work);
  }

  /** What is at work goes on; the line is given back. */
  async stop(): Promise<void> {
    this.dispose();
    await Promise.all(this.working.values());
  }

  dispose(): void {
    this.subscription.dispose();
    this.end.abort();
  }

  /** Also waits for runs that were not queued: one at a time is what a line is for. */
  private async startInTurn(ibrl: string, values: TrainerArguments): Promise<number> {
    const isBusy = (): boolean => this.catalogue.runs.some((run) => run.state === 'running' && run.folder !== values.run && ibrlFolderOfRun(run.folder) === ibrl);
    await this.catalogue.refresh();
    if (isBusy()) await this.until(() => !isBusy());
    return this.starter.start(values);
  }

  private until(isSo: () => boolean): Promise<void> {
    const { signal } = this.end;
    return new Promise((resolve, reject) => {
      const subscription = this.catalogue.onDidChange(() => {
        if (isSo()) settle(resolve);
      });
      const stop = (): void => settle(() => reject(new Error(l10n.t('The window is closing.'))));
      const settle = (done: () => void): void => {
        subscription.dispose();
        signal.removeEventListener('abort', stop);
        done();
      };
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
