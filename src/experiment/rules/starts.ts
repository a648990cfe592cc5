import { t } from '@vscode/l10n';
import { replaceBy } from '../remedies';
import { startRegion } from '../systems';
import type { Rule, RuleContext } from './rule';
import { widthProblem } from '../resolution';

/** Rules about where episodes begin, and what a soft constraint can ask for at all. */
export const startsRules: readonly Rule[] = [
  { reads: ['system', 'bounds'], check: startsLieWithinBounds },
  { reads: ['variables', 'safety.soft'], check: densityCanBeReached },
];

/** The behaviour policy's spread is never below this share of an action's range, which is 2 in its own scale. */
const leastSpread = 0.03;

function startsLieWithinBounds(context: RuleContext): void {
  const { bounds, safety, system } = context.experiment;
  if (bounds.kind !== 'values' || !context.written('bounds')) return;
  for (const [name, [least, most]] of Object.entries(startRegion(system))) {
    if (!Object.hasOwn(bounds.values, name)) continue;
    const [low, high] = bounds.values[name];
    const [lowest, highest] = context.description.states.find((state) => state.name === name)?.range ?? [-Infinity, Infinity];
    if (widthProblem(low, high) !== null || high <= lowest || low >= highest || (least >= low && most <= high)) continue;
    const wrong = least === most
      ? t('Episodes begin at {0} in `{1}`, partly or wholly outside of [{2}, {3}].', least, name, low, high)
      : t('Episodes begin anywhere from {0} to {1} in `{2}`, partly or wholly outside of [{3}, {4}].', least, most, name, low, high);
    const then = safety.constrain ? t('It is brought back at full speed, but until then the bound does not hold.') : t('Until a policy has brought it back, the bound does not hold.');
    context.report('warning', 'start-outside-bounds', `${wrong} ${then} ${t('Widen the bound, or expect violations at the beginning.')}`, context.range(`bounds.${name}`));
  }
}

/** No action can be likelier than the peak of the narrowest behaviour policy. */
function densityCanBeReached(context: RuleContext): void {
  const { logDensity, weight } = context.experiment.safety.soft;
  if (logDensity === null || weight === 0) return;
  const actions = context.description.actions.length;
  const peak = -actions * (0.5 * Math.log(2 * Math.PI) + Math.log(2 * leastSpread));
  if (logDensity <= peak) return;
  const range = context.range('safety.soft.logDensity');
  const message = actions === 1
    ? t('No action can have a log density of {0}: with 1 action the largest is {1}, so every action would be penalised. Lower it, or write null and use the quantile.', logDensity, peak.toFixed(2))
    : t('No action can have a log density of {0}: with {1} actions the largest is {2}, so every action would be penalised. Lower it, or write null and use the quantile.', logDensity, actions, peak.toFixed(2));
  context.report('error', 'soft-without-support', message, range, replaceBy('null', range));
}
