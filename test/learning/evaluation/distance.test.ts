import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closestPair, distanceMatrix, distanceVariables, episodeDistances, meanLsed, minLsed, nearestPartners, rolloutDistance } from '../../../src/learning/evaluation/distance';
import { tank, tankEpisode } from '../tank';

const rollouts = fc.integer({ min: 1, max: 5 }).chain((count) => fc.array(fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 2 }), { minLength: count, maxLength: count }));

test('the distance is the root mean square over steps and variables', () => {
  expect(rolloutDistance([0, 0, 0, 0], [2, 2, 2, 2])).toBeCloseTo(Math.sqrt(4 + 1e-6), 14);
  expect(rolloutDistance([1, 2], [1, 2])).toBe(1e-3);
});

test('the matrix is symmetric, with 0 on its diagonal', () => {
  fc.assert(
    fc.property(rollouts, (policies) => {
      const count = policies.length;
      const matrix = distanceMatrix(policies);
      for (let i = 0; i < count; i++) {
        expect(matrix[i * count + i]).toBe(0);
        for (let j = 0; j < count; j++) expect(matrix[i * count + j]).toBe(matrix[j * count + i]);
      }
    }),
  );
});

test('closest pair ≤ MinLSED ≤ LSED, and all are 0 for one policy', () => {
  fc.assert(
    fc.property(rollouts, (policies) => {
      const matrix = distanceMatrix(policies);
      expect(closestPair(matrix)).toBeLessThanOrEqual(minLsed(matrix) + 1e-12);
      expect(minLsed(matrix)).toBeLessThanOrEqual(meanLsed(matrix) + 1e-12);
      if (policies.length === 1) expect(meanLsed(matrix)).toBe(0);
    }),
  );
});

test('distances are averaged over starts before the nearest partner is chosen', () => {
  // from the first start policy 1 is nearer to 0, from the second policy 2; on average 2 is
  const matrix = distanceMatrix([[[0], [0]], [[1], [10]], [[2], [1]]]);
  expect(Array.from(nearestPartners(matrix))).toEqual([2, 2, 0]);
});

test('ties go to the lower index', () => {
  expect(Array.from(nearestPartners(distanceMatrix([[[0]], [[1]], [[-1]]])))).toEqual([1, 0, 0]);
  expect(Array.from(nearestPartners(distanceMatrix([[[0]]])))).toEqual([-1]);
});

test('the unit is the width of the bounds, else of the physical range, over the root of twelve', () => {
  const shifted = tankEpisode(10, 1);
  const moved = { ...shifted, states: shifted.states.map((value, i) => (i % 3 === 0 ? value + 20 : value)) };
  const unit = (width: number): number => Math.sqrt((20 / (width / Math.sqrt(12))) ** 2 + 1e-6);
  expect(minLsed(episodeDistances(distanceVariables(tank, { level: [30, 50] }, ['level']), [[shifted], [moved]]))).toBeCloseTo(unit(20), 12);
  expect(minLsed(episodeDistances(distanceVariables(tank, {}, ['level']), [[shifted], [moved]]))).toBeCloseTo(unit(100), 12);
});

test('policies that were not run from the same starts are not compared', () => {
  expect(() => distanceMatrix([[[0]], [[0], [1]]])).toThrow(/same starts/);
});
