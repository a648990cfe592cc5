import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Episode } from '../../../src/learning/data/batch';
import { countNewCells, coverage, coverageGrid, visitedCells } from '../../../src/learning/evaluation/coverage';
import { scoreEpisodes } from '../../../src/learning/evaluation/scores';
import { countViolations } from '../../../src/learning/evaluation/violations';
import { tank, tankEpisode } from '../tank';

/** An episode of the tank at the given levels and usages. */
function at(...frames: readonly (readonly [number, number])[]): Episode {
  const episode = tankEpisode(frames.length, 1);
  frames.forEach(([level, usage], row) => episode.states.set([level, usage, 50], row * 3));
  return episode;
}

test('a cell holds its lower border, and the last one its upper as well', () => {
  const grid = coverageGrid(tank, { level: [0, 10] }, ['level']);
  expect(visitedCells(grid, [at([0, 0], [0.999, 0], [1, 0], [10, 0])])).toEqual([0, 1, 9]);
});

test('frames outside of the grid count nowhere', () => {
  const grid = coverageGrid(tank, { level: [0, 10] }, ['level']);
  expect(coverage(grid, [at([-0.001, 0], [10.001, 0], [NaN, 0])])).toBe(0);
});

test('two variables make a hundred cells: bounds where there are some, else the physical range', () => {
  const grid = coverageGrid(tank, { level: [0, 10] }, ['level', 'usage']);
  expect(grid.cells).toBe(100);
  expect(visitedCells(grid, [at([3, 120], [3, 499])])).toEqual([32, 39]);
  expect(coverage(grid, [at([3, 120], [3, 499])])).toBe(0.02);
});

test('coverage never falls when episodes join, and grows by the new cells', () => {
  const grid = coverageGrid(tank, {}, ['level', 'usage']);
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      const [before, joined] = [[tankEpisode(30, a)], [tankEpisode(30, b)]];
      const grown = visitedCells(grid, [...before, ...joined]).length;
      expect(grown).toBe(visitedCells(grid, before).length + countNewCells(grid, before, joined));
    }),
  );
});

test('violations are counted against the original bounds, with no tolerance', () => {
  const names = ['level', 'usage', 'target'];
  const episode = at([99, 0], [50, 0], [50.000000001, 0], [29, 300], [40, 300]);
  const violations = countViolations(names, { level: [30, 50], usage: [0, 200] }, [episode]);
  expect(violations).toEqual({ steps: 4, outside: 3, share: 0.75, worst: 0.5, byVariable: { level: 2, usage: 2 } });
});

test('a value that is not a number is out of bounds', () => {
  expect(countViolations(['level', 'usage', 'target'], { level: [30, 50] }, [at([40, 0], [NaN, 0])])).toMatchObject({ outside: 1, worst: Infinity });
});

test('cost is per step and undiscounted, return is discounted from the second step on; the first row counts in neither', () => {
  const episode = { ...tankEpisode(4, 1), rewards: Float64Array.of(100, -1, -2, -3) };
  const { cost, return: returned } = scoreEpisodes([episode], 0.5);
  expect(cost).toEqual({ mean: 2, standardError: 0, p10: 2 });
  expect(returned.mean).toBe(-1 - 1 - 0.75);
});
