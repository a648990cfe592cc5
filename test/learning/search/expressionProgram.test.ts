import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createEvaluator, createTest } from '../../../src/experiment/evaluateExpression';
import type { Condition, Expression } from '../../../src/experiment/expression';
import { parseCondition, parseFormula } from '../../../src/experiment/formula';
import { ProgramBuilder } from '../../../src/learning/engine/program';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { expressionValue } from '../../../src/learning/search/expressionProgram';
import { wasmEngine } from '../engine/engines';

const names = ['a', 'b', 'c'] as const;
const reference = new ReferenceEngine();
const wasm = wasmEngine();
afterAll(() => wasm.dispose());

const parsed = (text: string): Expression => {
  const { value, problem } = parseFormula(text, { names: new Set(names), previous: false });
  if (value === null) throw new Error(problem.message);
  return value;
};
const evaluated = (expression: Expression, values: readonly number[]): number => createEvaluator(expression, (name) => () => values[names.indexOf(name as 'a')])();

/** The expression at each of the given points, as an engine computes it. */
function computed(engine: ReferenceEngine | typeof wasm, expression: Expression, points: readonly (readonly number[])[]): Float32Array {
  const builder = new ProgramBuilder({ policies: 1, members: 1, starts: points.length, steps: 0 });
  const input = builder.input('variables', names.length);
  const value = builder.apply('multiply', expressionValue(builder, expression, (name) => builder.slice(input, names.indexOf(name as 'a'), 1)), builder.constant([1]));
  const execution = engine.open(builder.build());
  execution.write(input, names.flatMap((_, i) => points.map((point) => point[i])));
  execution.run('forward');
  const result = execution.readValue(value);
  execution.dispose();
  return result;
}

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((value): Expression => ({ kind: 'number', value })),
  fc.constantFrom(...names).map((name): Expression => ({ kind: 'variable', name, previous: false })),
);
const { expression } = fc.letrec<{ expression: Expression; condition: Condition }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('binary' as const), operator: fc.constantFrom('+', '-', '*', 'min', 'max'), left: tie('expression'), right: tie('expression') }),
    fc.record({ kind: fc.constant('negate' as const), of: tie('expression') }),
    fc.record({ kind: fc.constant('power' as const), base: leaf, exponent: fc.integer({ min: 2, max: 4 }) }),
    fc.record({ kind: fc.constant('call' as const), function: fc.constantFrom('abs', 'tanh'), of: tie('expression') }),
    fc.record({ kind: fc.constant('where' as const), condition: tie('condition'), whenTrue: tie('expression'), otherwise: tie('expression') }),
  ),
  condition: fc.oneof(
    { maxDepth: 2 },
    fc.record({ kind: fc.constant('comparison' as const), operator: fc.constantFrom('<', '<=', '>', '>=', '==', '!='), left: leaf, right: leaf }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('condition'), right: tie('condition') }),
    fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
  ),
}));

describe('a formula', () => {
  test('means the same evaluated, in the reference engine and in the kernel', () => {
    // small whole numbers: what float32 rounds cannot turn a comparison
    const points = fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(expression, points, (formula, at) => {
      const wanted = at.map((point) => evaluated(formula, point));
      const exact = computed(reference, formula, at);
      const fast = computed(wasm, formula, at);
      wanted.forEach((value, i) => {
        const tolerance = 1e-4 * Math.max(1, Math.abs(value));
        expect(Math.abs(exact[i] - value)).toBeLessThanOrEqual(tolerance);
        // a tanh that is rounded may turn a comparison's neighbour, never its kind: only conditions of leaves are made
        expect(Math.abs(fast[i] - value)).toBeLessThanOrEqual(tolerance);
      });
    }), { numRuns: 150 });
  });

  test.each([
    ['exp(a) + log(b) - sqrt(c)', [0.3, 2, 4], Math.exp(0.3) + Math.log(2) - 2],
    ['a / b', [1, 4, 0], 0.25],
    ['-a^2', [3, 0, 0], -9],
    ['(a + b)^3 * c', [1, 1, 2], 16],
    ['clamp(a, b, c)', [9, 0, 5], 5],
    ['where(a > 1 and not (b == 2) or c < 0, 10, 20)', [2, 2, -1], 10],
    ['where(a >= 1 && b != 2, 10, 20)', [1, 2, 0], 20],
  ])('%s has its value', (text, point, wanted) => {
    expect(evaluated(parsed(text), point)).toBeCloseTo(wanted, 12);
    expect(computed(reference, parsed(text), [point])[0]).toBeCloseTo(wanted, 6);
    expect(computed(wasm, parsed(text), [point])[0]).toBeCloseTo(wanted, 4);
  });

  test.each([
    'a + 2 * b - c / a', 'a^2 - b^3 + c^5', 'exp(a) * log(b) + sqrt(c)', 'abs(a - b) + tanh(c)', 'min(a, b) * max(b, c)', 'clamp(a * b, 0.1, 0.6) + c',
    'where(a < b, a^2, c)', 'where(a < b && c > 0 || a == b, b * c, a)', '-(a - b)^2 / (1 + c^2)',
  ])('%s has the gradient of central differences', (text) => {
    const point = [0.4, 0.9, 1.7];
    // the variables are the biases of a network without inputs that count, so that they have gradients
    const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 1, steps: 0 });
    const nothing = builder.input('nothing', 1);
    const weight = builder.input('weight', 1);
    const variables = builder.network([nothing], builder.parameters('variables', [1, 3], 'policy', true), 'tanh');
    builder.term('value', expressionValue(builder, parsed(text), (name) => builder.slice(variables, names.indexOf(name as 'a'), 1)), weight, 1);
    const program = builder.build();
    const gradientOf = (engine: ReferenceEngine | typeof wasm): number[] => {
      const execution = engine.open(program);
      execution.write(nothing, [0]);
      execution.write(weight, [1]);
      execution.writeParameters('variables', [0, 0, 0, ...point]);
      execution.run('gradient');
      const result = [...execution.readParameters('variables', 'gradient')].slice(3);
      execution.dispose();
      return result;
    };
    const at = (i: number, by: number): number => evaluated(parsed(text), point.map((value, j) => (i === j ? value + by : value)));
    const wanted = point.map((_, i) => (at(i, 1e-6) - at(i, -1e-6)) / 2e-6);
    gradientOf(reference).forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 5));
    gradientOf(wasm).forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 3));
  });
});

test('a row filter is a condition on numbers', () => {
  const { value } = parseCondition('mode == 1 and (level > 0.5 or not (level < -1))', { names: null, previous: false });
  const holds = (mode: number, level: number): boolean => value !== null && createTest(value, (name) => () => (name === 'mode' ? mode : level))();
  expect([holds(1, 1), holds(1, 0), holds(1, -2), holds(0, 1)]).toEqual([true, true, false, false]);
});
