import type { StateVariable, SystemDescription } from '../../experiment/experiment';
import { type Scales, toScaled, type VariableScale } from '../data/scaling';
import type { ProgramBuilder, ValueId } from '../engine/program';
import type { ModelTarget } from '../model/transitionModel';
import type { BoundConstraint } from '../safety/bounds';
import { NARROWING } from '../safety/narrowedBounds';
import { gatherRows } from './rows';

/**
 * The next scaled states. Known variables follow their formula; learned ones the model, as change or value. What the model
 * predicts is kept within the physical range widened by its own width, so that a poor model cannot run away, and
 * within the bounds where the constrained policy guarantees them.
 */
export function nextState(
  builder: ProgramBuilder,
  parts: {
    readonly state: ValueId;
    readonly action: ValueId;
    readonly predicted: ValueId;
    readonly targets: readonly ModelTarget[];
    readonly description: SystemDescription;
    readonly scales: Scales;
    readonly constraints: readonly BoundConstraint[];
    readonly bounds: Readonly<Record<string, readonly [number, number]>>;
  },
): ValueId {
  const { state, action, predicted, targets, description, scales } = parts;
  const groups: ValueId[] = [];
  for (let first = 0; first < description.states.length; ) {
    const rule = ruleOf(description.states[first]);
    let end = first + 1;
    while (end < description.states.length && ruleOf(description.states[end]) === rule) end++;
    const indices = Array.from({ length: end - first }, (_, i) => first + i);
    const variables = indices.map((index) => description.states[index]);
    const own = builder.slice(state, first, end - first);
    if (rule === 'constant') groups.push(builder.apply('multiply', own, builder.constant([1])));
    else if (rule === 'affine') groups.push(affineNext(builder, own, action, indices, description, scales));
    else {
      const rows = variables.map((variable) => targets.findIndex((target) => target.name === variable.name));
      const output = gatherRows(builder, predicted, rows);
      const factors = rows.map((row, i) => targets[row].scale.unit / scales.states[indices[i]].unit);
      const value = rule === 'change' ? builder.apply('affine', output, builder.constant(factors), own) : output;
      const limits = indices.map((index) => predictionLimits(description.states[index], scales.states[index], parts.constraints));
      groups.push(builder.apply('clamp', value, builder.constant(limits.map(([low]) => low)), builder.constant(limits.map(([, high]) => high))));
    }
    first = end;
  }
  return groups.length === 1 ? groups[0] : builder.concat(groups);
}

/** A range in scaled numbers. */
export function scaledRange(scale: VariableScale, [low, high]: readonly [number, number]): readonly [number, number] {
  return [toScaled(scale, low), toScaled(scale, high)];
}

function ruleOf(variable: StateVariable): 'constant' | 'affine' | 'change' | 'value' {
  if (variable.source === 'learned') return variable.predict;
  if (variable.next === null) throw new RangeError(`${variable.name} is known but has no formula.`);
  return variable.next.kind;
}

/** x′ = clip(x + k a): z′ = clip(z + (k · half range / unit) a + k · middle / unit). */
function affineNext(builder: ProgramBuilder, own: ValueId, action: ValueId, indices: readonly number[], description: SystemDescription, scales: Scales): ValueId {
  const moves = indices.map((index) => {
    const { next, range, name } = description.states[index];
    if (next?.kind !== 'affine') throw new RangeError(`${name} has no affine formula.`);
    const column = description.actions.findIndex((candidate) => candidate.name === next.action);
    const { unit, middle } = scales.actions[column];
    const scale = scales.states[index];
    const [low, high] = next.clip ? scaledRange(scale, range) : [-3e38, 3e38];
    return { column, gain: (next.gain * unit) / scale.unit, shift: (next.gain * middle) / scale.unit, low, high };
  });
  const acting = gatherRows(builder, action, moves.map((move) => move.column));
  const moved = builder.apply('affine', acting, builder.constant(moves.map((move) => move.gain)), own);
  const shifted = moves.every((move) => move.shift === 0) ? moved : builder.apply('add', moved, builder.constant(moves.map((move) => move.shift)));
  return builder.apply('clamp', shifted, builder.constant(moves.map((move) => move.low)), builder.constant(moves.map((move) => move.high)));
}

function predictionLimits(variable: StateVariable, scale: VariableScale, constraints: readonly BoundConstraint[]): readonly [number, number] {
  const constraint = constraints.find((candidate) => candidate.variable === variable.name);
  if (constraint) {
    const margin = NARROWING * (constraint.high - constraint.low);
    return scaledRange(scale, [constraint.low + margin, constraint.high - margin]);
  }
  const [low, high] = scaledRange(scale, variable.range);
  return [low - (high - low), high + (high - low)];
}
