import type { SystemDescription } from '../../experiment/experiment';
import { type Scales, toScaled } from '../data/scaling';
import type { ProgramBuilder, ValueId } from '../engine/program';
import type { BoundConstraint } from '../safety/bounds';
import { NARROWING } from '../safety/narrowedBounds';
import { gatherRows } from './rows';

interface Parts {
  /** the network's outputs, before tanh; or scaled actions where `squash` is false */
  readonly outputs: ValueId;
  /** false: the outputs are actions, brought to the nearest allowed ones; absent: true */
  readonly squash?: boolean;
  readonly state: ValueId;
  readonly previous: ValueId;
  readonly description: SystemDescription;
  readonly scales: Scales;
  readonly constraints: readonly BoundConstraint[];
}

/** A constraint in scaled numbers: z′ = z + gain · (a − zero), to stay within [low, high]. */
interface ScaledConstraint {
  readonly state: number;
  readonly gain: number;
  /** the scaled action that is 0 in its unit */
  readonly zero: number;
  /** the narrowed bounds, which limits are computed on */
  readonly low: number;
  readonly high: number;
  /** the original ones */
  readonly original: readonly [number, number];
}

/** Largest rounding error of a limit, as a share of its own size and that of the numbers it is made of, with room to spare. */
const ROUNDING = 2 ** -22;

/**
 * `limitActions` as operations of a program, in scaled numbers:
 * a = middle of the allowed interval + half its width · tanh(output), clipped to it last of all.
 */
export function limitedAction(builder: ProgramBuilder, parts: Parts): ValueId {
  const { outputs, previous, description, scales, constraints, squash = true } = parts;
  const ofAction = description.actions.map(({ name }) => constraints.filter((constraint) => constraint.action === name).map((constraint) => scaledConstraint(constraint, description, scales)));
  // previous ± change is rounded by at most 2⁻²⁴, since it is at most 2 and clamped at 1
  const changes = description.actions.map((action, i) => (action.maxChange === null ? null : Math.max(0, (action.maxChange * (1 - NARROWING)) / scales.actions[i].unit - 2 ** -23)));
  const free = changes.every((change) => change === null) && ofAction.every((list) => list.length === 0);
  if (free && squash) return builder.apply('tanh', outputs);

  const minusOne = builder.constant([-1]);
  const one = builder.constant([1]);
  if (free) return builder.apply('clamp', outputs, minusOne, one);
  const reach = (sign: 1 | -1) => (changes.every((change) => change === null) ? null : builder.apply('clamp', builder.apply('add', previous, builder.constant(changes.map((change) => sign * (change ?? 2)))), minusOne, one));
  const reachLow = reach(-1);
  const reachHigh = reach(1);
  let low: ValueId;
  let high: ValueId;
  if (ofAction.every((list) => list.length <= 1)) {
    [low, high] = simpleLimits(builder, parts.state, ofAction, reachLow ?? minusOne, reachHigh ?? one);
  } else {
    const intervals = ofAction.map((list, i) => {
      const [ownLow, ownHigh] = [reachLow === null ? minusOne : builder.slice(reachLow, i, 1), reachHigh === null ? one : builder.slice(reachHigh, i, 1)];
      return list.length <= 1 ? simpleLimits(builder, parts.state, [list], ownLow, ownHigh) : jointLimits(builder, parts.state, list, ownLow, ownHigh);
    });
    low = builder.concat(intervals.map(([ownLow]) => ownLow));
    high = builder.concat(intervals.map(([, ownHigh]) => ownHigh));
  }
  if (!squash) return builder.apply('clamp', outputs, low, high);
  const half = builder.apply('multiply', builder.apply('subtract', high, low), builder.constant([0.5]));
  const inside = builder.apply('affine', half, builder.apply('tanh', outputs), builder.apply('add', low, half));
  return builder.apply('clamp', inside, low, high);
}

/**
 * At most one constraint on each action: its interval, brought into what the action can reach. Where nothing is left,
 * the nearer end remains, which is the least violation; outside the bounds it leads back at full speed.
 */
function simpleLimits(builder: ProgramBuilder, state: ValueId, ofAction: readonly (readonly ScaledConstraint[])[], reachLow: ValueId, reachHigh: ValueId): [ValueId, ValueId] {
  const rows = ofAction.map((list) => list[0]?.state ?? 0);
  const z = gatherRows(builder, state, rows);
  const end = (which: 'low' | 'high') => {
    const slopes = ofAction.map(([constraint]) => (constraint ? -1 / constraint.gain : 0));
    const levels = ofAction.map(([constraint]) => (constraint ? constraint.zero + limitOf(constraint, which) / constraint.gain : which === 'low' ? -1 : 1));
    return builder.apply('clamp', builder.apply('affine', z, builder.constant(slopes), builder.constant(levels)), reachLow, reachHigh);
  };
  return [end('low'), end('high')];
}

