import { expect, test } from 'vitest';
import { ensembleMean } from '../../../src/learning/data/statistics';
import { predictedDiff, type Rollouts } from '../../../src/learning/diff/predictedDiff';
import { Random } from '../../../src/learning/random';
import { tank } from '../tank';

const bounds = { level: [20, 80] } as const;
const [members, starts, steps] = [2, 4, 300];

function rollouts(seed: number): Rollouts {
  const random = new Random(seed);
  const numbers = (length: number, low: number, high: number) => Array.from({ length }, () => random.uniform(low, high));
  return {
    members, starts, steps, costs: Float64Array.from(numbers(members * starts, 0, 1)), returns: Float64Array.from(numbers(members * starts, 0, 1)),
    states: Float64Array.from(numbers(members * starts * (steps + 1) * 3, 25, 75)),
  };
}

const startFrames = { episodes: [5, 6, 7, 8], rows: [0, 1, 2, 3] };

test('two equal controllers improve on each other by nothing, with no spread', () => {
  const { improvement, before, after } = predictedDiff(tank, bounds, startFrames, rollouts(1), rollouts(1));
  expect(improvement).toEqual({ mean: 0, spread: 0 });
  expect(before).toEqual(after);
});

test('trajectories stand side by side from the same recorded frames, at no more than 101 steps with both ends', () => {
  const { trajectories } = predictedDiff(tank, bounds, startFrames, rollouts(1), rollouts(2));
  expect(trajectories.map(({ episode, row }) => [episode, row])).toEqual([[5, 0], [6, 1], [7, 2]]);
  for (const { steps: told, states } of trajectories) {
    expect([told.length, told[0], told.at(-1)]).toEqual([101, 0, steps]);
    expect(states.map(({ name, unit }) => `${name} ${unit}`)).toEqual(['level cm', 'usage kW', 'target cm']);
    for (const { before, after } of states) {
      for (const band of [before, after]) band.mean.forEach((value, i) => expect([band.low[i] <= value, value <= band.high[i]]).toEqual([true, true]));
    }
  }
});

test('a margin is that of the nearest predicted step, but for the recorded first frame', () => {
  const far = rollouts(1);
  const width = 3;
  for (let rollout = 0; rollout < members * starts; rollout++) far.states[rollout * (steps + 1) * width] = 0;
  far.states[(steps + 3) * width] = 17;
  expect(predictedDiff(tank, bounds, startFrames, rollouts(1), far).after.margins).toEqual([{ variable: 'level', least: -0.05 }]);
});

test('cost, return and improvement are means with their spread; a band holds the members of one start', () => {
  const few = { members: 3, starts: 4, steps: 2 };
  const at = (member: number, start: number, step: number) => 1000 * member + 100 * start + 10 * step;
  const made = (gain: number): Rollouts => ({
    ...few,
    costs: Float64Array.from({ length: 12 }, (_, i) => i * i),
    returns: Float64Array.from({ length: 12 }, (_, i) => gain * i ** 3),
    states: Float64Array.from({ length: 12 * 3 * 3 }, (_, i) => at(Math.floor(i / 36), Math.floor(i / 9) % 4, Math.floor(i / 3) % 3) + (i % 3)),
  });
  const { before, after, improvement, trajectories } = predictedDiff(tank, {}, startFrames, made(1), made(3));
  const cubes = Array.from({ length: 12 }, (_, i) => i ** 3);
  expect(before.cost).toEqual(ensembleMean(cubes.map((_, i) => i * i), 3, 4));
  expect(before.return).toEqual(ensembleMean(cubes, 3, 4));
  expect(after.return.mean).toBeCloseTo(3 * before.return.mean, 9);
  expect(improvement).toEqual(ensembleMean(cubes.map((value) => 2 * value), 3, 4));
  trajectories.forEach(({ steps: told, states }, start) => {
    expect(told).toEqual([0, 1, 2]);
    states.forEach(({ after: band }, variable) => {
      expect(band.low).toEqual(told.map((step) => at(0, start, step) + variable));
      expect(band.mean).toEqual(told.map((step) => at(1, start, step) + variable));
      expect(band.high).toEqual(told.map((step) => at(2, start, step) + variable));
    });
  });
});

test('rollouts of different lengths are not compared', () => {
  expect(() => predictedDiff(tank, bounds, startFrames, rollouts(1), { ...rollouts(1), steps: 5 })).toThrow(RangeError);
});
