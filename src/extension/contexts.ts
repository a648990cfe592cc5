import { commands, type Disposable } from 'vscode';
import type { PolledCatalogue } from './catalogue/polledCatalogue';
import { isResumable } from './catalogue/resumable';
import type { Experiments } from './experiments';
import { thrownAway } from './trash';

/** What the manifest's `when` and `enablement` ask for. */
export class Contexts implements Disposable {
  private readonly subscriptions: Disposable[];
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly catalogue: PolledCatalogue,
    private readonly experiments: Experiments,
  ) {
    const set = (): void => this.set();
    this.subscriptions = [catalogue.onDidChange(set), experiments.onDidChange(set)];
    this.set();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private set(): void {
    const { runs, queued, ibrlFolders } = this.catalogue;
    this.tell('ibrl.hasExperiments', this.experiments.all.length > 0);
    this.tell('ibrl.hasRuns', runs.length > 0);
    this.tell('ibrl.hasSeveralRuns', runs.length > 1);
    this.tell('ibrl.hasIterations', runs.some(({ results }) => results.length > 0));
    this.tell('ibrl.hasRunning', runs.some(({ state }) => state === 'running'));
    this.tell('ibrl.hasSettled', runs.some(({ state }) => state !== 'running'));
    this.tell('ibrl.hasResumable', runs.some(({ state }) => isResumable(state)));
    this.tell('ibrl.hasAwaitingApproval', runs.some(({ state }) => state === 'awaiting-approval'));
    this.tell('ibrl.hasTakingRecordings', runs.some(({ takesRecordings }) => takesRecordings));
    this.tell('ibrl.hasQueued', queued.length > 0);
    this.tell('ibrl.hasTrash', ibrlFolders.some((ibrl) => thrownAway(ibrl).length > 0));
  }

  private tell(key: string, value: boolean): void {
    if (this.known.get(key) === value) return;
    this.known.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }
}
