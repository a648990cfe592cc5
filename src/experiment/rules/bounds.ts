import type { ActionVariable, StateVariable } from '../experiment';
import { steeredVariables } from '../systems';
import { closestWord } from '../suggestions';
import { listWords } from '../words';
import { replaceBy, type Rule, type RuleContext } from './rule';

/** Rules about bounds: what is bounded, by how much, and whether it can be held. */
export const boundsRules: readonly Rule[] = [
  { reads: ['variables', 'bounds'], check: boundsNameStates },
  { reads: ['variables', 'bounds'], check: boundsAreOrdered },
  { reads: ['variables', 'bounds'], check: boundsLieWithinRange },
  { reads: ['variables', 'bounds', 'safety.constrain'], check: boundsCanBeHeld },
  { reads: ['variables', 'bounds', 'safety.constrain'], check: actionsCanTurnBack },
  { reads: ['variables', 'bounds', 'safety.constrain'], check: boundsDoNotCompete },
  { reads: ['variables', 'bounds', 'safety.constrain'], check: constraintHasBounds },
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
    const exogenous = state.source === 'exogenous';
    if (exogenous || state.next?.kind === 'constant' || (state.next?.kind === 'affine' && state.next.gain === 0)) {
      context.report(constrain ? 'error' : 'warning', 'bound-immovable', `No action moves \`${state.name}\`, so no policy can keep it within bounds. Remove this bound.`, range);
    } else if (state.next?.kind !== 'affine' && constrain) {
      const steered = steeredVariables(context.description);
      const otherwise = steered.length > 0 ? `Bound only ${listWords(steered, 'and')}, or set` : 'Set';
      const message = `\`${state.name}\` cannot be constrained: its next value is not known to be itself plus a constant times one action. ${otherwise} safety.constrain to false and give safety.violation a weight.`;
      context.report('error', 'bound-not-exact', message, range);
    }
  }
}

/** The states that the constrained policies must hold, with the action that moves each. */
function heldStates(context: RuleContext): { state: StateVariable; action: ActionVariable; path: string }[] {
  const { experiment, description } = context;
  if (!experiment.safety.constrain) return [];
  const percentiles = experiment.bounds.kind === 'percentiles';
  const names = percentiles ? steeredVariables(description) : boundedStates(context).map(({ state }) => state.name);
  return description.states.flatMap((state) => {
    const { next } = state;
    const action = next?.kind === 'affine' ? description.actions.find(({ name }) => name === next.action) : undefined;
    return action && names.includes(state.name) ? [{ state, action, path: `bounds.${percentiles ? 'percentiles' : state.name}` }] : [];
  });
}

/** A bound can be held only where some action lets the variable stay, and at once only where actions may change at once. */
function actionsCanTurnBack(context: RuleContext): void {
  for (const { action, path, state } of heldStates(context)) {
    const [low, high] = action.range;
    if (low > 0 || high < 0) {
      const message = `Every value of \`${action.name}\` moves \`${state.name}\` the same way, since 0 is not in its range [${low}, ${high}]: no policy can keep it within bounds. Correct the formula or the range, or do not bound it.`;
      context.report('error', 'bound-one-way', message, context.keyRange(path));
    } else if (action.maxChange !== null && action.maxChange < high - low) {
      const message = `\`${action.name}\` changes by at most ${action.maxChange} a sample, so \`${state.name}\` can run out of its bounds before the action has turned; then the least violation is taken. Bound it more narrowly than it must be.`;
      context.report('warning', 'bound-against-max-change', message, context.keyRange(path));
    }
  }
}

/** Two variables that follow one action share its range: from some states both cannot be within bounds after one step. */
function boundsDoNotCompete(context: RuleContext): void {
  const owner = new Map<string, string>();
  for (const { action, path, state: { name } } of heldStates(context)) {
    const other = owner.get(action.name);
    if (other === undefined) owner.set(action.name, name);
    else {
      const message = `\`${name}\` and \`${other}\` both follow \`${action.name}\`: where the two bounds exclude each other, the least violation is taken. Bound only one of them to be sure.`;
      context.report('warning', 'bounds-share-action', message, context.keyRange(path));
    }
  }
}

function constraintHasBounds(context: RuleContext): void {
  const { bounds, safety } = context.experiment;
  if (!safety.constrain) return;
  if (bounds.kind === 'percentiles') {
    if (steeredVariables(context.description).length > 0) return;
    context.report('warning', 'constrain-without-bounds', 'Percentiles bound the variables that follow one action by formula, and there are none. Bound variables by name, and give safety.violation a weight.', context.keyRange('bounds'));
    return;
  }
  if (Object.keys(bounds.values).length > 0) return;
  context.report('warning', 'constrain-without-bounds', 'safety.constrain has nothing to hold: there are no bounds. Write bounds, or set it to false.', context.keyRange(['bounds', 'safety.constrain'].find(context.written) ?? 'system.kind'));
}
