import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Disposable, l10n, Selection, Uri, type WebviewPanel, window, workspace } from 'vscode';
import { type CurvesMessage, type DashboardAction, type DashboardSnapshot, type FromDashboard, fromDashboard } from '../../messages/dashboard';
import { experimentFile } from '../../run/paths';
import { commandIds } from '../commandIds';
import type { Services } from '../services';
import { Throttle } from '../throttle';
import { attachPage, type HostedPage } from '../webview/pageHost';
import { saveExport } from '../webview/save';
import { curvePieces } from './curves';
import { FollowedRun, timeless } from './followedRun';
import { settingPlace } from './settingPlace';

/**
 * At most one snapshot in this time, less than between two looks at the run, and none while one is on its way: what changed in
 * between goes into the next, so that a busy window is never behind by more than one.
 */
const leastBetweenMs = 25;

/** The host of one dashboard. */
export class DashboardPanel implements Disposable {
  private readonly runs: FollowedRun[];
  private readonly slots: number[];
  private readonly page: HostedPage<DashboardSnapshot | CurvesMessage>;
  private readonly subscriptions: Disposable[] = [];
  private readonly news = new Throttle(leastBetweenMs, () => this.send());
  private askedCurves = 0;

  constructor(
    private readonly services: Services,
    private readonly panel: WebviewPanel,
    readonly folders: readonly string[],
    slots: readonly number[],
  ) {
    this.slots = folders.map((_, index) => slots.at(index) ?? index + 1);
    this.runs = folders.map((folder) => new FollowedRun(services, folder, () => panel.visible, () => this.news.request()));
    this.page = attachPage<typeof fromDashboard, DashboardSnapshot | CurvesMessage>(panel.webview, services, {
      page: 'dashboard',
      title: l10n.t('Run dashboard'),
      received: fromDashboard,
      onReady: () => void this.send(),
      onMessage: (message) => this.answer(message),
    });
    this.subscriptions.push(
      services.catalogue.onDidChange(() => this.news.request()),
      workspace.onDidGrantWorkspaceTrust(() => this.news.request()),
      panel.onDidChangeViewState(() => this.news.request()),
    );
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Nothing is sent to a hidden page, nor twice. @returns null when nothing was sent */
  private send(): PromiseLike<boolean> | null {
    if (!this.panel.visible) return null;
    const snapshot = this.snapshot();
    const first = snapshot.runs.at(0)?.run ?? snapshot.missing.at(0);
    if (first !== undefined) this.panel.title = l10n.t('Run: {0}', first.name);
    const said = JSON.stringify({ ...snapshot, runs: snapshot.runs.map(({ run, slot }) => ({ run: timeless(run), slot })) });
    return this.page.sendNews(snapshot, said);
  }

  private snapshot(): DashboardSnapshot {
    const runs = this.runs.flatMap((followed, index) => {
      const run = followed.view();
      return run === null ? [] : [{ run, slot: this.slots[index] }];
    });
    const missing = this.runs.flatMap((followed) => (followed.reader === null && !this.isKnown(followed.folder) ? [this.missing(followed.folder)] : []));
    return { kind: 'snapshot', trusted: workspace.isTrusted, runs, missing };
  }

  /** A run that is there is only not read yet. */
  private isKnown(folder: string): boolean {
    return this.services.catalogue.runs.some((run) => run.folder === folder);
  }

  private missing(folder: string): DashboardSnapshot['missing'][number] {
    const { queued } = this.services.catalogue;
    const index = queued.findIndex(({ run }) => run === folder);
    const entry = queued.at(index);
    const name = (one: typeof entry): string => (one?.source ? basename(one.source) : (one?.id ?? basename(folder)));
    return index < 0 ? { folder, place: null, name: basename(folder), after: null } : { folder, place: index + 1, name: name(entry), after: index === 0 ? null : name(queued[index - 1]) };
  }

  private answer(message: FromDashboard): void {
    switch (message.kind) {
      case 'do':
        return this.act(message.action, message.folder);
      case 'openDiff':
        return this.services.perform(commandIds.openPolicyDiff, { run: message.folder, iteration: message.iteration, ...(message.policy !== null && { policy: message.policy }) });
      case 'openTrajectories':
        return this.services.perform(commandIds.openTrajectories, { run: message.folder, iteration: message.iteration, ...(message.policy !== null && { policy: message.policy }) });
      case 'showSetting':
        return void this.showSetting(message.folder, message.setting);
      case 'curves':
        return void this.sendCurves(message);
      case 'save':
        return void saveExport(message, this.folders[0]).catch((error: unknown) => window.showErrorMessage(String(error)));
    }
  }

  private act(action: DashboardAction, folder: string): void {
    switch (action) {
      case 'checkAgain':
        return void this.page.send(this.snapshot());
      case 'manageTrust':
        return this.services.perform('workbench.trust.manage');
      case 'openExperiment':
        return void this.showSetting(folder, 'name');
      case 'run':
      case 'queue':
      case 'compareRuns':
        return this.services.perform(commandIds[action]);
      case 'removeFromQueue': {
        const queued = this.services.catalogue.queued.find(({ run }) => run === folder);
        return this.services.perform(commandIds.removeFromQueue, { queued });
      }
      case 'stopAfterIteration':
      case 'stopNow':
      case 'resume':
      case 'addData':
      case 'runAgainWithChanges':
      case 'exportReport':
      case 'revealRunFolder':
      case 'showLog':
        return this.services.perform(commandIds[action], folder);
    }
  }

  /** In the experiment that was run, where it still is; else in the run's frozen copy. */
  private async showSetting(folder: string, setting: string): Promise<void> {
    const reader = this.runs.find((one) => one.folder === folder)?.reader;
    if (!reader) return;
    const { source } = reader.description;
    const frozen = Uri.joinPath(Uri.file(folder), experimentFile);
    const document = await workspace.openTextDocument(source === null ? frozen : Uri.file(source)).then(undefined, () => workspace.openTextDocument(frozen));
    const editor = await window.showTextDocument(document);
    const place = settingPlace(document.getText(), setting);
    if (place === null) return;
    editor.selection = new Selection(document.positionAt(place.start), document.positionAt(place.end));
    editor.revealRange(editor.selection);
  }

  /** Only the newest question counts: the page has moved on. */
  private async sendCurves({ folder, iteration, from, to }: Extract<FromDashboard, { kind: 'curves' }>): Promise<void> {
    const reader = this.runs.find((one) => one.folder === folder)?.reader;
    if (!reader) return;
    const asked = ++this.askedCurves;
    try {
      const reading = curvePieces(reader, iteration, from, to);
      for (let piece = reading.next(); ; piece = reading.next()) {
        if (piece.done === true) {
          if (piece.value !== null) this.page.send(piece.value);
          return;
        }
        await nextTurn();
        if (asked !== this.askedCurves) return void reading.return(null);
      }
    } catch (error) {
      this.services.log(error instanceof Error ? error.message : String(error));
    }
  }

  dispose(): void {
    this.askedCurves++;
    this.news.dispose();
    this.page.dispose();
    for (const run of this.runs) run.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
