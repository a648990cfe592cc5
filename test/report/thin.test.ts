import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { thin, thinPieces } from '../../src/report/thin';

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

test('a piece looks at no more numbers than asked and one stretch, and the pieces choose what the whole does', () => {
  const [length, limit, most] = [20_000, 200, 500];
  let looked = 0;
  const counted = [7, 11, 13].map((period) => new Proxy(Float64Array.from({ length }, (_, index) => Math.sin(index / period) * index), {
    get: (values, key) => {
      if (key !== 'length') looked++;
      return Reflect.get(values, key) as unknown;
    },
  }));
  const pieces: number[] = [];
  const reading = thinPieces(counted, limit, most);
  let step = reading.next();
  for (; step.done !== true; step = reading.next()) {
    pieces.push(looked);
    looked = 0;
  }
  const stretch = Math.ceil(length / Math.floor((limit - 2) / 6));
  expect(Math.max(...pieces, looked)).toBeLessThanOrEqual(most + stretch);
  expect(pieces.reduce((sum, count) => sum + count, looked)).toBe(3 * length);
  expect(step.value).toEqual(thin(counted, limit));
});

test('series that are short enough are kept whole', () => {
  expect(thin([[3, 1, 2], [0, 0, 0]], 3)).toEqual([0, 1, 2]);
  expect(thin([], 10)).toEqual([]);
});
