import { afterAll, expect, test } from 'vitest';
import { toScaled } from '../../../src/learning/data/scaling';
import { windowColumns, writeWindow } from '../../../src/learning/data/window';
import { BehaviourDensity } from '../../../src/learning/model/behaviour';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { Random } from '../../../src/learning/random';
import { predict } from '../../../src/learning/search/prediction';
import { drawStarts } from '../../../src/learning/search/starts';
import { wasmEngine } from '../engine/engines';
import { BENCHMARK, makeRollout } from './rollouts';

const engine = wasmEngine();
afterAll(() => engine.dispose());

const { plan, batch, members } = makeRollout(BENCHMARK, 3);
// large weights, so that many means lie outside of what is allowed
const behaviour = initialiseNetwork(plan.behaviour?.sizes ?? [], 'tanh', new Random(5), 6);
const starts = drawStarts(batch, 12, { from: 'rows', firstShare: 0.2 }, new Random(1));
const rolled = (constraints: typeof plan.constraints) =>
  predict(engine, { ...plan, constraints, policy: { ...plan.policy, sizes: behaviour.sizes, output: 'mean' }, count: 1, policies: 1, terms: { objective: false, soft: false, violation: false, diversity: null }, behaviour: null }, batch, starts, 0.97, [behaviour], members, null);

/** velocity (gain 1), gain (10) and shift follow from their actions by formula, so the first action can be read from the states */
function firstVelocityActions({ states, starts: count, steps }: ReturnType<typeof predict>): number[] {
  const width = plan.description.states.length;
  const column = plan.description.states.findIndex(({ name }) => name === 'velocity');
  return Array.from({ length: count }, (_, start) => {
    const at = start * (steps + 1) * width + column;
    return states[at + width] - states[at];
  });
}

function meanOf(start: number): number {
  const density = new BehaviourDensity(behaviour);
  const columns = windowColumns(plan.policy.inputs, batch.stateNames, batch.actionNames);
  const window = new Float64Array(plan.policy.history * columns.length);
  const episode = batch.episodes[starts.episodes[start]];
  writeWindow(episode, starts.rows[start], plan.policy.history, columns, columns.map(({ index }) => plan.scales.states[index]), window, 0);
  density.logDensities(window, [0, 0, 0], new Float64Array(3));
  return density.means[0];
}

test('β’s rollout takes its mean action, brought to the nearest end of the range', () => {
  const actions = firstVelocityActions(rolled([]));
  const means = actions.map((_, start) => meanOf(start));
  expect(means.some((mean) => Math.abs(mean) > 1)).toBe(true);
  expect(means.some((mean) => Math.abs(mean) < 1)).toBe(true);
  actions.forEach((action, start) => expect(action).toBeCloseTo(Math.min(1, Math.max(-1, means[start])), 3));
});

test('with the policies’ limits β’s rollout keeps their bounds from every start inside', () => {
  const { states, steps, members: count, starts: each } = rolled(plan.constraints);
  const width = plan.description.states.length;
  for (const [name, [low, high]] of Object.entries(plan.bounds)) {
    const column = plan.description.states.findIndex((variable) => variable.name === name);
    let inside = 0;
    for (let rollout = 0; rollout < count * each; rollout++) {
      const value = (step: number) => states[(rollout * (steps + 1) + step) * width + column];
      if (value(0) < low || value(0) > high) continue;
      inside++;
      for (let step = 1; step <= steps; step++) expect(toScaled({ name, middle: low, unit: high - low, logFloor: null }, value(step))).toSatisfy((share: number) => share >= 0 && share <= 1);
    }
    expect(inside).toBeGreaterThan(0);
  }
});

test('cost is the mean over the steps, undiscounted, and return discounts from the second step on: of each rollout’s own states', () => {
  const { states, steps, costs, returns } = rolled(plan.constraints);
  const width = plan.description.states.length;
  const [fatigue, consumption] = ['fatigue', 'consumption'].map((wanted) => plan.description.states.findIndex(({ name }) => name === wanted));
  expect(new Set(costs).size).toBeGreaterThan(12);
  costs.forEach((cost, rollout) => {
    const rewards = Array.from({ length: steps }, (_, t) => (rollout * (steps + 1) + t + 1) * width).map((at) => -3 * states[at + fatigue] - states[at + consumption]);
    expect(cost / (-rewards.reduce((sum, reward) => sum + reward, 0) / steps)).toBeCloseTo(1, 5);
    expect(returns[rollout] / rewards.reduce((sum, reward, t) => sum + 0.97 ** t * reward, 0)).toBeCloseTo(1, 5);
  });
});
