import type { SystemDescription } from '../../experiment/experiment';
import { type Scales, toScaled } from '../data/scaling';
import type { ProgramBuilder, ValueId } from '../engine/program';
import type { BoundConstraint } from '../safety/bounds';
import { NARROWING } from '../safety/narrowedBounds';
import { gatherRows } from './rows';

interface Parts {
  /** the network's outputs, before tanh */
  readonly outputs: ValueId;
  readonly state: ValueId;
  readonly previous: ValueId;
  readonly description: SystemDescription;
  readonly scales: Scales;
  readonly constraints: readonly BoundConstraint[];
}

/** A constraint in scaled numbers: z′ = z + gain · a + shift, to stay within [low, high]. */
interface ScaledConstraint {
  readonly state: number;
  readonly gain: number;
  readonly shift: number;
  readonly low: number;
  readonly high: number;
}

/**
 * `limitActions` as operations of a program, in scaled numbers:
 * a = middle of the allowed interval + half its width · tanh(output), clipped to it last of all.
 */
export function limitedAction(builder: ProgramBuilder, parts: Parts): ValueId {
  const { outputs, previous, description, scales, constraints } = parts;
  const ofAction = description.actions.map(({ name }) => constraints.filter((constraint) => constraint.action === name).map((constraint) => scaledConstraint(constraint, description, scales)));
  const squashed = builder.apply('tanh', outputs);
  const changes = description.actions.map((action, i) => (action.maxChange === null ? null : (action.maxChange * (1 - NARROWING)) / scales.actions[i].unit));
  if (changes.every((change) => change === null) && ofAction.every((list) => list.length === 0)) return squashed;

  const minusOne = builder.constant([-1]);
  const one = builder.constant([1]);
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
  const half = builder.apply('multiply', builder.apply('subtract', high, low), builder.constant([0.5]));
  const inside = builder.apply('affine', half, squashed, builder.apply('add', low, half));
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
    const levels = ofAction.map(([constraint]) => (constraint ? (limitOf(constraint, which) - constraint.shift) / constraint.gain : which === 'low' ? -1 : 1));
    return builder.apply('clamp', builder.apply('affine', z, builder.constant(slopes), builder.constant(levels)), reachLow, reachHigh);
  };
  return [end('low'), end('high')];
}

/** Several constraints on one action: the intersection, or the point of least worst violation where it is empty. */
function jointLimits(builder: ProgramBuilder, state: ValueId, list: readonly ScaledConstraint[], reachLow: ValueId, reachHigh: ValueId): [ValueId, ValueId] {
  const raw = list.map((constraint) => {
    const z = builder.slice(state, constraint.state, 1);
    const end = (which: 'low' | 'high') => builder.apply('affine', z, builder.constant([-1 / constraint.gain]), builder.constant([(limitOf(constraint, which) - constraint.shift) / constraint.gain]));
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
  const least = within(point as ValueId);
  const room = builder.apply('subtract', high, low);
  const closed = builder.apply('multiply', room, builder.constant([-1]));
  return [builder.apply('where', closed, least, low), builder.apply('where', closed, least, high)];
}

function limitOf(constraint: ScaledConstraint, which: 'low' | 'high'): number {
  return (which === 'low') === constraint.gain > 0 ? constraint.low : constraint.high;
}

/** Bounds narrowed by 1e-6 of their width, so that the original ones hold however the numbers are rounded. */
function scaledConstraint(constraint: BoundConstraint, description: SystemDescription, scales: Scales): ScaledConstraint {
  const state = description.states.findIndex((variable) => variable.name === constraint.variable);
  const action = description.actions.findIndex((variable) => variable.name === constraint.action);
  const scale = scales.states[state];
  if (scale.logFloor !== null) throw new RangeError(`${constraint.variable} is scaled by a logarithm and cannot be constrained.`);
  const margin = NARROWING * (constraint.high - constraint.low);
  return {
    state,
    gain: (constraint.gain * scales.actions[action].unit) / scale.unit,
    shift: (constraint.gain * scales.actions[action].middle) / scale.unit,
    low: toScaled(scale, constraint.low + margin),
    high: toScaled(scale, constraint.high - margin),
  };
}
