import type { ActionVariable } from '../../experiment/experiment';
import { longestStep } from '../../experiment/resolution';
import { type Sentence, sentence, verbatim } from '../../sentence/sentence';
import type { BoundConstraint } from './bounds';
import { checkBound } from './bounds';
import { NARROWING, narrowedBounds } from './narrowedBounds';
import { SafetyError } from './safetyError';

/** What an action must respect, ready for `limitActions`. Columns are those of the states and actions passed there. */
export interface ActionLimits {
  readonly stateCount: number;
  readonly actions: readonly LimitedAction[];
}

export interface LimitedAction {
  readonly name: string;
  /** range, in the action's unit */
  readonly low: number;
  readonly high: number;
  /** largest change from the previous action; null: none */
  readonly maxChange: number | null;
  readonly constraints: readonly LimitedVariable[];
}

/** A bounded variable on its action: x′ = x + gain · a. */
export interface LimitedVariable {
  readonly name: string;
  readonly state: number;
  readonly gain: number;
  /** the original bounds, which hold */
  readonly low: number;
  readonly high: number;
  /** the narrowed ones, which limits are computed on */
  readonly limitLow: number;
  readonly limitHigh: number;
  /** physical clip, or ± Infinity */
  readonly clipLow: number;
  readonly clipHigh: number;
}

/** Rounds the result of every operation: the identity for float64, Math.fround for float32. */
export type Arithmetic = (value: number) => number;

const float64: Arithmetic = (value) => value;

/**
 * Prepares the limits of a policy.
 * @throws SafetyError for a constraint on an unknown state or action, or with bounds that mean nothing
 */
export function createActionLimits(
  stateNames: readonly string[],
  actions: readonly Pick<ActionVariable, 'name' | 'range' | 'maxChange'>[],
  constraints: readonly BoundConstraint[],
): ActionLimits {
  for (const constraint of constraints) {
    checkBound(constraint);
    if (!stateNames.includes(constraint.variable) || !actions.some((action) => action.name === constraint.action)) {
      throw new SafetyError('unknown-variable', sentence('A bound names {0} and {1}, but there are only {2}.', constraint.variable, constraint.action, [...stateNames, ...actions.map((action) => action.name)].join(', ')));
    }
  }
  return {
    stateCount: stateNames.length,
    actions: actions.map(({ name, range, maxChange }) => ({
      name,
      low: range[0],
      high: range[1],
      maxChange,
      constraints: constraints.filter((constraint) => constraint.action === name).map((constraint) => limitedVariable(constraint, stateNames, range)),
    })),
  };
}

/**
 * Turns a network's raw outputs u into actions that keep every bounded variable within its bounds:
 *
 *     a = (a_lo + a_hi) / 2 + (a_hi − a_lo) / 2 · tanh(u),   then clipped to [a_lo, a_hi]
 *
 * where [a_lo, a_hi] is the range of the action, the largest change, and for every bounded variable on it
 * (limit − x) / k at both limits, intersected. Without constraints tanh spans the range.
 *
 * A variable outside its bounds comes back at full speed: its interval is brought into the action's range, so that
 * only the end that leads back is left while the bounds are farther than one step away. Where the intersection is
 * empty, standing still (a = 0) is taken if it is allowed and everything is inside; otherwise the point of least worst
 * violation, as a share of the bounds' width, and that counts as infeasible if it breaks a bound.
 *
 * Clipping is the last operation, on bounds narrowed by 1e-6: the original ones hold with no tolerance
 * (see `narrowedBounds`), from every start inside and for any outputs, where the intersection is not empty.
 *
 * @param states, previous, raw, out  each from its offset on: [states], [actions], [actions], [actions], in units
 * @param round  arithmetic; float32 shows what an engine or an export in float32 does
 * @returns how many actions were infeasible
 * @throws SafetyError `bad-number` when an output, a bounded state or a previous action that limits the change is not finite
 */
export function limitActions(
  limits: ActionLimits,
  states: ArrayLike<number>,
  stateOffset: number,
  previous: ArrayLike<number>,
  previousOffset: number,
  raw: ArrayLike<number>,
  rawOffset: number,
  out: Float64Array | Float32Array,
  outOffset: number,
  round: Arithmetic = float64,
): number {
  let infeasible = 0;
  for (let j = 0; j < limits.actions.length; j++) {
    const action = limits.actions[j];
    const u = raw[rawOffset + j];
    if (!Number.isFinite(u)) refuse(sentence('output for {0}', action.name), u);

    let reachLow = action.low;
    let reachHigh = action.high;
    if (action.maxChange !== null) {
      const before = previous[previousOffset + j];
      if (!Number.isFinite(before)) refuse(sentence('previous {0}', action.name), before);
      // a previous action outside of the range comes back to its edge, whatever the change
      reachLow = clip(changed(before, -action.maxChange, round), action.low, action.high);
      reachHigh = clip(changed(before, action.maxChange, round), action.low, action.high);
    }

    let low = reachLow;
    let high = reachHigh;
    for (let i = 0; i < action.constraints.length; i++) {
      const variable = action.constraints[i];
      const x = states[stateOffset + variable.state];
      if (!Number.isFinite(x)) refuse(verbatim(variable.name), x);
      const gain = round(variable.gain);
      let variableLow = round(round((gain > 0 ? variable.limitLow : variable.limitHigh) - x) / gain);
      let variableHigh = round(round((gain > 0 ? variable.limitHigh : variable.limitLow) - x) / gain);
      if (x < variable.low || x > variable.high) {
        variableLow = clip(variableLow, reachLow, reachHigh);
        variableHigh = clip(variableHigh, reachLow, reachHigh);
      }
      if (variableLow > low) low = variableLow;
      if (variableHigh < high) high = variableHigh;
    }

    if (low <= high) {
      const half = round(round(high - low) / 2);
      out[outOffset + j] = clip(round(round(low + half) + round(half * round(Math.tanh(u)))), low, high);
    } else if (reachLow <= 0 && reachHigh >= 0 && allInside(action, states, stateOffset)) {
      // x + k · 0 is x in any arithmetic
      out[outOffset + j] = 0;
    } else {
      const a = leastWorstViolation(action, states, stateOffset, reachLow, reachHigh, round);
      out[outOffset + j] = a;
      if (breaksBound(action, states, stateOffset, a, round)) infeasible++;
    }
  }
  return infeasible;
}

