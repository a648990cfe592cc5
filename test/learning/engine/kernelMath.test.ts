import { afterAll, describe, expect, test } from 'vitest';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { ARITY, type Elementwise, ProgramBuilder, type ValueId } from '../../../src/learning/engine/program';
import { wasmEngine } from './engines';

const engine = wasmEngine();
const reference = new ReferenceEngine();
afterAll(() => engine.dispose());

const BLOCK = 1 << 16;

/** The kernel's function at the given numbers, a power of two of them at a time. */
function kernel(operation: 'exp' | 'log' | 'tanh'): (x: Float32Array) => Float32Array {
  const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 32, steps: 0 });
  const input = builder.input('x', BLOCK / 32);
  const value = builder.apply(operation, input);
  const execution = engine.open(builder.build());
  return (x) => {
    const padded = new Float32Array(BLOCK);
    padded.set(x);
    execution.write(input, padded);
    execution.run('forward');
    return execution.readValue(value).subarray(0, x.length);
  };
}

const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);
/** Every `stride`-th float32 from one number to another of the same sign, in order of their bits. */
function* floats(from: number, to: number, stride: number): Generator<Float32Array> {
  const bitsOf = (value: number) => ((asFloat[0] = value), bits[0]);
  const last = bitsOf(to);
  let block = new Float32Array(BLOCK);
  let filled = 0;
  for (let at = bitsOf(from); at <= last; at += stride) {
    bits[0] = at;
    block[filled++] = asFloat[0];
    if (filled < BLOCK) continue;
    yield block;
    block = new Float32Array(BLOCK);
    filled = 0;
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** Largest error over a sweep, [from, to] and its mirror image where asked. */
function worst(operation: 'exp' | 'log' | 'tanh', from: number, to: number, stride: number, sign: 1 | -1, error: (actual: number, exact: number) => number): number {
  const run = kernel(operation);
  let largest = 0;
  for (const block of floats(from, to, stride)) {
    const x = sign === 1 ? block : block.map((value) => -value);
    const y = run(x);
    for (let i = 0; i < x.length; i++) {
      const off = error(y[i], Math[operation](x[i]));
      if (!(off <= largest)) largest = off;
    }
  }
  return largest;
}

const relative = (actual: number, exact: number) => Math.abs(actual - exact) / Math.abs(exact);
const absolute = (actual: number, exact: number) => Math.abs(actual - exact);

describe('exp', () => {
  test('is within 2e-7 of the true value, relative, wherever it is neither infinite nor 0', () => {
    expect(worst('exp', 1e-10, 88.3762, 997, 1, relative)).toBeLessThan(2e-7);
    expect(worst('exp', 1e-10, 87.3365, 997, -1, relative)).toBeLessThan(2e-7);
  });

  test('is 1 at 0, infinite above 88.4, 0 below −87.4, and not a number where its operand is none', () => {
    expect([...kernel('exp')(Float32Array.of(0, -0, 1e-40, 88.4, 1e30, Infinity, -87.4, -1e30, -Infinity, NaN))]).toEqual([1, 1, 1, Infinity, Infinity, Infinity, 0, 0, 0, NaN]);
  });
});

describe('log', () => {
  test('is within 2e-7 of the true value, relative, from the least denormal to the largest number', () => {
    expect(worst('log', 1e-45, 3.4028234e38, 1499, 1, (actual, exact) => (exact === 0 ? Math.abs(actual) : relative(actual, exact)))).toBeLessThan(2e-7);
  });

  test('is within 2e-7 of the true value right around 1', () => {
    expect(worst('log', 0.999, 1.001, 1, 1, (actual, exact) => (exact === 0 ? Math.abs(actual) : relative(actual, exact)))).toBeLessThan(2e-7);
  });

  test('is minus infinity at 0, infinite at infinity, and not a number below 0 or where its operand is none', () => {
    expect([...kernel('log')(Float32Array.of(1, 0, -0, Infinity, -1, -1e-40, -Infinity, NaN))]).toEqual([0, -Infinity, -Infinity, Infinity, NaN, NaN, NaN, NaN]);
  });
});

describe('tanh', () => {
  test('is within 4e-7 of the true value and never beyond 1', () => {
    for (const sign of [1, -1] as const)
      expect(worst('tanh', 1e-45, 3.4028234e38, 1999, sign, (actual, exact) => (Math.abs(actual) <= 1 ? absolute(actual, exact) : Infinity))).toBeLessThan(4e-7);
  });

  test('keeps the sign of zero, denormals, infinities as ±1, and not-a-numbers', () => {
    const y = kernel('tanh')(Float32Array.of(0, -0, 1e-40, -1e-40, Infinity, -Infinity, NaN));
    expect(Object.is(y[0], 0)).toBe(true);
    expect(Object.is(y[1], -0)).toBe(true);
    expect(y[2] / Math.fround(1e-40)).toBeCloseTo(1, 2);
    expect(y[3]).toBe(-y[2]);
    expect(y[4]).toBeGreaterThan(1 - 4e-7);
    expect(y[4]).toBeLessThanOrEqual(1);
    expect(y[5]).toBe(-y[4]);
    expect(y[6]).toBeNaN();
  });
});

describe('what is not a number is never hidden', () => {
  /** One row for each operand, as trained biases, so that gradients can be asked for; a start for each of `starts`. */
  function run(operation: Elementwise, rows: readonly (readonly number[])[]) {
    const builder = new ProgramBuilder({ policies: 1, members: 1, starts: rows[0].length, steps: 0 });
    const weight = builder.input('weight', 1);
    const inputs = rows.map((_, i) => builder.input(`operand ${i}`, 1));
    const shift = builder.parameters('shift', [1, 1], 'policy', true);
    const zero = builder.dense([builder.constant([0])], shift, 0, 'none');
    const value: ValueId = builder.apply(operation, ...inputs.map((input) => builder.apply('add', input, zero)));
    builder.term('value', value, weight, 1);
    const program = builder.build();
    return [reference, engine].map((each) => {
      const execution = each.open(program);
      inputs.forEach((input, i) => execution.write(input, rows[i]));
      execution.write(weight, rows[0].map(() => 1));
      execution.run('gradient');
      const result = { name: each.name, values: [...execution.readValue(value)], term: execution.readTerms()[0], finite: execution.readGradientNorms().finite[0] };
      execution.dispose();
      return result;
    });
  }

  for (const operation of Object.keys(ARITY) as Elementwise[])
    for (let operand = 0; operand < ARITY[operation]; operand++) {
      if (operation === 'where' && operand > 0) continue; // it selects: see below
      test(`by ${operation} in operand ${operand + 1}: value, term and gradient show it, and other starts are untouched`, () => {
        const plain = Array.from({ length: ARITY[operation] }, (_, i) => [0.5 + i, 0.5 + i, 0.5 + i]);
        const planted = plain.map((row, i) => row.map((value, start) => (i === operand && start === 1 ? Number.NaN : value)));
        const clean = run(operation, plain);
        run(operation, planted).forEach(({ name, values, term, finite }, i) => {
          expect(values, name).toEqual([clean[i].values[0], Number.NaN, clean[i].values[2]]);
          expect(term, name).toBeNaN();
          if (!(operation === 'add' || operation === 'subtract') && !(operation === 'clamp' && operand > 0) && !(operation === 'affine' && operand === 2)) expect(finite, name).toBe(false);
        });
      });
    }

  test('by where, unless it is in the operand that is not selected', () => {
    for (const { name, values } of run('where', [[1, 1, -1, -1], [NaN, 2, NaN, 2], [3, NaN, 3, NaN]])) expect(values, name).toEqual([NaN, 2, 3, NaN]);
  });

  test('by layers of any activation, hidden or last', () => {
    for (const activation of ['none', 'tanh', 'relu'] as const) {
      const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 3, steps: 0 });
      const weight = builder.input('weight', 1);
      const x = builder.input('x', 1);
      const layer = builder.parameters('layer', [1, 5, 1], 'policy', true);
      const hidden = builder.dense([x], layer, 0, activation);
      const last = builder.dense([hidden], layer, 1, activation);
      builder.term('last', last, weight, 1);
      const program = builder.build();
      for (const each of [reference, engine]) {
        const execution = each.open(program);
        execution.write(weight, [1, 1, 1]);
        execution.write(x, [1, NaN, 2]);
        execution.writeParameters('layer', Array.from({ length: 16 }, (_, i) => 0.1 * (i + 1)));
        execution.run('gradient');
        expect([...execution.readValue(last)].map(Number.isNaN), `${each.name}, ${activation}`).toEqual([false, true, false]);
        expect(execution.readTerms()[0], each.name).toBeNaN();
        expect(execution.readGradientNorms().finite, each.name).toEqual([false]);
        execution.dispose();
      }
    }
  });

  test('by the relu layers of a model on the way back to the policy', () => {
    const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 1, steps: 0 });
    const weight = builder.input('weight', 1);
    const action = builder.dense([builder.constant([0])], builder.parameters('policy', [1, 1], 'policy', true), 0, 'none');
    const noise = builder.input('noise', 1);
    const model = builder.parameters('model', [2, 3, 1], 'shared', false);
    builder.term('value', builder.network([action, noise], model, 'relu'), weight, 1);
    const program = builder.build();
    for (const each of [reference, engine]) {
      const execution = each.open(program);
      execution.write(weight, [1]);
      execution.write(noise, [NaN]);
      execution.writeParameters('policy', [0, 1]);
      execution.writeParameters('model', new Array<number>(13).fill(0.5));
      execution.run('gradient');
      expect(execution.readTerms()[0], each.name).toBeNaN();
      expect(execution.readGradientNorms().finite, each.name).toEqual([false]);
      execution.dispose();
    }
  });
});
