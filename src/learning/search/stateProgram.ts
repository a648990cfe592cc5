import type { StateVariable, SystemDescription } from '../../experiment/experiment';
import { type Scales, toScaled, type VariableScale } from '../data/scaling';
import type { ProgramBuilder, ValueId } from '../engine/program';
import type { ModelTarget } from '../model/transitionModel';
import type { BoundConstraint } from '../safety/bounds';
import { NARROWING } from '../safety/narrowedBounds';
import { gatherRows } from './rows';

/** Neighbouring states that follow the same rule. */
interface Group {
  readonly rule: 'constant' | 'affine' | 'change' | 'value';
  readonly indices: readonly number[];
}

interface Known {
  readonly state: ValueId;
  readonly action: ValueId;
  readonly description: SystemDescription;
  readonly scales: Scales;
}

/** The next scaled values of the variables that follow a formula, by the index of the first one of each group. */
export type KnownNext = ReadonlyMap<number, { readonly indices: readonly number[]; readonly value: ValueId }>;

export function knownNext(builder: ProgramBuilder, { state, action, description, scales }: Known): KnownNext {
  const known = new Map<number, { indices: readonly number[]; value: ValueId }>();
  for (const { rule, indices } of groupsOf(description)) {
    const own = builder.slice(state, indices[0], indices.length);
    if (rule === 'constant') known.set(indices[0], { indices, value: builder.apply('multiply', own, builder.constant([1])) });
    if (rule === 'affine') known.set(indices[0], { indices, value: affineNext(builder, own, action, indices, description, scales) });
  }
  return known;
}

/** The rows of some known variables, by their indices. */
export function knownRows(builder: ProgramBuilder, known: KnownNext, indices: readonly number[]): ValueId {
  const parts: ValueId[] = [];
  for (let i = 0; i < indices.length; ) {
    const group = [...known.values()].find((candidate) => candidate.indices.includes(indices[i]));
    if (group === undefined) throw new RangeError(`State ${indices[i]} is not known by formula.`);
    let count = 1;
    while (i + count < indices.length && indices[i + count] === indices[i] + count && group.indices.includes(indices[i + count])) count++;
    parts.push(builder.slice(group.value, indices[i] - group.indices[0], count));
    i += count;
  }
  return builder.concat(parts);
}

/**
 * The next scaled states. Known variables follow their formula; learned ones the model, as change or value. What the model
 * predicts is kept within the physical range widened by its own width, so that a poor model cannot run away, and
 * within the bounds where the constrained policy guarantees them.
 */
export function nextState(
  builder: ProgramBuilder,
  known: KnownNext,
  parts: {
    readonly state: ValueId;
    readonly predicted: ValueId;
    readonly targets: readonly ModelTarget[];
    readonly description: SystemDescription;
    readonly scales: Scales;
    readonly constraints: readonly BoundConstraint[];
  },
): ValueId {
  const { state, predicted, targets, description, scales } = parts;
  return builder.concat(
    groupsOf(description).map(({ rule, indices }) => {
      const formula = known.get(indices[0]);
      if (formula) return formula.value;
      const rows = indices.map((index) => targets.findIndex((target) => target.name === description.states[index].name));
      const output = gatherRows(builder, predicted, rows);
      const factors = rows.map((row, i) => targets[row].scale.unit / scales.states[indices[i]].unit);
      const value = rule === 'change' ? builder.apply('affine', output, builder.constant(factors), builder.slice(state, indices[0], indices.length)) : output;
      const limits = indices.map((index) => predictionLimits(description.states[index], scales.states[index], parts.constraints));
      return builder.apply('clamp', value, builder.constant(limits.map(([low]) => low)), builder.constant(limits.map(([, high]) => high)));
    }),
  );
}

function groupsOf(description: SystemDescription): Group[] {
  const groups: { rule: Group['rule']; indices: number[] }[] = [];
  description.states.forEach((variable, index) => {
    const rule = ruleOf(variable);
    const last = groups.at(-1);
    if (last?.rule === rule) last.indices.push(index);
    else groups.push({ rule, indices: [index] });
  });
  return groups;
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
