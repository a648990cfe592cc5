import type { BinaryOperator, ComparisonOperator, Condition, Expression, FunctionName } from './expression';

/** Gives what reads a variable's present value. */
export type VariableReader = (name: string, previous: boolean) => () => number;

/**
 * What computes an expression in float64, again and again, from the values that the readers give then. Division by 0 and
 * logarithms of negative numbers give what IEEE says; whoever asks decides what that means.
 */
export function createEvaluator(expression: Expression, reader: VariableReader): () => number {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'variable':
      return reader(expression.name, expression.previous);
    case 'negate': {
      const of = createEvaluator(expression.of, reader);
      return () => -of();
    }
    case 'binary': {
      const left = createEvaluator(expression.left, reader);
      const right = createEvaluator(expression.right, reader);
      const operate = binary[expression.operator];
      return () => operate(left(), right());
    }
    case 'power': {
      const base = createEvaluator(expression.base, reader);
      const { exponent } = expression;
      return () => wholePower(base(), exponent);
    }
    case 'call': {
      const of = createEvaluator(expression.of, reader);
      const call = functions[expression.function];
      return () => call(of());
    }
    case 'where': {
      const holds = createTest(expression.condition, reader);
      const then = createEvaluator(expression.whenTrue, reader);
      const otherwise = createEvaluator(expression.otherwise, reader);
      return () => (holds() ? then() : otherwise());
    }
  }
}

/** What tells whether a condition holds, from the values that the readers give then. */
export function createTest(condition: Condition, reader: VariableReader): () => boolean {
  switch (condition.kind) {
    case 'comparison': {
      const left = createEvaluator(condition.left, reader);
      const right = createEvaluator(condition.right, reader);
      const compare = comparisons[condition.operator];
      return () => compare(left(), right());
    }
    case 'not': {
      const of = createTest(condition.of, reader);
      return () => !of();
    }
    default: {
      const left = createTest(condition.left, reader);
      const right = createTest(condition.right, reader);
      return condition.kind === 'and' ? () => left() && right() : () => left() || right();
    }
  }
}

/** By multiplications alone, in one order, so that every JavaScript engine gives the same bits. */
function wholePower(base: number, exponent: number): number {
  let result = base;
  for (let i = 1; i < exponent; i++) result *= base;
  return result;
}

const binary: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  min: (left, right) => Math.min(left, right),
  max: (left, right) => Math.max(left, right),
};

const functions: Readonly<Record<FunctionName, (value: number) => number>> = { abs: Math.abs, exp: Math.exp, log: Math.log, sqrt: Math.sqrt, tanh: Math.tanh };

const comparisons: Readonly<Record<ComparisonOperator, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};
