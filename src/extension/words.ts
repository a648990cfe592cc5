import { l10n, ThemeColor, ThemeIcon } from 'vscode';
import { phaseWord, stateWord } from '../report/words';
import type { ObservedState } from '../run/contract';
import { duration } from '../sentence/duration';
import { spoken } from '../sentence/sentence';
import type { ObservedRun } from './catalogue/observedRun';
import { latestCost } from './catalogue/observedRun';
import { costText } from './numbers';

/** Of a codicon; colour never stands alone. */
export function stateIcon(state: ObservedState): ThemeIcon {
  switch (state) {
    case 'running':
      return new ThemeIcon('sync~spin');
    case 'stopped':
      return new ThemeIcon('debug-stop');
    case 'awaiting-approval':
    case 'awaiting-data':
      return new ThemeIcon('account', new ThemeColor('editorInfo.foreground'));
    case 'done':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    case 'failed':
    case 'interrupted':
      return new ThemeIcon('error', new ThemeColor('editorError.foreground'));
  }
}

/** What a run does at the moment, in a few words. */
export function situation(run: ObservedRun): string {
  if (run.state === 'interrupted') return l10n.t('failed: the trainer has ended without a word');
  if (run.state !== 'running') return stateWord(run.state);
  if (run.stopping === 'now') return l10n.t('stopping now');
  if (run.stopping === 'after-iteration') return l10n.t('stopping after iteration {0}', run.iteration ?? 1);
  if (run.iteration === null || run.phase === null) return l10n.t('starting');
  if (run.iteration === 0) return phaseWord(run.phase);
  return l10n.t('iteration {0} of {1}, {2}', run.iteration, run.iterations, phaseWord(run.phase));
}

/** The number of a run's line: its newest cost, else what it does. */
export function costOrSituation(run: ObservedRun): string {
  const latest = latestCost(run);
  return latest === null ? situation(run) : costText(latest.cost);
}

export function remaining(run: ObservedRun): string | null {
  return run.remainingMs === null ? null : l10n.t('about {0} left', spoken(duration(run.remainingMs)));
}
