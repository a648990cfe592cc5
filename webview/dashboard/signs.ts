import type { SignView } from '../../src/messages/dashboard';
import { number, percent } from '../shared/format';
import { t } from '../shared/text';

/** A health sign as a person reads it: the fact, what to do, and which setting of the file that is. */
export interface SignText {
  readonly fact: string;
  readonly remedy: string;
  /** a path in the experiment's file; null: nothing to change there */
  readonly setting: string | null;
}

/** Two digits: all that a sign says. */
function short(value: number | undefined): string {
  if (value === undefined) return '–';
  const digits = value === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return number(value, Math.min(6, digits));
}

/** The words of a sign or warning, in the workbench's language. What this version does not know is said as the trainer said it. */
export function signText({ code, message, metrics }: SignView): SignText {
  switch (code) {
    case 'terms-in-conflict':
      return { fact: t('Two terms of the loss pull the policies in opposite directions: cosine {0}', short(metrics['cosine'])), remedy: t('Lower the weight of the one that matters less, or widen what the other allows.'), setting: 'diversity.weight' };
    case 'diversity-dominates':
      return { fact: t('Diversity outweighs return: its gradient is {0} times as large, and the policies reach {1} less than the probe', short(metrics['ratio']), percent(metrics['share'] ?? null, 0)), remedy: t('Lower diversity.weight to a third, or set diversity.cap.'), setting: 'diversity.weight' };
    case 'models-vary':
      return { fact: t('The models disagree about the policies: a spread of {0} reward scales between members', short(metrics['spread'])), remedy: t('Set search.pessimism: minimum or a safety.soft.weight, and read the promise with this spread.'), setting: 'search.pessimism' };
    case 'models-unstable':
      return { fact: t('The models run away: {0} of the promised steps are far beyond anything recorded', percent(metrics['share'] ?? null, 0)), remedy: t('Record more, add inputs or models.history, or shorten search.horizon.'), setting: 'models.history' };
    case 'actions-without-support':
      return { fact: t('The policies leave what was recorded: the least supported one has support in {0} of the situations', percent(metrics['share'] ?? null, 0)), remedy: t('Raise safety.soft.weight, or lower diversity.weight.'), setting: 'safety.soft' };
    case 'behaviour-without-support':
      return { fact: t('The behaviour model does not explain the recorded actions: {0} nats for each action', short(metrics['gain'])), remedy: t('Add to policies.inputs and policies.history what the behaviour reacted to, or record more.'), setting: 'policies.inputs' };
    case 'coverage-stalls':
      return { fact: t('Exploration stalls: {0} of the cells are still unknown', percent(1 - (metrics['coverage'] ?? 0), 0)), remedy: t('Raise diversity.weight, deploy more or longer episodes, or stop here if the unknown part does not matter.'), setting: 'diversity.weight' };
    case 'bounds-bind':
      return { fact: t('Every bounded variable is at one of its bounds in {0} of the steps', percent(metrics['share'] ?? null, 0)), remedy: t('Widen the bounds if the plant allows it, or give policies more inputs or history.'), setting: 'bounds' };
    case 'recordings-redundant':
      return { fact: t('The new recordings repeat the old ones'), remedy: t('Raise diversity.weight, vary the starts, or stop iterating.'), setting: 'diversity.weight' };
    case 'policies-vary':
      return { fact: t('The policies differ widely in reality: {0} reward scales between the best and the worst', short(metrics['range'])), remedy: t('Take the recommended one only, set policies.replaceWorst, or search longer (search.updates).'), setting: 'policies.replaceWorst' };
    case 'promise-missed':
      return (metrics['gap'] ?? 0) > 0
        ? { fact: t('The promise was not kept: {0} reward scales more than the models said', short(metrics['gap'])), remedy: t('Lower search.updates or search.horizon, set search.pessimism: minimum, or record where the policies go.'), setting: 'search.pessimism' }
        : { fact: t('The promise was far off: {0} reward scales less than the models said', short(Math.abs(metrics['gap'] ?? 0))), remedy: t('More iterations mend that; until then do not choose by the promise.'), setting: null };
    default:
      return { fact: message, remedy: '', setting: null };
  }
}

/** The raised signs of a run, newest iteration first, each sign once. */
export function newestSigns(signs: readonly SignView[]): SignView[] {
  const newest = new Map<string, SignView>();
  for (const sign of signs) newest.set(sign.code, sign);
  return [...newest.values()].sort((a, b) => b.iteration - a.iteration);
}
