import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundDown, roundOnItsSide, roundUp } from '../../../src/learning/safety/float32';

const numbers = fc.oneof(fc.constantFrom(0, -0, 1e-46, -1e-46, 30.1), fc.double({ min: -1e6, max: 1e6, noNaN: true }));

test('rounded up and down, a number is the nearest float32 at or above it and at or below it', () => {
  fc.assert(
    fc.property(numbers, (value) => {
      const [below, above] = [roundDown(value), roundUp(value)];
      expect([Math.fround(below), Math.fround(above)]).toEqual([below, above]);
      expect(below <= value && value <= above).toBe(true);
      // nothing lies between the two
      if (below < above) expect([below, above]).toContain(Math.fround((below + above) / 2));
    }),
    { numRuns: 500 },
  );
});

test('as float32 a number lies within bounds if it did, and outside if it did not', () => {
  fc.assert(
    // within a few float32 numbers of a bound, where rounding alone would err about every second time
    fc.property(fc.double({ min: 100, max: 1000, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: -1e-4, max: 1e-4, noNaN: true }), fc.boolean(), (low, width, beside, upper) => {
      const bounds = [low, low + width] as const;
      const value = bounds[upper ? 1 : 0] + beside;
      const rounded = roundOnItsSide(value, bounds);
      expect(Math.fround(rounded)).toBe(rounded);
      expect([rounded < bounds[0], rounded > bounds[1]]).toEqual([value < bounds[0], value > bounds[1]]);
      expect(Math.abs(rounded - value)).toBeLessThanOrEqual(2 ** -23 * Math.abs(value));
    }),
    { numRuns: 500 },
  );
});
