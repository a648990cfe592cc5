import type { StateVariable, SystemDescription } from '../../experiment/experiment';
import { type Scales, toScaled, type VariableScale } from '../data/scaling';
import type { ProgramBuilder, ValueId } from '../engine/program';
import type { ModelTarget } from '../model/transitionModel';
import type { BoundConstraint } from '../safety/bounds';
import { NARROWING } from '../safety/narrowedBounds';
import { expressionValue, frameReader, inScale } from './expressionProgram';
import { gatherRows } from './rows';

type Rule = 'constant' | 'affine' | 'formula' | 'exogenous' | 'change' | 'value';

/** Neighbouring states that follow the same rule. */
interface Group {
  readonly rule: Rule;
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
    if (rule === 'formula') known.set(indices[0], { indices, value: formulaNext(builder, indices, { state, action, description, scales }) });
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
 * The next scaled states. Known variables follow their formula; exogenous ones what was recorded; learned ones the model, as
 * change or value. What the model predicts is kept within the physical range widened by its own width, so that a poor model cannot run away, and
 * within the bounds where the constrained policy guarantees them.
 */
export function nextState(
  builder: ProgramBuilder,
  known: KnownNext,
  parts: {
    readonly state: ValueId;
    readonly predicted: ValueId;
    /** next values of the exogenous variables, in the order of the description; null: there are none */
    readonly exogenous: ValueId | null;
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
      if (rule === 'exogenous') return exogenousRows(builder, parts.exogenous, description, indices);
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

/** Columns of the exogenous variables among the states. */
export function exogenousStates(description: SystemDescription): number[] {
  return description.states.flatMap((variable, index) => (variable.source === 'exogenous' ? [index] : []));
}

function exogenousRows(builder: ProgramBuilder, values: ValueId | null, description: SystemDescription, indices: readonly number[]): ValueId {
  if (values === null) throw new RangeError('a rollout with exogenous variables needs their values');
  const all = exogenousStates(description);
  return gatherRows(builder, values, indices.map((index) => all.indexOf(index)));
}

function ruleOf(variable: StateVariable): Rule {
  if (variable.source === 'learned') return variable.predict;
  if (variable.source === 'exogenous') return 'exogenous';
  if (variable.next === null) throw new RangeError(`${variable.name} is known but has no formula.`);
  return variable.next.kind;
}

/**
 * x′ = clip(x + k a): z′ = clip(z + g (a − a₀)), g = k · half range / unit, with the action scaled and a₀ the scaled zero.
 * An action of a₀ leaves z as it is and any other moves it to the right side, in any arithmetic: bounds rely on that.
 */
function affineNext(builder: ProgramBuilder, own: ValueId, action: ValueId, indices: readonly number[], description: SystemDescription, scales: Scales): ValueId {
  const moves = indices.map((index) => {
    const { next, range, name } = description.states[index];
    if (next?.kind !== 'affine') throw new RangeError(`${name} has no affine formula.`);
    const column = description.actions.findIndex((candidate) => candidate.name === next.action);
    const scale = scales.states[index];
    const [low, high] = next.clip ? scaledRange(scale, range) : [-3e38, 3e38];
    return { column, gain: (next.gain * scales.actions[column].unit) / scale.unit, zero: toScaled(scales.actions[column], 0), low, high };
  });
  const acting = gatherRows(builder, action, moves.map((move) => move.column));
  const steering = moves.every(({ zero }) => zero === 0) ? acting : builder.apply('subtract', acting, builder.constant(moves.map(({ zero }) => zero)));
  const moved = builder.apply('affine', steering, builder.constant(moves.map((move) => move.gain)), own);
  return builder.apply('clamp', moved, builder.constant(moves.map((move) => move.low)), builder.constant(moves.map((move) => move.high)));
}

/** Any other formula, of the values before the step and the action, kept where a model's prediction would be kept. */
function formulaNext(builder: ProgramBuilder, indices: readonly number[], { state, action, description, scales }: Known): ValueId {
  const read = frameReader(builder, [{ rows: state, scales: scales.states }, { rows: action, scales: scales.actions }]);
  const values = indices.map((index) => {
    const { next, name } = description.states[index];
    if (next?.kind !== 'formula') throw new RangeError(`${name} has no formula.`);
    return inScale(builder, expressionValue(builder, next.expression, read), scales.states[index]);
  });
  const limits = indices.map((index) => predictionLimits(description.states[index], scales.states[index], []));
  return builder.apply('clamp', builder.concat(values), builder.constant(limits.map(([low]) => low)), builder.constant(limits.map(([, high]) => high)));
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