/**
 * Several constraints on one action: the intersection. Where it is empty, standing still if that is allowed and everything
 * is inside, else the point of least worst violation.
 */
function jointLimits(builder: ProgramBuilder, state: ValueId, list: readonly ScaledConstraint[], reachLow: ValueId, reachHigh: ValueId): [ValueId, ValueId] {
  const raw = list.map((constraint) => {
    const z = builder.slice(state, constraint.state, 1);
    const end = (which: 'low' | 'high') => builder.apply('affine', z, builder.constant([-1 / constraint.gain]), builder.constant([constraint.zero + limitOf(constraint, which) / constraint.gain]));
    return { low: end('low'), high: end('high'), slope: Math.abs(constraint.gain) / (constraint.high - constraint.low) };
  });
  const within = (value: ValueId) => builder.apply('clamp', value, reachLow, reachHigh);
  const low = raw.map((interval) => within(interval.low)).reduce((a, b) => builder.apply('maximum', a, b));
  const high = raw.map((interval) => within(interval.high)).reduce((a, b) => builder.apply('minimum', a, b));

  // a rising violation s (a − high) and a falling one t (low − a) meet at (s high + t low) / (s + t), with the value
  // s t (low − high) / (s + t); the worst of all meetings is the least worst violation
  let worst: ValueId | null = null;
  let point: ValueId | null = null;
  for (const rising of raw)
    for (const falling of raw) {
      const [s, t] = [rising.slope, falling.slope];
      const scaledHigh = builder.apply('multiply', rising.high, builder.constant([s / (s + t)]));
      const at = builder.apply('affine', falling.low, builder.constant([t / (s + t)]), scaledHigh);
      const value = builder.apply('multiply', builder.apply('subtract', falling.low, rising.high), builder.constant([(s * t) / (s + t)]));
      point = worst === null || point === null ? at : builder.apply('where', builder.apply('subtract', value, worst), at, point);
      worst = worst === null ? value : builder.apply('maximum', worst, value);
    }
  const still = builder.constant([list[0].zero]);
  const outside = list
    .flatMap(({ state: row, original: [bottom, top] }) => {
      const z = builder.slice(state, row, 1);
      return [builder.apply('subtract', builder.constant([bottom]), z), builder.apply('subtract', z, builder.constant([top]))];
    })
    .concat([builder.apply('subtract', reachLow, still), builder.apply('subtract', still, reachHigh)])
    .reduce((a, b) => builder.apply('maximum', a, b));
  const least = builder.apply('where', outside, within(point as ValueId), still);
  const room = builder.apply('subtract', high, low);
  const closed = builder.apply('multiply', room, builder.constant([-1]));
  return [builder.apply('where', closed, least, low), builder.apply('where', closed, least, high)];
}

function limitOf(constraint: ScaledConstraint, which: 'low' | 'high'): number {
  return (which === 'low') === constraint.gain > 0 ? constraint.low : constraint.high;
}

/**
 * Bounds narrowed so far that the original ones hold however the numbers are rounded: by 1e-6 of their width, or more where
 * one step can cross them many times over or the action's range lies far from 0.
 *
 * With u = 2⁻²⁴, w = √12 the scaled width and |z| ≤ w / 2: the limit a = zero + (limit − z) / gain carries errors of at most
 * (2 w + |gain| (1 + |zero|)) u and z + gain (a − zero) at most 3 w u more, all in z: together 17.3 u + |gain| (1 + |zero|) u.
 * The margin is at least 58 u, and at least 4 |gain| (1 + |zero|) u, so it is larger than both together.
 */
function scaledConstraint(constraint: BoundConstraint, description: SystemDescription, scales: Scales): ScaledConstraint {
  const state = description.states.findIndex((variable) => variable.name === constraint.variable);
  const action = description.actions.findIndex((variable) => variable.name === constraint.action);
  const scale = scales.states[state];
  if (scale.logFloor !== null) throw new RangeError(`${constraint.variable} is scaled by a logarithm and cannot be constrained.`);
  const gain = (constraint.gain * scales.actions[action].unit) / scale.unit;
  const zero = toScaled(scales.actions[action], 0);
  const [bottom, top] = [toScaled(scale, constraint.low), toScaled(scale, constraint.high)];
  const margin = Math.max(NARROWING * (top - bottom), ROUNDING * Math.abs(gain) * (1 + Math.abs(zero)));
  // a margin of half the width would leave nothing; experiments with such gains are refused (`isBelowSteps`)
  const narrowing = Math.min(margin, (top - bottom) / 4);
  return { state, gain, zero, low: bottom + narrowing, high: top - narrowing, original: [bottom, top] };
}
