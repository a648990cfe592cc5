import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolicyDefinition } from '../../../src/learning/policy/definition';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { readPolicy, readPolicyController, writePolicy } from '../../../src/learning/policy/policyFile';
import { roundToShortest, shortestDecimal } from '../../../src/learning/policy/shortestDecimal';
import { Random } from '../../../src/learning/random';

const definition: PolicyDefinition = {
  network: initialiseNetwork([4, 5, 1], 'tanh', new Random(1)),
  history: 2,
  states: ['level', 'usage'],
  inputs: [
    { source: 'state', scale: { name: 'usage', middle: 1 / 3, unit: 0.1, logFloor: 5 } },
    { source: 'action', scale: { name: 'pump', middle: 0, unit: 2, logFloor: null } },
  ],
  actions: [{ name: 'pump', unit: 'l', range: [-2, 2], maxChange: 0.5 }],
  constraints: [{ variable: 'level', action: 'pump', gain: 5.751534335611574, low: 30.1, high: 50, clip: [0, 100] }],
};

/** The parts of a policy file that the tests damage. */
interface PolicyJson {
  version: number;
  inputs: { name: string; logFloor: number | null }[];
  actions: { range: number[]; maxChange: number | null }[];
  constraints: { gain: number; variable: string }[];
  network: { sizes?: number[]; parameters: number[] };
}

function edit(change: (file: PolicyJson) => void): string {
  const file = JSON.parse(writePolicy(definition)) as PolicyJson;
  change(file);
  return JSON.stringify(file);
}

test('a policy read back is the same to the last bit', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 31, maxLength: 31 }), (weights) => {
      const policy = { ...definition, network: { ...definition.network, parameters: Float32Array.from(weights) } };
      expect(readPolicy(writePolicy(policy))).toEqual(policy);
    }),
  );
});

test('the same policy gives the same text, and no time, path or id is in it', () => {
  expect(writePolicy(structuredClone(definition))).toBe(writePolicy(definition));
  expect(Object.keys(JSON.parse(writePolicy(definition)))).toEqual(['format', 'version', 'history', 'states', 'inputs', 'actions', 'constraints', 'network']);
});

test('a decimal restores its float32, and is no longer than its float64 text', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Object.is(Math.fround(JSON.parse(shortestDecimal(value))), value)).toBe(true);
      expect(shortestDecimal(value).length).toBeLessThanOrEqual(String(value).length + 1);
    }),
    { numRuns: 2000 },
  );
  expect(shortestDecimal(Math.fround(0.1))).toBe('0.1');
  expect(roundToShortest(1 / 3)).toBe(0.33333334);
});

test('a decimal is the one with the fewest digits that restores its float32', () => {
  const fewest = (value: number) => Array.from({ length: 9 }, (_, i) => Number(value.toPrecision(i + 1))).find((candidate) => Math.fround(candidate) === value);
  fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => { expect(roundToShortest(value)).toBe(fewest(value)); }), { numRuns: 5000 });
  // of everyday size, where decimals are found by arithmetic
  fc.assert(fc.property(fc.float({ min: Math.fround(-2e7), max: Math.fround(2e7), noNaN: true }), fc.integer({ min: 0, max: 12 }), (value, places) => { for (const size of [value, value / 10 ** places].map(Math.fround)) expect(roundToShortest(size)).toBe(fewest(size)); }), { numRuns: 5000 });
  for (let exponent = -149; exponent < 128; exponent++) for (const value of [2 ** exponent, -(2 ** exponent), Math.fround(1.1 * 2 ** exponent)]) expect(roundToShortest(value)).toBe(fewest(value));
});

test('a file that is not what it should be is refused with the place and the reason', () => {
  expect(() => readPolicy('{"format":')).toThrow(/not JSON/);
  expect(() => readPolicy('{"format": "model"}')).toThrow(/not a policy file/);
  expect(() => readPolicy(edit((file) => (file.version = 2)))).toThrow(/Update it/);
  expect(() => readPolicy(edit((file) => delete file.network.sizes))).toThrow(/policy\.network\.sizes should be a list, but it is missing/);
  expect(() => readPolicy(edit((file) => (file.actions[0].range = [2, -2])))).toThrow(/policy\.actions\[0\]\.range/);
  expect(() => readPolicy(edit((file) => (file.actions[0].maxChange = -0.5)))).toThrow(/policy\.actions\[0\]\.maxChange should be a number above 0/);
  expect(() => readPolicy(edit((file) => (file.inputs[0].logFloor = 0)))).toThrow(/logFloor should be a number above 0/);
  expect(() => readPolicy(edit((file) => (file.network.parameters[3] = 1e300)))).toThrow(/parameters\[3\]/);
  expect(() => readPolicy(edit((file) => file.network.parameters.pop()))).toThrow(/31 parameters, not 30/);
  expect(() => readPolicy(edit((file) => (file.inputs[0].name = 'colour')))).toThrow(/colour/);
  expect(() => readPolicyController(edit((file) => (file.constraints[0].gain = 0)))).toThrow(/gain/);
  expect(() => readPolicyController(edit((file) => (file.constraints[0].variable = 'colour')))).toThrow(/colour/);
});

test('a policy with a weight that is not finite is not written', () => {
  const parameters = definition.network.parameters.slice();
  parameters[2] = NaN;
  expect(() => writePolicy({ ...definition, network: { ...definition.network, parameters } })).toThrow(/NaN/);
});
