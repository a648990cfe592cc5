import { type Disposable, l10n, MarkdownString, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import type { ObservedRun } from './catalogue/observedRun';
import { latestCost } from './catalogue/observedRun';
import { commandIds } from './commandIds';
import type { Experiments } from './experiments';
import { costText } from './numbers';
import type { RunCatalogue } from './services';
import { settings } from './settings';
import { costOrSituation, remaining, situation, stateIcon } from './words';

const linked = [commandIds.openDashboard, commandIds.stopAfterIteration, commandIds.stopNow, commandIds.resume, commandIds.showLog];

/** The item in the status bar: is something running, how good is it, how long will it take, does it wait for me? */
export class StatusBar implements Disposable {
  private readonly item = window.createStatusBarItem('ibrl.status', StatusBarAlignment.Left, 10);
  private readonly subscriptions: Disposable[];
  /** folders of failed runs that nobody has looked at yet */
  private readonly unseen = new Set<string>();

  constructor(
    private readonly catalogue: RunCatalogue,
    private readonly experiments: Experiments,
  ) {
    this.item.name = 'IBRL';
    const show = (): void => this.show();
    this.subscriptions = [this.item, catalogue.onDidChange(show), experiments.onDidChange(show), workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('ibrl.statusBar') && show())];
    this.show();
  }

  failed(folder: string): void {
    this.unseen.add(folder);
    this.show();
  }

  /** Somebody looks at a run. */
  seen(folder: string): void {
    if (this.unseen.delete(folder)) this.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(): void {
    const { runs, queued } = this.catalogue;
    if (!settings.showStatusBar() || (runs.length === 0 && this.experiments.all.length === 0)) {
      this.item.hide();
      return;
    }
    const running = runs.filter((run) => run.state === 'running');
    const failed = runs.find((run) => this.unseen.has(run.folder) && (run.state === 'failed' || run.state === 'interrupted'));
    const awaiting = runs.filter((run) => run.state === 'awaiting-approval' || run.state === 'awaiting-data');
    const first = failed ?? running.at(0) ?? awaiting.at(0);
    this.item.text = failed === undefined ? itemText(running, awaiting) : `$(error) IBRL · ${failedWords(failed)}`;
    this.item.backgroundColor = failed === undefined ? undefined : new ThemeColor('statusBarItem.errorBackground');
    this.item.command = first === undefined ? 'ibrl.runs.focus' : { command: commandIds.openDashboard, title: l10n.t('Open Dashboard'), arguments: [first.folder] };
    this.item.tooltip = tooltip(running, awaiting, failed, queued.length);
    this.item.accessibilityInformation = { label: `IBRL, ${summary(running, queued.length)}`, role: 'button' };
    this.item.show();
  }
}

function failedWords(run: ObservedRun): string {
  return run.iteration === null ? l10n.t('failed') : l10n.t('failed in iteration {0}', run.iteration);
}

function itemText(running: readonly ObservedRun[], awaiting: readonly ObservedRun[]): string {
  const run = running.at(0);
  if (run !== undefined) {
    if (run.stopping !== null) return `$(debug-stop) IBRL · ${situation(run)}`;
    const cost = latestCost(run);
    const place = running.length > 1 ? l10n.t('{0} runs', running.length) : run.iteration === null ? '' : `${run.iteration}/${run.iterations}`;
    const left = remaining(run);
    return [`$(sync~spin) IBRL ${place}`.trimEnd(), cost === null ? null : costText(cost.cost), left].filter((part) => part !== null).join(' · ');
  }
  if (awaiting.length > 0) return `$(account) IBRL · ${awaiting.length === 1 ? situation(awaiting[0]) : l10n.t('{0} wait for you', awaiting.length)}`;
  return '$(beaker) IBRL';
}

function summary(running: readonly ObservedRun[], queued: number): string {
  if (running.length === 0 && queued === 0) return l10n.t('Nothing is running.');
  return l10n.t('{0} running, {1} queued', running.length, queued);
}

/** Lists the runs with the verbs as links. Names come from files, so they are shown as plain text. */
function tooltip(running: readonly ObservedRun[], awaiting: readonly ObservedRun[], failed: ObservedRun | undefined, queued: number): MarkdownString {
  const text = new MarkdownString('', true);
  text.isTrusted = { enabledCommands: linked };
  text.appendMarkdown(`**${summary(running, queued)}**`);
  for (const run of [...(failed === undefined ? [] : [failed]), ...running, ...awaiting].slice(0, 8)) {
    text.appendMarkdown(`\n\n---\n\n$(${stateIcon(run.state).id}) `).appendText(`${run.name}  ${costOrSituation(run)}`);
    text.appendMarkdown('\n\n').appendText([situation(run), remaining(run), run.failure?.message ?? null].filter((part) => part !== null).join(' · '));
    text.appendMarkdown(`\n\n${linksOf(run).join(' · ')}`);
  }
  return text.appendMarkdown(`\n\n---\n\n${link(l10n.t('Show Log'), commandIds.showLog)}`);
}

function linksOf(run: ObservedRun): string[] {
  const links = [link(l10n.t('Open Dashboard'), commandIds.openDashboard, run.folder)];
  if (!workspace.isTrusted) return links;
  if (run.state === 'running') links.push(link(l10n.t('Stop After This Iteration'), commandIds.stopAfterIteration, run.folder), link(l10n.t('Stop Now'), commandIds.stopNow, run.folder));
  if (run.state === 'failed' || run.state === 'interrupted') links.push(link(l10n.t('Resume'), commandIds.resume, run.folder));
  return links;
}

function link(label: string, command: string, ...values: readonly string[]): string {
  return `[${label}](command:${command}?${encodeURIComponent(JSON.stringify(values))})`;
}
