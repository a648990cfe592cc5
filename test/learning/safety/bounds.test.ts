import { expect, test } from 'vitest';
import { boundConstraints, resolveBounds } from '../../../src/learning/safety/bounds';
import { narrowedBounds } from '../../../src/learning/safety/narrowedBounds';
import { tank, tankBatch, tankEpisode } from '../tank';

const batch = tankBatch([tankEpisode(101, 1)]);

test('bounds given as values are taken as they are', () => {
  expect(resolveBounds({ kind: 'values', values: { level: [1, 2] } }, ['usage'], batch)).toEqual({ level: [1, 2] });
});

test('percentiles become values of the first batch', () => {
  const levels = Array.from({ length: 101 }, (_, row) => batch.episodes[0].states[row * 3]).sort((a, b) => a - b);
  expect(resolveBounds({ kind: 'percentiles', percentiles: [5, 95] }, ['level'], batch)).toEqual({ level: [levels[5], levels[95]] });
});

test('percentiles of a variable that does not move are refused', () => {
  expect(() => resolveBounds({ kind: 'percentiles', percentiles: [5, 95] }, ['target'], batch)).toThrow(/target hardly moves/);
});

test('a bound becomes a constraint only where the next value is affine in one action', () => {
  expect(boundConstraints(tank, { level: [30, 50] })).toEqual([{ variable: 'level', action: 'pump', gain: 5, low: 30, high: 50, clip: [0, 100] }]);
  expect(() => boundConstraints(tank, { usage: [0, 50] })).toThrow(/safety\.violation/);
  expect(() => boundConstraints(tank, { target: [0, 50] })).toThrow(/exactly/);
  expect(() => boundConstraints(tank, { colour: [0, 50] })).toThrow(/colour/);
});

test('bounds that mean nothing are refused', () => {
  expect(() => boundConstraints(tank, { level: [50, 30] })).toThrow(/lower one first/);
  expect(() => boundConstraints(tank, { level: [110, 130] })).toThrow(/physical range/);
});

test('bounds that numbers are too coarse to hold are refused, wherever they come from', () => {
  for (const level of [[50, 50.00001], [0, 5e-6], [-1e31, 50]] as const) expect(() => boundConstraints(tank, { level })).toThrow(/no number is fine enough/);
  for (const level of [[50, 50.001], [0, 2e-5]] as const) expect(boundConstraints(tank, { level })).toHaveLength(1);
});

test('narrowed bounds are float32 numbers inside the original ones, 1e-6 of the width away', () => {
  const [low, high] = narrowedBounds({ variable: 'x', action: 'a', gain: 1, low: 0.1, high: 50.3, clip: null }, 1);
  expect(Math.fround(low)).toBe(low);
  expect(Math.fround(high)).toBe(high);
  expect(low).toBeGreaterThanOrEqual(0.1 + 1e-6 * 50.2);
  expect(high).toBeLessThanOrEqual(50.3 - 1e-6 * 50.2);
  expect(50.3 - high).toBeLessThan(1e-4);
});
