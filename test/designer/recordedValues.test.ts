import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateExperiment } from '../../src/experiment/validate';
import { recordingsKey, valuesOfDescription, valuesOfDiff } from '../../src/extension/designer/recordedValues';

const diff = (states: Record<string, readonly number[]>): string => JSON.stringify({ format: 'ibrl-iteration-diff', version: 1, iteration: 1, pairs: [{ policy: 1, diff: { sample: { episode: [], row: [], states } } }] });

test('bars of a diff count every sampled frame once, between the least and the largest', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
      const { rows, variables: { x } } = valuesOfDiff(diff({ x: values })) ?? { rows: 0, variables: {} };
      expect(rows).toBe(values.length);
      expect(x.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      expect([x.minimum, x.maximum]).toEqual([Math.min(...values) + 0, Math.max(...values) + 0]);
      expect(x.p5).toBeGreaterThanOrEqual(x.minimum);
      expect(x.p95).toBeLessThanOrEqual(x.maximum);
    }),
  );
});

test('percentiles are those between neighbours', () => {
  const { p5, p95 } = valuesOfDiff(diff({ x: [...Array(101).keys()] }))?.variables['x'] ?? { p5: 0, p95: 0 };
  expect([p5, p95]).toEqual([5, 95]);
});

test('of a description the recorded states and actions are taken; of a program there are none yet', () => {
  const bars = { minimum: 1, maximum: 3, mean: 2, p5: 1.1, p95: 2.9, counts: [1, 2] };
  const told = (batch: object | null, recorded: object | null): string => JSON.stringify({ format: 'ibrl-description', version: 1, name: 'n', system: 's', batch, variables: [{ name: 'x', role: 'state', unit: 'm', range: [0, 4], maxChange: null, bounds: null, recorded }] });
  expect(valuesOfDescription(told({ episodes: 1, rows: 3, transitions: 2, longestEpisode: 2 }, { ...bars, standardDeviation: 1 }))).toEqual({ rows: 3, variables: { x: bars } });
  expect(valuesOfDescription(told(null, null))).toBe('program');
});

test.each(['', '{', '{}', '{"pairs":[{"diff":{"sample":{"states":{"x":["1"]}}}}]}', '[1]'])('%j is no diff and no description', (text) => {
  expect(valuesOfDiff(text)).toBeNull();
  expect(valuesOfDescription(text)).toBeNull();
});

test('what decides the recordings does not contain what follows them', () => {
  const key = (text: string): string => {
    const { experiment } = validateExperiment(text);
    return experiment ? recordingsKey(experiment) : '';
  };
  const text = 'ibrl: 1\nsystem: { kind: grid-2d }\ndata: { generate: { episodes: 9 } }\n';
  expect(key(`${text}bounds: { x: [1, 9] }\nseed: 8\niterations: 2\n`)).toBe(key(text));
  expect(key(text.replace('9', '8'))).not.toBe(key(text));
});
