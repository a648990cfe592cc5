import type { BinaryOperator, Condition, Expression } from '../../experiment/expression';
import type { VariableScale } from '../data/scaling';
import type { Elementwise, ProgramBuilder, ValueId } from '../engine/program';

/** Gives the value of a variable, in its unit. */
export type VariableValue = (name: string, previous: boolean) => ValueId;

const operations: Readonly<Record<BinaryOperator, Elementwise>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', min: 'minimum', max: 'maximum' };

/** An expression as operations of a program, one row: differentiable wherever the expression is. */
export function expressionValue(builder: ProgramBuilder, expression: Expression, variable: VariableValue): ValueId {
  const value = (of: Expression): ValueId => expressionValue(builder, of, variable);
  switch (expression.kind) {
    case 'number':
      return builder.constant([expression.value]);
    case 'variable':
      return variable(expression.name, expression.previous);
    case 'negate':
      return builder.apply('multiply', value(expression.of), builder.constant([-1]));
    case 'binary':
      return builder.apply(operations[expression.operator], value(expression.left), value(expression.right));
    case 'power': {
      const base = value(expression.base);
      let power = builder.apply('square', base);
      for (let i = 2; i < expression.exponent; i++) power = builder.apply('multiply', power, base);
      return power;
    }
    case 'call':
      return builder.apply(expression.function, value(expression.of));
    case 'where':
      return builder.apply('where', conditionValue(builder, expression.condition, variable), value(expression.whenTrue), value(expression.otherwise));
  }
}

/** 1 where a condition holds, else 0. No gradient passes through it. */
function conditionValue(builder: ProgramBuilder, condition: Condition, variable: VariableValue): ValueId {
  const one = builder.constant([1]);
  const zero = builder.constant([0]);
  const holds = (of: Condition): ValueId => conditionValue(builder, of, variable);
  if (condition.kind === 'not') return builder.apply('subtract', one, holds(condition.of));
  if (condition.kind !== 'comparison') return builder.apply(condition.kind === 'and' ? 'minimum' : 'maximum', holds(condition.left), holds(condition.right));
  const left = expressionValue(builder, condition.left, variable);
  const right = expressionValue(builder, condition.right, variable);
  const greater = (a: ValueId, b: ValueId, then: ValueId, otherwise: ValueId): ValueId => builder.apply('where', builder.apply('subtract', a, b), then, otherwise);
  switch (condition.operator) {
    case '>':
      return greater(left, right, one, zero);
    case '<':
      return greater(right, left, one, zero);
    case '<=':
      return greater(left, right, zero, one);
    case '>=':
      return greater(right, left, zero, one);
    case '==':
      return builder.apply('where', builder.apply('abs', builder.apply('subtract', left, right)), zero, one);
    case '!=':
      return builder.apply('where', builder.apply('abs', builder.apply('subtract', left, right)), one, zero);
  }
}

/** A scaled value in its unit. */
export function inUnits(builder: ProgramBuilder, value: ValueId, scale: VariableScale): ValueId {
  const raw = builder.apply('affine', value, builder.constant([scale.unit]), builder.constant([scale.middle]));
  return scale.logFloor === null ? raw : builder.apply('exp', raw);
}

/** The inverse of `inUnits`. */
export function inScale(builder: ProgramBuilder, value: ValueId, scale: VariableScale): ValueId {
  const { logFloor, middle, unit } = scale;
  const transformed = logFloor === null ? value : builder.apply('log', builder.apply('maximum', value, builder.constant([logFloor])));
  return builder.apply('multiply', builder.apply('subtract', transformed, builder.constant([middle])), builder.constant([1 / unit]));
}

/** What reads each variable of a frame, computed once for all formulas. @param rows scaled, of states or actions */
export function frameReader(builder: ProgramBuilder, parts: readonly { readonly rows: ValueId; readonly scales: readonly VariableScale[] }[]): (name: string) => ValueId {
  const read = new Map<string, ValueId>();
  return (name) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    for (const { rows, scales } of parts) {
      const index = scales.findIndex((scale) => scale.name === name);
      if (index < 0) continue;
      const value = inUnits(builder, builder.slice(rows, index, 1), scales[index]);
      read.set(name, value);
      return value;
    }
    throw new RangeError(`${name} is neither a state nor an action.`);
  };
}
