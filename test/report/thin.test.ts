import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { thin } from '../../src/report/thin';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test('a thinned series keeps its extremes, its ends and its order, and is no longer than asked', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 500 }), fc.integer({ min: 4, max: 60 }), (values, limit) => {
      const kept = thin([values], limit);
      const chosen = kept.map((index) => values[index]);
      expect(kept.length).toBeLessThanOrEqual(limit);
      expect(Math.max(...chosen)).toBe(Math.max(...values));
      expect(Math.min(...chosen)).toBe(Math.min(...values));
      expect([kept[0], kept.at(-1)]).toEqual([0, values.length - 1]);
      expect([...kept].sort((a, b) => a - b)).toEqual(kept);
    }),
  );
});

test('series that are short enough are kept whole', () => {
  expect(thin([[3, 1, 2], [0, 0, 0]], 3)).toEqual([0, 1, 2]);
  expect(thin([], 10)).toEqual([]);
});
