import type { StateVariable } from '../experiment';
import { steeredVariables } from '../systems';
import { closestWord } from '../suggestions';
import { listWords } from '../words';
import { replaceBy, type Rule, type RuleContext } from './rule';

/** Rules about bounds: what is bounded, by how much, and whether it can be held. */
export const boundsRules: readonly Rule[] = [
  { reads: ['bounds'], check: boundsNameStates },
  { reads: ['bounds'], check: boundsAreOrdered },
  { reads: ['bounds'], check: boundsLieWithinRange },
  { reads: ['bounds', 'safety.constrain'], check: boundsCanBeHeld },
  { reads: ['bounds', 'safety.constrain'], check: boundsDoNotCompete },
  { reads: ['bounds', 'safety.constrain'], check: constraintHasBounds },
];

function valuesOf({ experiment }: RuleContext): [string, readonly [number, number]][] {
  return experiment.bounds.kind === 'values' ? Object.entries(experiment.bounds.values) : [];
}

function boundedStates(context: RuleContext): { state: StateVariable; bound: readonly [number, number] }[] {
  const bounds = new Map(valuesOf(context));
  return context.description.states.flatMap((state) => {
    const bound = bounds.get(state.name);
    return bound ? [{ state, bound }] : [];
  });
}

function boundsNameStates(context: RuleContext): void {
  const states = context.description.states.map((state) => state.name);
  const actions = context.description.actions.map((action) => action.name);
  for (const [name] of valuesOf(context)) {
    if (states.includes(name)) continue;
    const range = context.keyRange(`bounds.${name}`);
    if (actions.includes(name)) {
      context.report('error', 'not-a-state', `\`${name}\` is an action. Bounds are for states: ${listWords(states, 'and')}.`, range);
      continue;
    }
    const closest = closestWord(name, states);
    const advice = closest ? `Did you mean \`${closest}\`?` : `Its states are ${listWords(states, 'and')}.`;
    const message = `The system has no state \`${name.slice(0, 60)}\`. ${advice}`;
    context.report('error', 'unknown-variable', message, range, closest ? replaceBy(closest, range) : undefined);
  }
}

function boundsAreOrdered(context: RuleContext): void {
  const { bounds } = context.experiment;
  const percentiles = bounds.kind === 'percentiles';
  const pairs: [string, readonly [number, number]][] = percentiles ? [['percentiles', bounds.percentiles]] : valuesOf(context);
  for (const [name, [low, high]] of pairs) {
    if (low < high) continue;
    const range = context.range(`bounds.${name}`);
    const message = `The lower ${percentiles ? 'percentile' : `bound of \`${name.slice(0, 60)}\``} is ${low}, which is not below the upper one, ${high}. Write [low, high].`;
    context.report('error', percentiles ? 'percentiles-order' : 'bound-order', message, range, low > high ? replaceBy(`[${high}, ${low}]`, range) : undefined);
  }
}

function boundsLieWithinRange(context: RuleContext): void {
  for (const { state, bound } of boundedStates(context)) {
    const [low, high] = bound;
    const [lowest, highest] = state.range;
    if (low >= high || (low >= lowest && high <= highest)) continue;
    const apart = low >= highest || high <= lowest;
    context.report(
      apart ? 'error' : 'warning',
      'bound-outside-range',
      `\`${state.name}\` is expected between ${lowest} and ${highest}; the bound [${low}, ${high}] ${apart ? 'lies outside of that' : 'reaches beyond it'}. Check its unit and digits.`,
      context.range(`bounds.${state.name}`),
    );
  }
}

/** A bound is exact only where the next value is affine in exactly one action with a constant gain. */
function boundsCanBeHeld(context: RuleContext): void {
  const { constrain } = context.experiment.safety;
  for (const { state } of boundedStates(context)) {
    const range = context.keyRange(`bounds.${state.name}`);
    if (state.next?.kind === 'constant' || state.next?.gain === 0) {
      context.report(constrain ? 'error' : 'warning', 'bound-immovable', `No action moves \`${state.name}\`, so no policy can keep it within bounds. Remove this bound.`, range);
    } else if (state.next === null && constrain) {
      const message =
        `\`${state.name}\` cannot be constrained: no formula ties it to exactly one action. Bound only ${listWords(steeredVariables(context.description), 'and')}, ` +
        'or set safety.constrain to false and give safety.violation a weight.';
      context.report('error', 'bound-not-exact', message, range);
    }
  }
}

/** Two variables that follow one action share its range: from some states both cannot be within bounds after one step. */
function boundsDoNotCompete(context: RuleContext): void {
  const { experiment, description } = context;
  if (!experiment.safety.constrain) return;
  const bounded = experiment.bounds.kind === 'values' ? boundedStates(context).map(({ state }) => state.name) : steeredVariables(description);
  const owner = new Map<string, string>();
  for (const { name, next } of description.states) {
    if (!bounded.includes(name) || next?.kind !== 'affine') continue;
    const other = owner.get(next.action);
    if (other === undefined) owner.set(next.action, name);
    else {
      const message = `\`${name}\` and \`${other}\` both follow \`${next.action}\`: where the two bounds exclude each other, the least violation is taken. Bound only one of them to be sure.`;
      context.report('warning', 'bounds-share-action', message, context.keyRange(`bounds.${name}`));
    }
  }
}

function constraintHasBounds(context: RuleContext): void {
  const { bounds, safety } = context.experiment;
  if (!safety.constrain || bounds.kind === 'percentiles' || Object.keys(bounds.values).length > 0) return;
  context.report('warning', 'constrain-without-bounds', 'safety.constrain has nothing to hold: there are no bounds. Write bounds, for example `bounds: { percentiles: [5, 95] }`.', context.keyRange('bounds'));
}
