import { basename } from 'node:path';
import { type Event, l10n, MarkdownString, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, Uri, workspace } from 'vscode';
import type { QueuedRun } from '../../launcher/queue';
import type { IterationResult, ObservedRun } from '../catalogue/observedRun';
import { commandIds } from '../commandIds';
import { costText, dateText } from '../numbers';
import type { RunCatalogue } from '../services';
import { phaseWord } from '../../report/words';
import { costOrSituation, remaining, situation, stateIcon } from '../words';

/** A run; commands take it for its `folder`. */
export class RunItem extends TreeItem {
  readonly kind = 'run';
  readonly folder: string;

  constructor(readonly run: ObservedRun) {
    super(run.name, run.results.length === 0 ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed);
    this.folder = run.folder;
    this.id = run.folder;
    this.contextValue = `run.${run.state}${run.takesRecordings ? '.takesRecordings' : ''}`;
    this.iconPath = stateIcon(run.state);
    const isQuiet = run.state === 'done' || run.state === 'running';
    this.description = run.failure !== null ? l10n.t('failed: {0}', run.failure.message) : isQuiet ? costOrSituation(run) : situation(run);
    this.tooltip = runTooltip(run);
    this.command = { command: commandIds.openDashboard, title: l10n.t('Open Dashboard'), arguments: [run.folder] };
    this.accessibilityInformation = { label: [run.name, situation(run), costOrSituation(run)].filter((part, at, all) => all.indexOf(part) === at).join(', ') };
  }
}

function runTooltip(run: ObservedRun): MarkdownString {
  const text = new MarkdownString();
  text.appendText(run.name);
  for (const line of [run.id, situation(run), remaining(run), run.failure?.message, run.asOf && l10n.t('as of {0}', dateText(run.asOf))]) {
    if (line) text.appendMarkdown('\n\n').appendText(line);
  }
  return text;
}

/** An iteration; commands take it for `folder` and `iteration`. */
export class IterationItem extends TreeItem {
  readonly kind = 'iteration';
  readonly folder: string;
  readonly iteration: number;

  constructor(
    readonly run: ObservedRun,
    readonly result: IterationResult,
  ) {
    super(l10n.t('Iteration {0}', result.iteration), TreeItemCollapsibleState.Collapsed);
    this.folder = run.folder;
    this.iteration = result.iteration;
    this.id = `${run.folder} ${result.iteration}`;
    this.contextValue = result.cost === null && run.state === 'awaiting-approval' && result.decision === null ? 'iteration.awaiting-approval' : 'iteration';
    this.iconPath = result.cost === null ? (run.state === 'running' ? new ThemeIcon('sync') : new ThemeIcon('circle-outline')) : new ThemeIcon('check');
    this.description = iterationWords(run, result);
    this.command = { command: commandIds.openPolicyDiff, title: l10n.t('Open Policy Diff'), arguments: [{ run: run.folder, iteration: result.iteration }] };
  }
}

function iterationWords(run: ObservedRun, { iteration, cost, promised, decision }: IterationResult): string {
  if (cost !== null) return costText(cost);
  if (decision === 'rejected') return l10n.t('rejected');
  if (promised !== null) return l10n.t('{0} promised', costText(promised));
  return run.iteration === iteration && run.phase !== null ? phaseWord(run.phase) : '';
}

/** A policy; commands take it for `folder`, `iteration` and `policy`. */
export class PolicyItem extends TreeItem {
  readonly kind = 'policy';
  readonly folder: string;
  readonly iteration: number;
  readonly policy: number;

  constructor(run: ObservedRun, result: IterationResult, { policy, cost, promised }: IterationResult['policies'][number]) {
    super(`π${policy}`, TreeItemCollapsibleState.None);
    this.folder = run.folder;
    this.iteration = result.iteration;
    this.policy = policy;
    this.id = `${run.folder} ${result.iteration} ${policy}`;
    this.contextValue = 'policy';
    const isRecommended = result.recommended === policy;
    this.iconPath = new ThemeIcon(isRecommended ? 'star-full' : 'circle-small-filled');
    const number = cost !== null ? costText(cost) : promised !== null ? l10n.t('{0} promised', costText(promised)) : '';
    this.description = isRecommended ? l10n.t('{0} · recommended', number) : number;
    this.command = { command: commandIds.openTrajectories, title: l10n.t('Open Trajectories'), arguments: [{ run: run.folder, iteration: result.iteration, policy }] };
  }
}

/** A run that waits for its turn. */
export class QueuedItem extends TreeItem {
  readonly kind = 'queued';

  constructor(
    readonly queued: QueuedRun,
    place: number,
  ) {
    super(queued.source === null ? queued.id : basename(queued.source), TreeItemCollapsibleState.None);
    this.id = queued.file;
    this.contextValue = 'queued';
    this.iconPath = new ThemeIcon('watch');
    this.description = l10n.t('queued, place {0}', place);
    if (queued.source !== null) this.tooltip = workspace.asRelativePath(Uri.file(queued.source));
  }
}

type RunsTreeItem = RunItem | IterationItem | PolicyItem | QueuedItem;

/** The view "Runs": what waits, then runs with their iterations and policies. */
export class RunsTree implements TreeDataProvider<RunsTreeItem> {
  readonly onDidChangeTreeData: Event<void>;

  constructor(private readonly catalogue: RunCatalogue) {
    this.onDidChangeTreeData = catalogue.onDidChange;
  }

  getTreeItem(item: RunsTreeItem): TreeItem {
    return item;
  }

  getChildren(item?: RunsTreeItem): RunsTreeItem[] {
    switch (item?.kind) {
      case undefined: {
        const { queued, runs } = this.catalogue;
        return [...queued.map((entry, index) => new QueuedItem(entry, index + 1)), ...runs.map((run) => new RunItem(run))];
      }
      case 'run':
        return item.run.results.map((result) => new IterationItem(item.run, result));
      case 'iteration':
        return item.result.policies.map((policy) => new PolicyItem(item.run, item.result, policy));
      default:
        return [];
    }
  }
}