/** The next value of a bounded variable, x′ = clip(x + gain · a). */
export function nextValue(variable: LimitedVariable, x: number, a: number, round: Arithmetic = float64): number {
  return clip(round(x + round(round(variable.gain) * a)), variable.clipLow, variable.clipHigh);
}

function limitedVariable(constraint: BoundConstraint, stateNames: readonly string[], range: readonly [number, number]): LimitedVariable {
  const { variable, gain, low, high, clip: physical } = constraint;
  const [limitLow, limitHigh] = narrowedBounds(constraint, longestStep(gain, range));
  return {
    name: variable,
    state: stateNames.indexOf(variable),
    gain,
    low,
    high,
    limitLow,
    limitHigh,
    clipLow: physical === null ? -Infinity : physical[0],
    clipHigh: physical === null ? Infinity : physical[1],
  };
}

function allInside(action: LimitedAction, states: ArrayLike<number>, offset: number): boolean {
  for (const variable of action.constraints) {
    const x = states[offset + variable.state];
    if (x < variable.low || x > variable.high) return false;
  }
  return true;
}

function breaksBound(action: LimitedAction, states: ArrayLike<number>, offset: number, a: number, round: Arithmetic): boolean {
  for (const variable of action.constraints) {
    const next = nextValue(variable, states[offset + variable.state], a, round);
    if (next < variable.low || next > variable.high) return true;
  }
  return false;
}

/**
 * The a in [low, high] with the smallest worst violation max_i v_i(a). Each v_i is linear in a, so their maximum is
 * convex and smallest at an end or where a rising violation meets a falling one.
 */
function leastWorstViolation(action: LimitedAction, states: ArrayLike<number>, offset: number, low: number, high: number, round: Arithmetic): number {
  let best = low;
  let least = worstViolation(action, states, offset, low, round);
  const count = action.constraints.length;
  for (let candidate = 0; candidate <= count * count; candidate++) {
    const a =
      candidate === count * count
        ? high
        : riseMeetsFall(action.constraints[Math.floor(candidate / count)], action.constraints[candidate % count], states, offset, round);
    if (!(a > low && a <= high)) continue;
    const worst = worstViolation(action, states, offset, a, round);
    if (worst < least) {
      least = worst;
      best = a;
    }
  }
  return best;
}

/** v = (x + k a − high) / width or (low − x − k a) / width, whichever is larger, at its largest over the variables. */
function worstViolation(action: LimitedAction, states: ArrayLike<number>, offset: number, a: number, round: Arithmetic): number {
  let worst = -Infinity;
  for (const variable of action.constraints) {
    const next = round(states[offset + variable.state] + round(round(variable.gain) * a));
    const width = variable.high - variable.low;
    worst = Math.max(worst, round(round(next - variable.limitHigh) / width), round(round(variable.limitLow - next) / width));
  }
  return worst;
}

/** Where the violation of `rising` that grows with a equals the one of `falling` that shrinks with it. */
function riseMeetsFall(rising: LimitedVariable, falling: LimitedVariable, states: ArrayLike<number>, offset: number, round: Arithmetic): number {
  const risingWidth = rising.high - rising.low;
  const fallingWidth = falling.high - falling.low;
  const x = states[offset + rising.state];
  const y = states[offset + falling.state];
  // v = level + slope · a at both
  const risingLevel = round((rising.gain > 0 ? round(x - rising.limitHigh) : round(rising.limitLow - x)) / risingWidth);
  const fallingLevel = round((falling.gain > 0 ? round(falling.limitLow - y) : round(y - falling.limitHigh)) / fallingWidth);
  const slopes = round(round(Math.abs(rising.gain) / risingWidth) + round(Math.abs(falling.gain) / fallingWidth));
  return round(round(fallingLevel - risingLevel) / slopes);
}

/** Where the largest change, narrowed by 1e-6, leads; an action so large that rounding would still lead farther stays as it is. */
function changed(before: number, maxChange: number, round: Arithmetic): number {
  const after = round(before + maxChange * (1 - NARROWING));
  return Math.abs(after - before) > Math.abs(maxChange) ? before : after;
}

function clip(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function refuse(what: Sentence, value: number): never {
  throw new SafetyError('bad-number', sentence("The {0} is {1}, so no action can be chosen: check the recordings and the policy's weights, and keep the plant at its last action.", what, value));
}
