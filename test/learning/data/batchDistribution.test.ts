import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Batch } from '../../../src/learning/data/batch';
import { distributionsOf } from '../../../src/learning/data/batchDistribution';
import { summariseBatch } from '../../../src/learning/data/batchSummary';

/** One state x and one action a, by episode. */
function batchOf(episodes: readonly (readonly [readonly number[], readonly number[]])[]): Batch {
  return {
    stateNames: ['x'], actionNames: ['a'],
    episodes: episodes.map(([states, actions]) => ({ iteration: 0, policy: 0, frames: states.length, states: Float64Array.from(states), actions: Float64Array.from(actions), rewards: new Float64Array(states.length) })),
  };
}

test('values fall into equal bins, the greatest into the last', () => {
  const x = distributionsOf(batchOf([[[0, 1, 2, 3, 4], [0, 0, 0, 0, 0]]]), 4).get('x');
  expect(x).toEqual({ minimum: 0, maximum: 4, mean: 2, standardDeviation: Math.sqrt(2), p5: 0.2, p95: 3.8, counts: [1, 1, 1, 2] });
});

test('equal values are one bin', () => {
  expect(distributionsOf(batchOf([[[7, 7, 7], [1, 2, 3]]]), 40).get('x')).toMatchObject({ minimum: 7, maximum: 7, standardDeviation: 0, p5: 7, p95: 7, counts: [3] });
});

test('an action of an episode’s first row is no action that was chosen', () => {
  expect(distributionsOf(batchOf([[[1, 2], [99, 5]], [[1, 2], [99, 6]]]), 2).get('a')).toMatchObject({ minimum: 5, maximum: 6, counts: [1, 1] });
});

test('every row is counted once, and least, most and spread are those that validation sees', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const episode = fc.integer({ min: 2, max: 30 }).chain((frames) => fc.tuple(fc.array(number, { minLength: frames, maxLength: frames }), fc.array(number, { minLength: frames, maxLength: frames })));
  fc.assert(fc.property(fc.array(episode, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (episodes, bins) => {
    const batch = batchOf(episodes);
    const { columns } = summariseBatch(batch);
    for (const [name, { counts, maximum, mean, minimum, p5, p95, standardDeviation }] of distributionsOf(batch, bins)) {
      const rows = episodes.reduce((sum, [states]) => sum + states.length - (name === 'a' ? 1 : 0), 0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
      expect(counts).toHaveLength(minimum === maximum ? 1 : bins);
      expect([minimum, maximum]).toEqual([columns[name].minimum, columns[name].maximum]);
      expect(Math.abs(standardDeviation - columns[name].standardDeviation)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(maximum) + Math.abs(minimum)));
      expect(minimum <= p5 && p5 <= p95 && p95 <= maximum).toBe(true);
      expect(mean).toBeGreaterThanOrEqual(minimum - 1e-6);
    }
  }));
});
