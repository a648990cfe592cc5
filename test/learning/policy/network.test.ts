import { expect, test } from 'vitest';
import { createForward } from '../../../src/learning/policy/forward';
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
