import fc from 'fast-check';
import { expect, test } from 'vitest';
import { affineInOneAction } from '../../src/experiment/affine';
import { type Condition, type Expression, variablesIn } from '../../src/experiment/expression';
import { parseCondition, parseFormula } from '../../src/experiment/formula';

const scope = { names: new Set(['x', 'y', 'u', 'v', 'w']), previous: true };
const values: Readonly<Record<string, number>> = { x: 2, y: 3, u: 0.5, v: -1, w: 0 };

/** What a formula means, by a second and simple reading. */
function value(node: Expression): number {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'variable':
      return values[node.name] - (node.previous ? 10 : 0);
    case 'negate':
      return -value(node.of);
    case 'power':
      return value(node.base) ** node.exponent;
    case 'call':
      return Math[node.function](value(node.of));
    case 'where':
      return holds(node.condition) ? value(node.whenTrue) : value(node.otherwise);
    default: {
      const [left, right] = [value(node.left), value(node.right)];
      return { '+': left + right, '-': left - right, '*': left * right, '/': left / right, min: Math.min(left, right), max: Math.max(left, right) }[node.operator];
    }
  }
}

function holds(node: Condition): boolean {
  if (node.kind === 'not') return !holds(node.of);
  if (node.kind !== 'comparison') return node.kind === 'and' ? holds(node.left) && holds(node.right) : holds(node.left) || holds(node.right);
  const [left, right] = [value(node.left), value(node.right)];
  return { '<': left < right, '<=': left <= right, '>': left > right, '>=': left >= right, '==': left === right, '!=': left !== right }[node.operator];
}

function parsed(text: string): Expression {
  const { value: expression, problem } = parseFormula(text, scope);
  if (expression === null) throw new Error(`${text}: ${problem.message}`);
  return expression;
}

test.each([
  ['1 + 2 * 3', 7],
  ['-x^2', -4],
  ['(-x)^2', 4],
  ['2 - 3 - 4', -5],
  ['12 / 2 / 3', 2],
  ['2 * -x', -4],
  ['1e-3 * .5 + 1.', 1.0005],
  ['min(5, x, y)', 2],
  ['clamp(7, 0, y)', 3],
  ['abs(v) + exp(0) + log(1) + sqrt(4) + tanh(w)', 4],
  ['where(x > 1 && !(y < 1), 10, 20)', 10],
  ['where(x == 2 and not y > 5 or x != 2, 1, 0)', 1],
  ['where(x < 1 || y < 1, 1, 0)', 0],
  ['x - previous.x', 10],
  ['`x` + 1', 3],
])('%s is %d', (text, expected) => {
  expect(value(parsed(text))).toBeCloseTo(expected, 12);
});

test.each([
  ['', 0, 0, /empty/],
  ['1 +', 3, 3, /ends where/],
  ['(x + 1', 6, 6, /missing at the end/],
  ['x y', 2, 3, /operator .* missing before `y`/],
  ['x % 2', 2, 3, /missing before `%`/],
  ['2 ^ x', 2, 5, /whole powers/],
  ['x ^ 2.5', 2, 7, /whole powers/],
  ['x ** 2', 2, 4, /with \^/],
  ['x^2^3', 3, 4, /parentheses/],
  ['sin(x)', 0, 3, /no function `sin`/],
  ['x > 1', 0, 5, /comparison stands where a number/],
  ['where(x, 1, 0)', 6, 7, /number stands where a condition/],
  ['where(0 < x < 1, 1, 0)', 6, 11, /chained/],
  ['where(x = 1, 1, 0)', 8, 9, /Write `==`/],
  ['clamp(x, 1)', 0, 11, /2 arguments/],
  ['1e999', 0, 5, /too large/],
  ['x.y', 0, 2, /parts/],
  ['previous', 0, 8, /stands before a name/],
  ['constructor', 0, 11, /no variable/],
  ['x + zz', 4, 6, /no variable `zz`/],
  ['`x', 0, 1, /instead of/],
  ['x; y', 1, 2, /missing before `;`/],
])('%s is refused at %d to %d', (text, start, end, message) => {
  const { problem } = parseFormula(text, scope);
  expect(problem).toMatchObject({ start, end });
  expect(problem?.message).toMatch(message);
});

test('previous values are refused where plain names already are the old ones', () => {
  const { problem } = parseFormula('x + previous.x', { names: scope.names, previous: false });
  expect(problem).toMatchObject({ kind: 'previous', start: 4, end: 14 });
});

test('a row filter is a condition, not a number, and may read any column', () => {
  const { value: condition } = parseCondition('mode == 1 and `LT 101` > 0.2', { names: null, previous: false });
  expect(condition && variablesIn(condition)).toEqual(['mode', 'LT 101']);
  expect(parseCondition('mode', { names: null, previous: false }).problem?.message).toMatch(/where a condition belongs/);
});

test.each([
  ['x + 0.1 * u', { action: 'u', gain: 0.1, offset: 0 }],
  ['u / 4 + x', { action: 'u', gain: 0.25, offset: 0 }],
  ['x - (2 - 3 * u) * 2', { action: 'u', gain: 6, offset: -4 }],
  ['-(-x - u)', { action: 'u', gain: 1, offset: 0 }],
  ['x + u + y - y', { action: 'u', gain: 1, offset: 0 }],
  ['0.9 * x + u', null],
  ['x + u + v', null],
  ['x + y + u', null],
  ['x + u - u', null],
  ['x', null],
  ['x + u * x', null],
  ['x + abs(u)', null],
  ['x + previous.u', null],
  ['x + u / 0', null],
  ['x + 1e308 * 10 * u', null],
])('affine in one action: %s', (text, expected) => {
  expect(affineInOneAction(parsed(text), 'x', new Set(['u', 'v']))).toEqual(expected);
});

test('whatever the text, a formula is read or refused at a place inside it, and never throws', () => {
  const pieces = fc.constantFrom('x', 'previous', '.', '(', ')', '+', '-', '*', '/', '^', '2', '1e5', 'where', 'min', ',', '<', '==', '&&', '!', '`', ' ', '\n', 'é', '💥', 'not');
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')));
  fc.assert(
    fc.property(texts, (text) => {
      for (const { value: read, problem } of [parseFormula(text, scope), parseCondition(text, scope)]) {
        expect(read === null).toBe(problem !== null);
        if (problem) {
          expect(problem.start).toBeGreaterThanOrEqual(0);
          expect(problem.end).toBeGreaterThanOrEqual(problem.start);
          expect(problem.end).toBeLessThanOrEqual(text.length);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([['(', 1999], ['-', 1999], ['abs(', 499], ['!', 1999], ['x', 10_000_000]])('a formula of %s, %d times, is refused before it exhausts stack or time', (piece, times) => {
  expect(parseFormula(piece.repeat(times), scope).problem?.message).toMatch(/too deeply|are read/);
});
