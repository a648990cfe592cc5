import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean, percentile, standardDeviation, standardError, worstDecile } from '../../../src/learning/data/statistics';

test('percentiles use the R-7 method', () => {
  expect(percentile([3, 1, 2, 4], 25)).toBe(1.75);
  expect(percentile([10, 20, 30, 40, 50], 90)).toBe(46);
  expect(percentile([7], 33)).toBe(7);
});

test('the 0th and 100th percentiles are the smallest and the largest value', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
      expect(percentile(values, 0)).toBeCloseTo(Math.min(...values), 10);
      expect(percentile(values, 100)).toBeCloseTo(Math.max(...values), 10);
    }),
  );
});

test('the worst decile of a cost is its high side, that of a return its low side', () => {
  const values = Array.from({ length: 11 }, (_, i) => i);
  expect(worstDecile(values, 'cost')).toBe(9);
  expect(worstDecile(values, 'return')).toBe(1);
});

test('the standard error is that of the sample mean, and 0 for a single value', () => {
  expect(mean([1, 2, 3, 4])).toBe(2.5);
  expect(standardDeviation([1, 3])).toBe(1);
  expect(standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
  expect(standardError([5])).toBe(0);
});

test('a percentile of nothing is refused', () => {
  expect(() => percentile([], 50)).toThrow(RangeError);
});
