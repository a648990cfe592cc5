import type { BoundsSettings, SystemDescription } from '../../experiment/experiment';
import { isBelowSteps, longestStep, widthProblem } from '../../experiment/resolution';
import { sentence } from '../../sentence/sentence';
import type { Batch } from '../data/batch';
import { stateColumn } from '../data/batch';
import { percentile } from '../data/statistics';
import { SafetyError } from './safetyError';

/** [low, high] by state variable, in its unit. */
export type Bounds = Readonly<Record<string, readonly [number, number]>>;

/** A bound that can be kept exactly: the variable's next value is x′ = x + gain · a, then perhaps clipped. */
export interface BoundConstraint {
  /** the bounded state variable */
  readonly variable: string;
  /** the only action that moves it */
  readonly action: string;
  /** k in x′ = x + k a, variable's unit per action's unit, never 0 */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  /** physical range that the system clips x′ to, or null */
  readonly clip: readonly [number, number] | null;
}

/**
 * Bounds as values: percentiles are taken over the first batch.
 * @param over the variables that percentiles bound
 * @throws SafetyError `unknown-variable`, or `bad-bounds` when a percentile's bounds have no width
 */
export function resolveBounds(settings: BoundsSettings, over: readonly string[], firstBatch: Batch): Bounds {
  if (settings.kind === 'values') return settings.values;
  const bounds: Record<string, readonly [number, number]> = {};
  for (const name of over) {
    const column = firstBatch.stateNames.indexOf(name);
    if (column < 0) throw new SafetyError('unknown-variable', sentence('{0} is not a recorded state; there are {1}.', name, firstBatch.stateNames.join(', ')));
    const values = stateColumn(firstBatch, column);
    const low = percentile(values, settings.percentiles[0]);
    const high = percentile(values, settings.percentiles[1]);
    if (!(low < high)) {
      throw new SafetyError('bad-bounds', sentence('{0} hardly moves in the first batch ({1} to {2}), so its percentiles are no bounds: give them as values.', name, low, high));
    }
    bounds[name] = [low, high];
  }
  return bounds;
}

/**
 * The bounds as constraints on actions. A bound is exact only where the next value is affine in exactly one action with
 * a constant gain other than 0.
 *
 * @throws SafetyError `unknown-variable`, `bad-bounds`, also for bounds that numbers are too coarse to hold, or `bound-not-exact` where only a predicted violation can be penalised
 */
export function boundConstraints(description: SystemDescription, bounds: Bounds): BoundConstraint[] {
  return Object.entries(bounds).map(([name, [low, high]]) => {
    const variable = description.states.find((state) => state.name === name);
    if (variable === undefined) {
      throw new SafetyError('unknown-variable', sentence('There is no state {0} to bound; there are {1}.', name, description.states.map((state) => state.name).join(', ')));
    }
    const next = variable.next;
    if (next === null || next.kind !== 'affine' || next.gain === 0) {
      throw new SafetyError('bound-not-exact', sentence('{0} cannot be bounded exactly: no single action moves it by a known amount. Set safety.constrain to false and give safety.violation a weight, or drop the bound.', name));
    }
    const clip = next.clip ? variable.range : null;
    checkBound({ variable: name, action: next.action, gain: next.gain, low, high, clip });
    const action = description.actions.find((one) => one.name === next.action);
    if (widthProblem(low, high) !== null || (action && isBelowSteps(low, high, longestStep(next.gain, action.range)))) {
      throw new SafetyError('bad-bounds', sentence('The bounds of {0} are [{1}, {2}]: too narrow for their size or for one step of {3}, or too wide, so that no number is fine enough to hold them. Check the unit, or give other bounds.', name, low, high, next.action));
    }
    return { variable: name, action: next.action, gain: next.gain, low, high, clip };
  });
}

/** @throws SafetyError `bad-bounds` unless low < high, the gain is a number other than 0, and the physical range meets the bounds */
export function checkBound(bound: BoundConstraint): void {
  const { variable, gain, low, high, clip } = bound;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new SafetyError('bad-bounds', sentence('The bounds of {0} are [{1}, {2}]: give two numbers, the lower one first.', variable, low, high));
  }
  if (!Number.isFinite(gain) || gain === 0) {
    throw new SafetyError('bad-bounds', sentence('The gain from {0} to {1} is {2}: it must be a number other than 0.', bound.action, variable, gain));
  }
  if (clip !== null && (clip[1] < low || clip[0] > high)) {
    throw new SafetyError('bad-bounds', sentence('The bounds of {0}, [{1}, {2}], lie outside its physical range [{3}, {4}].', variable, low, high, clip[0], clip[1]));
  }
}
