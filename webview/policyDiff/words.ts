import type { IterationPair } from '../../src/messages/comparison';
import type { ComparisonFacts } from '../../src/messages/comparisonFacts';
import type { Absence, PolicyDiffView } from '../../src/messages/policyDiff';
import { decimalsFor, difference, number, percent } from '../shared/format';
import { t } from '../shared/text';

export function policyName(policy: number): string {
  return `π${policy}`;
}

/** The pair in one sentence that a person can repeat: cost, bounds, and what is done differently. */
export function verdict(facts: ComparisonFacts, policy: string): string {
  return t('If you deploy {0}: {1}, {2}, {3}.', policy, costClause(facts), boundsClause(facts), changeClause(facts));
}

function costClause({ cost, direction }: ComparisonFacts): string {
  if (cost === null || direction === 'unknown') return t('the cost is not predicted');
  const size = number(Math.abs(cost.change), decimalsFor([cost.before, cost.after]));
  switch (direction) {
    case 'falls':
      return t('predicted cost falls by {0} per step', size);
    case 'rises':
      return t('predicted cost rises by {0} per step', size);
    case 'same':
      return t('predicted cost stays about the same');
  }
}

function boundsClause({ bounds, margin }: ComparisonFacts): string {
  switch (bounds.kind) {
    case 'none':
      return t('no variable has bounds');
    case 'kept':
      return margin?.by === 'next-value' ? t('bounds are kept in the next sample') : t('bounds are kept in the models');
    case 'crossed':
      return t('{0} crosses its bound by {1} of their width', bounds.variable, percent(bounds.by));
  }
}

function changeClause({ steered: { action, share } }: ComparisonFacts): string {
  return share === 0 ? t('no actuator moves differently') : t('{0} moves differently in {1} of the frames', action, percent(share, 0));
}

/** How the comparison was made, and how far earlier promises were off. */
export function caution(view: PolicyDiffView, starts: number | null, paired: IterationPair['against'] | null): string {
  const made = starts === null ? t('Compared on recorded frames only: one of the two cannot be rolled out through these models.') : t('Both on the same {0} starts, through the models of iteration {1}.', String(starts), String(view.selection.iteration));
  const partner = paired?.kind === 'policy' ? t('Beside {0} of iteration {1}, which it began from or acts most like.', policyName(paired.policy), String(paired.iteration)) : '';
  return [partner, made, promiseSentence(view)].filter((sentence) => sentence !== '').join(' ');
}

function promiseSentence({ deployed, promise }: PolicyDiffView): string {
  if (deployed !== null) {
    const decimals = decimalsFor([deployed.real, deployed.promised]);
    return t('Deployed since: it really cost {0}, {1} were promised.', number(deployed.real, decimals), number(deployed.promised, decimals));
  }
  if (promise === null) return t('No promise of this run has been tried yet.');
  const decimals = decimalsFor([promise.error * 10]);
  const size = number(Math.abs(promise.error), decimals);
  if (!/[1-9]/.test(size)) return t('The promise was right in iteration {0}.', String(promise.iteration));
  const own = promise.policy !== null;
  if (promise.error > 0) return own ? t('The promise for this policy was {0} too low in iteration {1}, so expect less.', size, String(promise.iteration)) : t('The promises were {0} too low on average in iteration {1}, so expect less.', size, String(promise.iteration));
  return own ? t('The promise for this policy was {0} too high in iteration {1}.', size, String(promise.iteration)) : t('The promises were {0} too high on average in iteration {1}.', size, String(promise.iteration));
}

/** Old and new, and what lies between, under a name. */
export interface Fact {
  readonly name: string;
  /** empty: there is only one number */
  readonly before: string;
  readonly after: string;
  readonly hint: string;
  /** in words, for who does not see the arrow */
  readonly spoken: string;
}

export function factsOf(facts: ComparisonFacts): Fact[] {
  const made: Fact[] = [];
  const add = (name: string, before: string, after: string, hint: string): void => void made.push({ name, before, after, hint, spoken: before === '' ? `${name}: ${after}. ${hint}` : t('{0}: from {1} to {2}. {3}', name, before, after, hint) });
  const { cost, improvement, margin, support, steered } = facts;
  if (cost !== null) {
    const decimals = decimalsFor([cost.before, cost.after]);
    add(t('Predicted cost'), number(cost.before, decimals), number(cost.after, decimals), t('{0} per step', difference(cost.change, decimals)));
  }
  if (improvement !== null) {
    const decimals = decimalsFor([improvement.before, improvement.after]);
    add(t('Predicted return'), number(improvement.before, decimals), number(improvement.after, decimals), t('{0} to {1} more, two spreads', number(improvement.low, decimals), number(improvement.high, decimals)));
  }
  if (margin !== null) add(t('Least bound margin'), percent(margin.before), percent(margin.after), t('of the width; {0}', margin.variable));
  if (support !== null) add(t('Inside the support'), percent(support.before), percent(support.after), t('{0} points', difference((support.after - support.before) * 100, 1)));
  const where = steered.where;
  const place = where === null ? '' : where.side === 'above' ? t('mostly where {0} is above {1}', where.state, number(where.value, decimalsFor([where.value]) > 1 ? 1 : 0)) : t('mostly where {0} is below {1}', where.state, number(where.value, decimalsFor([where.value]) > 1 ? 1 : 0));
  add(t('{0} differs', steered.action), '', percent(steered.share, 0), [t('of {0} recorded frames', number(steered.frames, 0)), place].filter((part) => part !== '').join(', '));
  return made;
}

export function absenceWords(reason: Absence): { readonly fact: string; readonly remedy: string } {
  switch (reason) {
    case 'nothing-searched':
      return { fact: t('This iteration has no policies yet.'), remedy: t('They are there once its search has ended.') };
    case 'not-predicted':
      return { fact: t('This iteration is not compared yet.'), remedy: t('Its comparison is written when its policies have been rolled out through the models.') };
    case 'no-such-policy':
      return { fact: t('There is no such policy in this iteration.'), remedy: t('Choose another one above.') };
    case 'no-models':
      return { fact: t('The models of this iteration are missing.'), remedy: t('Only the comparison that the run wrote can be shown: choose “what it began from”.') };
  }
}

