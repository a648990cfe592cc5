import { startRegion } from '../systems';
import { replaceBy, type Rule, type RuleContext } from './rule';

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
    if (low >= high || high <= lowest || low >= highest || (least >= low && most <= high)) continue;
    const begin = least === most ? `begin at ${least}` : `begin anywhere from ${least} to ${most}`;
    const then = safety.constrain ? 'It is brought back at full speed, but until then the bound does not hold.' : 'Until a policy has brought it back, the bound does not hold.';
    context.report('warning', 'start-outside-bounds', `Episodes ${begin} in \`${name}\`, partly or wholly outside of [${low}, ${high}]. ${then} Widen the bound, or expect violations at the beginning.`, context.range(`bounds.${name}`));
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
  const message = `No action can have a log density of ${logDensity}: with ${actions} ${actions === 1 ? 'action' : 'actions'} the largest is ${peak.toFixed(2)}, so every action would be penalised. Lower it, or write null and use the quantile.`;
  context.report('error', 'soft-without-support', message, range, replaceBy('null', range));
}
