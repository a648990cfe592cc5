import { t } from '@vscode/l10n';
import type { ActionVariable, StateVariable } from '../experiment';
import { steeredVariables } from '../systems';
import { didYouMean, replaceBy } from '../remedies';
import { closestWord } from '../suggestions';
import { isBelowSteps, longestStep, widthProblem } from '../resolution';
import { listWords } from '../words';
import type { Rule, RuleContext } from './rule';

/** Rules about bounds: what is bounded, by how much, and whether it can be held. */
export const boundsRules: readonly Rule[] = [
  { reads: ['variables', 'bounds'], check: boundsNameStates },
  { reads: ['variables', 'bounds'], check: boundsAreOrdered },
  { reads: ['variables', 'bounds'], check: boundsLieWithinRange },
  { reads: ['variables', 'bounds', 'safety.constrain'], check: boundsCanBeHeld },
  { reads: ['variables', 'bounds', 'safety.constrain'], check: boundsAreWideForSteps },
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
      context.report('error', 'not-a-state', t('`{0}` is an action. Bounds are for states: {1}.', name, listWords(states, 'and')), range);
      continue;
    }
    const meant = closestWord(name, states);
    const closest = meant !== null && context.written(`bounds.${meant}`) ? null : meant;
    const advice = closest ? didYouMean(closest) : t('Its states are {0}.', listWords(states, 'and'));
    const message = `${t('The system has no state `{0}`.', name.slice(0, 60))} ${advice}`;
    context.report('error', 'unknown-variable', message, range, closest ? replaceBy(closest, range) : undefined);
  }
}

function boundsAreOrdered(context: RuleContext): void {
  const { bounds } = context.experiment;
  const percentiles = bounds.kind === 'percentiles';
  const pairs: [string, readonly [number, number]][] = percentiles ? [['percentiles', bounds.percentiles]] : valuesOf(context);
  for (const [name, [low, high]] of pairs) {
    const range = context.range(`bounds.${name}`);
    if (low < high) {
      const problem = percentiles ? null : widthProblem(low, high);
      if (problem === 'wide') context.report('error', 'bound-order', t('The bound of `{0}` is too wide to compute with. Write what must hold, or remove it.', name.slice(0, 60)), range);
      if (problem === 'narrow') context.report('error', 'bound-order', t('The bound of `{0}` is too narrow for its size to compute with. Widen it.', name.slice(0, 60)), range);
      continue;
    }
    const message = percentiles
      ? t('The lower percentile is {0}, which is not below the upper one, {1}. Write [low, high].', low, high)
      : t('The lower bound of `{0}` is {1}, which is not below the upper one, {2}. Write [low, high].', name.slice(0, 60), low, high);
    context.report('error', percentiles ? 'percentiles-order' : 'bound-order', message, range, low > high ? replaceBy(`[${high}, ${low}]`, range) : undefined);
  }
}

function boundsLieWithinRange(context: RuleContext): void {
  for (const { state, bound } of boundedStates(context)) {
    const [low, high] = bound;
    const [lowest, highest] = state.range;
    if (widthProblem(low, high) !== null || (low >= lowest && high <= highest)) continue;
    const apart = low >= highest || high <= lowest;
    const message = apart
      ? t('`{0}` is expected between {1} and {2}; the bound [{3}, {4}] lies outside of that. Check its unit and digits.', state.name, lowest, highest, low, high)
      : t('`{0}` is expected between {1} and {2}; the bound [{3}, {4}] reaches beyond it. Check its unit and digits.', state.name, lowest, highest, low, high);
    context.report(apart ? 'error' : 'warning', 'bound-outside-range', message, context.range(`bounds.${state.name}`));
  }
}

/** A bound is exact only where the next value is affine in exactly one action with a constant gain. */
function boundsCanBeHeld(context: RuleContext): void {
  const { constrain } = context.experiment.safety;
  for (const { state } of boundedStates(context)) {
    const range = context.keyRange(`bounds.${state.name}`);
    const exogenous = state.source === 'exogenous';
    if (exogenous || state.next?.kind === 'constant' || (state.next?.kind === 'affine' && state.next.gain === 0)) {
      context.report(constrain ? 'error' : 'warning', 'bound-immovable', t('No action moves `{0}`, so no policy can keep it within bounds. Remove this bound.', state.name), range);
    } else if (state.next?.kind !== 'affine' && constrain) {
      const steered = steeredVariables(context.description);
      const wrong = t('`{0}` cannot be constrained: its next value is not known to be itself plus a constant times one action.', state.name);
      const advice = steered.length > 0
        ? t('Bound only {0}, or set safety.constrain to false and give safety.violation a weight.', listWords(steered, 'and'))
        : t('Set safety.constrain to false and give safety.violation a weight.');
      context.report('error', 'bound-not-exact', `${wrong} ${advice}`, range);
    }
  }
}

/** What lies between the bounds must be more than the last bit of an action. */
function boundsAreWideForSteps(context: RuleContext): void {
  if (!context.experiment.safety.constrain) return;
  for (const { state: { name, next }, bound: [low, high] } of boundedStates(context)) {
    const action = next?.kind === 'affine' ? context.description.actions.find((one) => one.name === next.action) : undefined;
    if (action === undefined || next?.kind !== 'affine' || widthProblem(low, high) !== null || !isBelowSteps(low, high, longestStep(next.gain, action.range))) continue;
    const message = t('One step of `{0}` can be over a million times as wide as the bound of `{1}`, so no number is fine enough to hold it. Check the formula and the units, or widen the bound.', action.name, name);
    context.report('error', 'bound-below-steps', message, context.range(`bounds.${name}`));
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
      const message = t('Every value of `{0}` moves `{1}` the same way, since 0 is not in its range [{2}, {3}]: no policy can keep it within bounds. Correct the formula or the range, or do not bound it.', action.name, state.name, low, high);
      context.report('error', 'bound-one-way', message, context.keyRange(path));
    } else if (action.maxChange !== null && action.maxChange < high - low) {
      const message = t('`{0}` changes by at most {1} a sample, so `{2}` can run out of its bounds before the action has turned; then the least violation is taken. Bound it more narrowly than it must be.', action.name, action.maxChange, state.name);
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
      const message = t('`{0}` and `{1}` both follow `{2}`: where the two bounds exclude each other, the least violation is taken. Bound only one of them to be sure.', name, other, action.name);
      context.report('warning', 'bounds-share-action', message, context.keyRange(path));
    }
  }
}

function constraintHasBounds(context: RuleContext): void {
  const { bounds, safety } = context.experiment;
  if (!safety.constrain) return;
  if (bounds.kind === 'percentiles') {
    if (steeredVariables(context.description).length > 0) return;
    context.report('warning', 'constrain-without-bounds', t('Percentiles bound the variables that follow one action by formula, and there are none. Bound variables by name, and give safety.violation a weight.'), context.keyRange('bounds'));
    return;
  }
  if (Object.keys(bounds.values).length > 0) return;
  context.report('warning', 'constrain-without-bounds', t('safety.constrain has nothing to hold: there are no bounds. Write bounds, or set it to false.'), context.keyRange(['bounds', 'safety.constrain'].find(context.written) ?? 'system.kind'));
}
