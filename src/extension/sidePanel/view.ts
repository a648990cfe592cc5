import { basename } from 'node:path';
import { commands, type Disposable, l10n, type WebviewView, type WebviewViewProvider, workspace } from 'vscode';
import { type FromSidePanel, fromSidePanel, type SidePanelSituation } from '../../messages/sidePanel';
import { commandIds } from '../commandIds';
import { FollowedRun } from '../dashboard/followedRun';
import type { Services } from '../services';
import { attachPage } from '../webview/pageHost';
import { chooseRun } from './choice';

/** At most one message in this time. */
const leastBetweenMs = 200;
/** Runs below “Last results”. */
const mostLast = 3;

/** The live view of the side panel: is something running, how good is it, what is next? */
export class SidePanelView implements WebviewViewProvider, Disposable {
  static readonly viewType = 'ibrl.sidePanel';
  private shown: { readonly view: WebviewView; readonly send: (message: SidePanelSituation) => void; readonly subscriptions: Disposable[] } | null = null;
  private followed: FollowedRun | null = null;
  private timer: NodeJS.Timeout | null = null;
  private sent = '';

  constructor(private readonly services: Services) {}

  resolveWebviewView(view: WebviewView): void {
    this.forget();
    const page = attachPage<typeof fromSidePanel, SidePanelSituation>(view.webview, this.services, {
      page: 'sidePanel',
      title: l10n.t('Dashboard'),
      received: fromSidePanel,
      onReady: () => {
        this.sent = '';
        this.send();
      },
      onMessage: (message) => this.act(message),
    });
    const subscriptions = [
      page,
      this.services.catalogue.onDidChange(() => this.schedule()),
      workspace.onDidGrantWorkspaceTrust(() => this.schedule()),
      workspace.onDidChangeWorkspaceFolders(() => this.schedule()),
      view.onDidChangeVisibility(() => this.schedule()),
      view.onDidDispose(() => this.forget()),
    ];
    this.shown = { view, send: page.send, subscriptions };
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.send();
    }, leastBetweenMs);
  }

  private send(): void {
    if (this.shown?.view.visible !== true) return;
    const situation = this.situation();
    const key = JSON.stringify(situation, (name, value: unknown) => (name === 'elapsedMs' ? undefined : value));
    if (key === this.sent) return;
    this.sent = key;
    this.shown.send(situation);
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
    this.followed = folder === null ? null : new FollowedRun(this.services, folder, () => this.shown?.view.visible === true, () => this.schedule());
  }

  private act({ action, folder }: FromSidePanel): void {
    switch (action) {
      case 'manageTrust':
        return this.execute('workbench.trust.manage');
      case 'openFolder':
        return this.execute('workbench.action.files.openFolder');
      case 'run':
      case 'openExample':
      case 'newExperiment':
        return this.execute(commandIds[action]);
      case 'openPolicyDiff':
        return this.execute(commandIds.openPolicyDiff, { run: folder, iteration: this.followed?.view()?.scores.at(-1)?.iteration ?? 1 });
      case 'removeFromQueue':
        return this.execute(commandIds.removeFromQueue, { queued: this.services.catalogue.queued.find(({ run }) => run === folder) });
      case 'openDashboard':
      case 'stopAfterIteration':
      case 'stopNow':
      case 'resume':
      case 'runAgainWithChanges':
      case 'showLog':
      case 'addData':
        return this.execute(commandIds[action], folder);
    }
  }

  private execute(command: string, argument?: unknown): void {
    // commands tell the user what went wrong themselves
    void commands.executeCommand(command, ...(argument === undefined ? [] : [argument])).then(undefined, (error: unknown) => this.services.log(String(error)));
  }

  private forget(): void {
    for (const subscription of this.shown?.subscriptions ?? []) subscription.dispose();
    this.shown = null;
    this.sent = '';
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.followed?.dispose();
    this.forget();
  }
}
