import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createForward, plainForward } from '../../../src/learning/policy/forward';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { parameterCount } from '../../../src/learning/policy/network';
import { Random } from '../../../src/learning/random';

test('a network applies its activation in hidden layers only', () => {
  const parameters = Float32Array.of(1, -1, 2, 0.5, /* biases */ 0.25, -0.5, /* second layer */ 3, -2, /* bias */ 1);
  const out = new Float64Array(2);
  const hidden = [0.25 + 1 * 0.5 + 2 * -1, -0.5 + -1 * 0.5 + 0.5 * -1];
  createForward({ sizes: [2, 2, 1], activation: 'tanh', parameters })([9, 0.5, -1], 1, out, 1);
  expect(out[1]).toBe(1 + Math.tanh(hidden[0]) * 3 + Math.tanh(hidden[1]) * -2);
  createForward({ sizes: [2, 2, 1], activation: 'relu', parameters })([0.5, -1], 0, out, 0);
  expect(out[0]).toBe(1 + Math.max(0, hidden[0]) * 3 + Math.max(0, hidden[1]) * -2);
});

test('networks of any widths give the bits of plain code', () => {
  const networks = fc.tuple(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 }), fc.constantFrom('tanh' as const, 'relu' as const), fc.double({ min: 0.01, max: 30, noNaN: true }), fc.integer());
  fc.assert(fc.property(networks, ([sizes, activation, size, seed]) => {
    const random = new Random(seed);
    const parameters = Float32Array.from({ length: parameterCount(sizes) }, () => random.uniform(-size, size));
    const inputs = Float64Array.from({ length: sizes[0] + 1 }, () => random.uniform(-2, 2));
    const [actual, expected] = [createForward, plainForward].map((create) => {
      const out = new Float64Array(sizes[sizes.length - 1] + 1);
      create({ sizes, activation, parameters })(inputs, 1, out, 1);
      return out;
    });
    expect(actual).toEqual(expected);
  }));
});

test('tanh has the bits of JavaScript’s: of any number, around each place where its formula changes, and in both lanes', () => {
  const bits = new BigInt64Array(1);
  const number = new Float64Array(bits.buffer);
  const ends = [0, 2 ** -28, 2 ** -27, 2 ** -55, Math.LN2 / 4, 0.52, 1, 22, 1e300, Infinity, NaN, ...Array.from({ length: 66 }, (_, k) => ((k + 0.5) * Math.LN2) / 2)];
  const around = ends.flatMap((end) => {
    number[0] = end;
    return [-2n, -1n, 0n, 1n, 2n].map((step) => {
      const moved = new BigInt64Array([bits[0] + step]);
      return new Float64Array(moved.buffer)[0];
    });
  });
  const random = new Random(1);
  const anywhere = Array.from({ length: 200_000 }, (_, i) => random.uniform(-1, 1) * (i % 2 === 0 ? 24 : 2 ** random.uniform(-30, 3)));
  const forward = createForward({ sizes: [1, 1, 1], activation: 'tanh', parameters: Float32Array.of(1, 0, 1, -0) });
  const second = createForward({ sizes: [1, 2, 1], activation: 'tanh', parameters: Float32Array.of(1, 1, 0, 0, 0, 1, -0) });
  const out = new Float64Array(2);
  const wrong = [...around, ...anywhere].flatMap((value) => [value, -value]).filter((value) => {
    forward([value], 0, out, 0);
    second([value], 0, out, 1);
    return !out.every((own) => Object.is(own, Math.tanh(value) + 0));
  });
  expect(wrong).toEqual([]);
});

test('fresh weights have the variance 1 / inputs, biases are 0 and the last layer is started small', () => {
  const { parameters } = initialiseNetwork([100, 200, 50], 'tanh', new Random(1));
  expect(parameters.length).toBe(parameterCount([100, 200, 50]));
  const first = parameters.subarray(0, 100 * 200);
  const last = parameters.subarray(101 * 200, 101 * 200 + 200 * 50);
  const variance = (weights: Float32Array): number => weights.reduce((sum, weight) => sum + weight * weight, 0) / weights.length;
  expect(variance(first)).toBeCloseTo(1 / 100, 3);
  expect(variance(last)).toBeCloseTo(0.25 / 200, 4);
  expect(parameters.subarray(100 * 200, 101 * 200).every((bias) => bias === 0)).toBe(true);
});

test('the same seed gives the same network', () => {
  expect(initialiseNetwork([3, 4, 2], 'relu', new Random(5))).toEqual(initialiseNetwork([3, 4, 2], 'relu', new Random(5)));
  expect(initialiseNetwork([3, 4, 2], 'relu', new Random(5))).not.toEqual(initialiseNetwork([3, 4, 2], 'relu', new Random(6)));
});
