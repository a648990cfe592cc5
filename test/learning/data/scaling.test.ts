import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitScales, fromScaled, spanScale, toScaled } from '../../../src/learning/data/scaling';
import { tank, tankBatch, tankEpisode } from '../tank';

const batch = tankBatch([tankEpisode(200, 1), tankEpisode(200, 2)]);

test('a bounded variable is scaled by its bounds: middle, and width over the root of twelve', () => {
  const [level] = fitScales(tank, batch, { level: [30, 50] }, null).states;
  expect(level).toEqual({ name: 'level', middle: 40, unit: 20 / Math.sqrt(12), logFloor: null });
});

test('a variable without bounds has mean 0 and standard deviation 1 over a wide first batch', () => {
  const [level] = fitScales(tank, batch, {}, null).states;
  const scaled = batch.episodes.flatMap((episode) => Array.from({ length: episode.frames }, (_, row) => toScaled(level, episode.states[row * 3])));
  expect(scaled.reduce((sum, z) => sum + z, 0) / scaled.length).toBeCloseTo(0, 10);
  expect(scaled.reduce((sum, z) => sum + z * z, 0) / scaled.length).toBeCloseTo(1, 10);
});

test('no unit is below 5 % of the physical width, however narrow the first batch is', () => {
  const scales = fitScales(tank, tankBatch([{ ...tankEpisode(2, 1), states: Float64Array.of(50, 60, 50, 50.001, 60, 50) }]), {}, null);
  expect(scales.states[0].unit).toBe(5);
  expect(scales.states[1].unit).toBeCloseTo(0.05 * Math.log(500 / 5), 12);
  expect(scales.changes[0].unit).toBeCloseTo(5 / Math.sqrt(12), 12);
});

test('a constant variable has a finite unit and scales to 0', () => {
  const target = fitScales(tank, batch, {}, null).states[2];
  expect(target.unit).toBe(5);
  expect(toScaled(target, 50)).toBe(0);
});

test('no change scales to exactly 0, and changes never cross from one episode to the next', () => {
  const jump = tankBatch([
    { ...tankEpisode(2, 1), states: Float64Array.of(10, 60, 50, 10, 60, 50) },
    { ...tankEpisode(2, 1), states: Float64Array.of(90, 60, 50, 90, 60, 50) },
  ]);
  const change = fitScales(tank, jump, {}, null).changes[0];
  expect(change.middle).toBe(0);
  expect(change.unit).toBeCloseTo(5 / Math.sqrt(12), 12);
});

test('the reward scale is the system’s unless it is given', () => {
  expect(fitScales(tank, batch, {}, null).reward).toBe(3);
  expect(fitScales(tank, batch, {}, 7).reward).toBe(7);
});

test('fromScaled undoes toScaled, and a value below the logarithm’s floor comes back as the floor', () => {
  const scale = spanScale({ name: 'usage', logFloor: 5 }, 0, 500);
  fc.assert(
    fc.property(fc.double({ min: -100, max: 500, noNaN: true }), (value) => {
      expect(fromScaled(scale, toScaled(scale, value))).toBeCloseTo(Math.max(value, 5), 9);
    }),
  );
});

test('a recording that is not finite is refused with the variable’s name', () => {
  const broken = tankEpisode(3, 1);
  broken.states[4] = NaN;
  expect(() => fitScales(tank, tankBatch([broken]), {}, null)).toThrow(/usage is NaN/);
});
