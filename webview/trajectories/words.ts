import type { IterationPair } from '../../src/messages/comparison';
import type { EpisodeView, TrajectoriesView } from '../../src/messages/trajectories';
import { count, decimalsFor, number } from '../shared/format';
import { t } from '../shared/text';
import type { Promised } from './promised';

/** What happened, in one sentence that a person can repeat. */
export interface Sentence {
  readonly sign: 'pass' | 'warning' | 'error' | 'info' | 'empty';
  readonly text: string;
  /** beside it, muted */
  readonly note: string;
}

export function policyName(policy: number): string {
  return `π${policy}`;
}

/** @param reached for each shown policy the step at which it was in the goal, or null; null: there is no goal */
export function sentence(view: TrajectoriesView, shown: readonly EpisodeView[], pairs: readonly IterationPair[], reached: readonly { readonly policy: number; readonly at: number | null }[] | null): Sentence {
  const { recording, selection } = view;
  if (recording === null) {
    return { sign: 'empty', text: t('Nothing is recorded of iteration {0} yet: what the models predict is shown.', String(selection.iteration)), note: view.predicted === null ? t('Predicted trajectories are there once the policies have been rolled out.') : '' };
  }
  if (recording.episodes === null) return { sign: 'info', text: t('Reading the recorded episodes.'), note: '' };
  if (shown.length === 0) return { sign: 'empty', text: t('No episode of this policy was recorded.'), note: '' };
  const steps = shown.reduce((sum, { last }) => sum + Math.max(0, last), 0);
  const kept = boundsSentence(view, shown, steps, pairs);
  if (kept.sign === 'error' || reached === null) return kept;
  return { ...kept, text: goalSentence(reached), note: kept.text };
}

function boundsSentence({ variables, constrained }: TrajectoriesView, shown: readonly EpisodeView[], steps: number, pairs: readonly IterationPair[]): Sentence {
  const violations = shown.flatMap((episode) => episode.violations.map((violation) => ({ ...violation, policy: episode.policy })));
  if (violations.length > 0) {
    const worst = violations.reduce((a, b) => (b.steps > a.steps ? b : a));
    const of = shown.find(({ policy }) => policy === worst.policy)?.last ?? 0;
    const who = shown.length > 1 ? t('{0} of {1}', worst.variable, policyName(worst.policy)) : worst.variable;
    const fact = t('{0} crosses its bound in {1} of {2} steps', who, count(worst.steps), count(of));
    const least = pairs.find(({ policy }) => policy === worst.policy)?.predicted?.after.margins.find(({ variable }) => variable === worst.variable)?.least;
    const promise = least === undefined || least === null ? t('{0}.', fact) : least >= 0 ? t('{0}; the models predicted none.', fact) : t('{0}; the models predicted some.', fact);
    return { sign: 'error', text: promise, note: constrained ? t('The bounds are kept exactly where the next value is known; this one was not.') : t('Safety is soft: it discourages, it does not prevent.') };
  }
  if (variables.every(({ bounds }) => bounds === null)) return { sign: 'info', text: t('{0} steps were recorded; no variable has bounds.', count(steps)), note: '' };
  return { sign: 'pass', text: t('Bounds kept in all {0} recorded steps.', count(steps)), note: '' };
}

function goalSentence(reached: readonly { readonly policy: number; readonly at: number | null }[]): string {
  const there = reached.filter((one): one is { policy: number; at: number } => one.at !== null).toSorted((a, b) => a.at - b.at);
  const never = reached.filter(({ at }) => at === null).map(({ policy }) => policyName(policy)).join(', ');
  const first = there.at(0);
  if (first === undefined) return reached.length === 1 ? t('{0} does not reach the goal.', never) : t('None of them reaches the goal.');
  const name = policyName(first.policy);
  const at = String(first.at);
  if (reached.length === 1) return t('{0} reaches the goal at step {1}.', name, at);
  return never === '' ? t('{0} reaches the goal first, at step {1}; all of them reach it.', name, at) : t('{0} reaches the goal first, at step {1}; {2} does not reach it.', name, at, never);
}

/** What is compared with what, honestly. */
export function promiseNote(promised: Promised | null): string {
  if (promised === null) return t('No predicted trajectory is there for this policy.');
  const from = t('Predicted: mean and range of the models from recorded start {0} of {1}.', String(promised.start), String(promised.starts));
  const far = promised.apart?.filter(({ by }) => by > 0) ?? [];
  if (promised.apart === null) return from;
  if (far.length === 0) return `${from} ${t('The episode begins at the same place.')}`;
  const decimals = Math.min(2, decimalsFor(far.map(({ by }) => by)));
  return `${from} ${t('The episode begins elsewhere ({0} away), so their difference is no error of the models.', far.slice(0, 3).map(({ name, by }) => `${name} ${number(by, decimals)}`).join(', '))}`;
}

/** How a value lies to its bounds: “3.4 to the nearest bound”, “1.3 above the bound”. */
export function boundText(value: number, [low, high]: readonly [number, number], decimals: number): { readonly outside: boolean; readonly text: string } {
  const slack = 1e-6 * (high - low);
  if (value > high + slack) return { outside: true, text: t('{0} above the bound', number(value - high, decimals)) };
  if (value < low - slack) return { outside: true, text: t('{0} below the bound', number(low - value, decimals)) };
  return { outside: false, text: t('{0} to the nearest bound', number(Math.max(0, Math.min(value - low, high - value)), decimals)) };
}
