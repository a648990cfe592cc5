import { type Disposable, l10n, window } from 'vscode';
import type { ObservedRun } from './catalogue/observedRun';
import { latestCost } from './catalogue/observedRun';
import { commandIds, type CommandId } from './commandIds';
import { costText } from './numbers';
import type { RunCatalogue } from './services';
import { settings } from './settings';

/** A run that is first seen at this age, and has ended already, has ended while the window was open. */
const newMs = 60_000;

/** What a window says of runs that change while it is open: only what a person must know. */
export class Notifications implements Disposable {
  private seen: ReadonlyMap<string, Seen> | null = null;
  private readonly subscription: Disposable;

  /**
   * @param changed told of every run that has left a state, before anything is said
   * @param execute runs a command on a run's folder
   */
  constructor(
    private readonly catalogue: RunCatalogue,
    private readonly changed: (run: ObservedRun) => void,
    private readonly execute: (command: CommandId, argument: unknown) => void,
  ) {
    this.subscription = catalogue.onDidChange(() => this.look());
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private look(): void {
    const before = this.seen;
    this.seen = new Map(this.catalogue.runs.map(({ folder, state, attempt }) => [folder, { state, attempt }]));
    if (before === null) return;
    for (const run of this.catalogue.runs) {
      const isNew = Date.now() - Date.parse(run.created) < newMs;
      const was = before.get(run.folder) ?? { state: isNew ? 'running' : run.state, attempt: run.attempt };
      // work may begin and end between two looks
      const hasWorked = was.state === 'running' || was.attempt !== run.attempt;
      if (was.state === run.state && was.attempt === run.attempt) continue;
      this.changed(run);
      // an approval leads from one wait to the next, and no process comes between
      if (hasWorked || run.state === 'awaiting-data') void this.tell(run);
    }
  }

  private async tell(run: ObservedRun): Promise<void> {
    const say = (show: typeof window.showInformationMessage, sentence: string, ...choices: readonly Choice[]): Promise<void> => this.offer(run, show, sentence, choices);
    switch (run.state) {
      case 'failed':
        return say(window.showErrorMessage, l10n.t('{0} failed: {1}', run.name, run.failure?.message ?? l10n.t('the cause is not known')), openDashboard(), resume(), showLog());
      case 'interrupted':
        return say(window.showErrorMessage, l10n.t('The process of {0} has ended without a word. Everything up to its last checkpoint is kept.', run.name), resume(), openDashboard(), showLog());
      case 'awaiting-approval':
        return say(window.showInformationMessage, l10n.t('{0} awaits your approval of iteration {1}.', run.name, run.iteration ?? 1), {
          label: l10n.t('Open Policy Diff'),
          command: commandIds.openPolicyDiff,
          argument: { run: run.folder, iteration: run.iteration ?? 1 },
        });
      case 'awaiting-data':
        return say(window.showInformationMessage, l10n.t('{0} awaits the recordings of iteration {1}.', run.name, run.iteration ?? 1), { label: l10n.t('Add Recordings…'), command: commandIds.addData }, openDashboard());
      case 'done': {
        const wanted = settings.notifyFinished();
        if (wanted === 'never' || (wanted === 'unfocused' && window.state.focused)) return;
        const latest = latestCost(run);
        const sentence = latest === null ? l10n.t('{0} is done.', run.name) : l10n.t('{0} is done: {1} per step after iteration {2}.', run.name, costText(latest.cost), latest.iteration);
        return say(window.showInformationMessage, sentence, openDashboard());
      }
      default:
    }
  }

  private async offer(run: ObservedRun, show: typeof window.showInformationMessage, sentence: string, choices: readonly Choice[]): Promise<void> {
    const chosen = await show(sentence, ...choices.map(({ label }) => label));
    const choice = choices.find(({ label }) => label === chosen);
    if (choice !== undefined) this.execute(choice.command, choice.argument ?? run.folder);
  }
}

/** A run as of the last look. */
type Seen = Pick<ObservedRun, 'state' | 'attempt'>;

interface Choice {
  readonly label: string;
  readonly command: CommandId;
  /** else the run's folder */
  readonly argument?: unknown;
}

const openDashboard = (): Choice => ({ label: l10n.t('Open Dashboard'), command: commandIds.openDashboard });
const resume = (): Choice => ({ label: l10n.t('Resume'), command: commandIds.resume });
const showLog = (): Choice => ({ label: l10n.t('Show Log'), command: commandIds.showLog });
