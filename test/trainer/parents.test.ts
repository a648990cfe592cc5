import { expect, test } from 'vitest';
import type { Episode } from '../../src/learning/data/batch';
import type { IterationContext } from '../../src/trainer/context';
import { parentsOf } from '../../src/trainer/phases/searching';

/** Four policies that each recorded one episode, with the given cost per step. */
function context(costs: readonly number[], replaceWorst: number, iteration = 2): IterationContext {
  const episodes = costs.map((cost, index): Episode => ({ iteration: 1, policy: index + 1, frames: 3, states: new Float64Array(3), actions: new Float64Array(3), rewards: Float64Array.of(0, -cost, -cost) }));
  return { iteration, batch: { stateNames: [], actionNames: [], episodes }, experiment: { policies: { count: costs.length, replaceWorst } } } as unknown as IterationContext;
}

test('every policy begins from itself when none is replaced, and in the first iteration', () => {
  expect(parentsOf(context([1, 2, 3, 4], 0))).toEqual([0, 1, 2, 3, 4]);
  expect(parentsOf(context([1, 2, 3, 4], 2, 1))).toEqual([0, 1, 2, 3, 4]);
});

test('the policies that cost most when deployed begin from the one that cost least; the probe from itself', () => {
  expect(parentsOf(context([3, 1, 4, 2], 1))).toEqual([0, 1, 1, 3, 4]);
  expect(parentsOf(context([3, 1, 4, 2], 2))).toEqual([1, 1, 1, 3, 4]);
});

test('ties go to the lower policy', () => {
  expect(parentsOf(context([2, 2, 2], 1))).toEqual([0, 1, 0, 3]);
});
