import { basename } from 'node:path';
import { type Disposable, l10n, type WebviewView, type WebviewViewProvider, workspace } from 'vscode';
import { type FromSidePanel, fromSidePanel, type SidePanelSituation } from '../../messages/sidePanel';
import { commandIds } from '../commandIds';
import { FollowedRun, timeless } from '../dashboard/followedRun';
import type { Services } from '../services';
import { Throttle } from '../throttle';
import { attachPage, type HostedPage } from '../webview/pageHost';
import { chooseRun } from './choice';

/** At most one message in this time, less than between two looks at the run. */
const leastBetweenMs = 50;
/** Runs below “Last results”. */
const mostLast = 3;

/** The live view of the side panel: is something running, how good is it, what is next? */
export class SidePanelView implements WebviewViewProvider, Disposable {
  static readonly viewType = 'ibrl.sidePanel';
  private shown: { readonly view: WebviewView; readonly page: HostedPage<SidePanelSituation>; readonly subscriptions: Disposable[] } | null = null;
  private followed: FollowedRun | null = null;
  private readonly news = new Throttle(leastBetweenMs, () => this.send());

  constructor(private readonly services: Services) {}

  resolveWebviewView(view: WebviewView): void {
    this.forget();
    const page = attachPage<typeof fromSidePanel, SidePanelSituation>(view.webview, this.services, {
      page: 'sidePanel',
      title: l10n.t('Dashboard'),
      received: fromSidePanel,
      onReady: () => void this.send(),
      onMessage: (message) => this.act(message),
    });
    const subscriptions = [
      page,
      this.services.catalogue.onDidChange(() => this.news.request()),
      workspace.onDidGrantWorkspaceTrust(() => this.news.request()),
      workspace.onDidChangeWorkspaceFolders(() => this.news.request()),
      view.onDidChangeVisibility(() => this.news.request()),
      view.onDidDispose(() => this.forget()),
    ];
    this.shown = { view, page, subscriptions };
  }

  private send(): PromiseLike<boolean> | null {
    if (this.shown?.view.visible !== true) return null;
    const situation = this.situation();
    return this.shown.page.sendNews(situation, JSON.stringify({ ...situation, run: situation.run && timeless(situation.run) }));
  }

  private situation(): SidePanelSituation {
    const { runs, queued } = this.services.catalogue;
    const chosen = chooseRun(runs);
    this.follow(chosen?.folder ?? null);
    const last = runs.filter(({ folder }) => folder !== chosen?.folder).slice(0, mostLast);
    return {
      kind: 'situation',
      trusted: workspace.isTrusted,
      folder: (workspace.workspaceFolders?.length ?? 0) > 0,
      run: this.followed?.view() ?? null,
      queue: queued.map(({ id, run, source }) => ({ id, folder: run, name: source === null ? id : basename(source) })),
      last: last.map(({ folder, name, state, iteration, results }) => ({ folder, name, state, iteration, costs: results.flatMap(({ cost }) => (cost === null ? [] : [cost])) })),
    };
  }

  private follow(folder: string | null): void {
    if (folder === (this.followed?.folder ?? null)) return;
    this.followed?.dispose();
    this.followed = folder === null ? null : new FollowedRun(this.services, folder, () => this.shown?.view.visible === true, () => this.news.request());
  }

  private act({ action, folder }: FromSidePanel): void {
    switch (action) {
      case 'manageTrust':
        return this.services.perform('workbench.trust.manage');
      case 'openFolder':
        return this.services.perform('workbench.action.files.openFolder');
      case 'run':
      case 'openExample':
      case 'newExperiment':
        return this.services.perform(commandIds[action]);
      case 'openPolicyDiff':
        return this.services.perform(commandIds.openPolicyDiff, { run: folder, iteration: this.followed?.view()?.scores.at(-1)?.iteration ?? 1 });
      case 'removeFromQueue':
        return this.services.perform(commandIds.removeFromQueue, { queued: this.services.catalogue.queued.find(({ run }) => run === folder) });
      case 'openDashboard':
      case 'stopAfterIteration':
      case 'stopNow':
      case 'resume':
      case 'runAgainWithChanges':
      case 'showLog':
      case 'addData':
        return this.services.perform(commandIds[action], folder);
    }
  }

  private forget(): void {
    for (const subscription of this.shown?.subscriptions ?? []) subscription.dispose();
    this.shown = null;
  }

  dispose(): void {
    this.news.dispose();
    this.followed?.dispose();
    this.forget();
  }
}
