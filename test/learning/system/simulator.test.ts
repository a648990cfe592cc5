import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SystemSettings } from '../../../src/experiment/experiment';
import { describeSystem } from '../../../src/experiment/systems';
import { Random } from '../../../src/learning/random';
import { RandomDraws } from '../../../src/learning/system/benchmarkDraws';
import { steering } from '../../../src/learning/system/benchmarkStep';
import { createSimulator } from '../../../src/learning/system/createSimulator';
import { episodeSeeds } from '../../../src/learning/system/seeds';

const grid: SystemSettings = { kind: 'grid-2d', start: 'uniform' };
const benchmark: SystemSettings = { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' };
const varying: SystemSettings = { kind: 'industrial-benchmark', setpoint: 95, setpointProcess: 'varying' };
const systems: [string, SystemSettings][] = [
  ['the 2D world', grid],
  ['the benchmark with a fixed setpoint', benchmark],
  ['the benchmark with a varying setpoint', varying],
];

/** States and rewards of every step under random actions, of the chosen episode. */
function trace(settings: SystemSettings, seeds: readonly number[], episode: number, steps = 60): number[] {
  const simulator = createSimulator(settings, seeds.length);
  const stateCount = simulator.description.states.length;
  const actionCount = simulator.description.actions.length;
  const streams = seeds.map((seed) => new Random(seed).fork('actions'));
  simulator.reset(seeds);
  const seen: number[] = [];
  for (let step = 0; step < steps; step++) {
    seen.push(...simulator.states.slice(episode * stateCount, (episode + 1) * stateCount), simulator.rewards[episode]);
    simulator.step(streams.flatMap((stream) => Array.from({ length: actionCount }, () => stream.uniform(-1.3, 1.3))));
  }
  return seen;
}

test.each(systems)('in %s an episode depends on its own seed alone', (_name, settings) => {
  expect(trace(settings, [11, 12, 13], 1)).toEqual(trace(settings, [12], 0));
  expect(trace(settings, [11], 0)).not.toEqual(trace(settings, [12], 0));
});

test.each(systems)('in %s a reset forgets everything that was before', (_name, settings) => {
  const simulator = createSimulator(settings, 2);
  const actions = new Float64Array(2 * simulator.description.actions.length).fill(0.7);
  const play = (): number[] => {
    simulator.reset([5, 6]);
    for (let step = 0; step < 30; step++) simulator.step(actions);
    return [...simulator.states, ...simulator.rewards];
  };
  expect(play()).toEqual(play());
});

test.each(systems)('in %s the arrays are the same ones after every step', (_name, settings) => {
  const simulator = createSimulator(settings, 2);
  const { states, rewards } = simulator;
  simulator.reset([1, 2]);
  expect([...rewards]).toEqual([0, 0]);
  simulator.step(new Float64Array(2 * simulator.description.actions.length));
  expect(simulator.states).toBe(states);
  expect(simulator.rewards).toBe(rewards);
});

test.each(systems)('%s refuses too few seeds and actions of another size', (_name, settings) => {
  const simulator = createSimulator(settings, 3);
  expect(() => simulator.reset([1, 2])).toThrow(RangeError);
  simulator.reset([1, 2, 3]);
  expect(() => simulator.step([0])).toThrow(RangeError);
  expect(() => createSimulator(settings, 0)).toThrow(RangeError);
});

test('steered variables follow the description’s formula exactly, for any action', () => {
  const actionNumbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(fc.constantFrom(grid, benchmark), fc.integer(), actionNumbers, (settings, seed, numbers) => {
      const simulator = createSimulator(settings, 1);
      const { states, actions } = simulator.description;
      simulator.reset([seed]);
      for (let i = 0; i + actions.length <= numbers.length; i += actions.length) {
        const before = [...simulator.states];
        simulator.step(numbers.slice(i, i + actions.length));
        states.forEach((state, s) => {
          if (state.next?.kind !== 'affine') return;
          const { action, gain, clip } = state.next;
          const applied = Math.min(1, Math.max(-1, numbers[i + actions.findIndex((variable) => variable.name === action)]));
          const next = before[s] + gain * applied;
          expect(simulator.states[s]).toBe(clip ? Math.min(state.range[1], Math.max(state.range[0], next)) : next);
        });
      }
    }),
    { numRuns: 60 },
  );
});

test('the description’s steering gains are the simulator’s', () => {
  const gains = describeSystem(benchmark).states.flatMap((state) => (state.next?.kind === 'affine' ? [state.next.gain] : []));
  expect(gains).toEqual([steering.velocity, steering.gain, steering.shift]);
});

test('the benchmark’s reward is the description’s formula of the new state', () => {
  const simulator = createSimulator(benchmark, 1);
  simulator.reset([3]);
  simulator.step([0.3, -0.2, 0.5]);
  expect(simulator.rewards[0]).toBe(-(3 * simulator.states[4] + simulator.states[5]));
});

test('a fixed setpoint stays, a varying one moves by at most 1 a step and never leaves 0 … 100', () => {
  for (const [settings, moves] of [[benchmark, false], [varying, true]] as const) {
    const simulator = createSimulator(settings, 20);
    simulator.reset(episodeSeeds(new Random(4), 20));
    let moved = false;
    for (let step = 0; step < 300; step++) {
      const before = simulator.states.slice();
      simulator.step(new Float64Array(60));
      for (let row = 0; row < before.length; row += 6) {
        const change = Math.abs(simulator.states[row] - before[row]);
        expect(change).toBeLessThanOrEqual(1);
        expect(simulator.states[row] >= 0 && simulator.states[row] <= 100).toBe(true);
        moved ||= change > 0;
      }
    }
    expect(moved).toBe(moves);
  }
});

test('every start of the 2D world lies in its box', () => {
  for (const [start, low, high] of [['uniform', [0, 0], [10, 10]], ['corner', [5, 0], [10, 5]], ['far', [6, 6], [10, 10]]] as const) {
    const simulator = createSimulator({ kind: 'grid-2d', start }, 500);
    simulator.reset(episodeSeeds(new Random(2), 500));
    for (let axis = 0; axis < 2; axis++) {
      const values = Array.from({ length: 500 }, (_, episode) => simulator.states[2 * episode + axis]);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low[axis]);
      expect(Math.max(...values)).toBeLessThan(high[axis]);
      expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.95 * (high[axis] - low[axis]));
    }
  }
});

test('policies with the same seed share their noise, whether or not their fatigue is saturated', () => {
  const plain = new RandomDraws(new Random(8));
  const saturated = new RandomDraws(new Random(8));
  for (let step = 0; step < 50; step++) {
    if (step % 3 === 0) saturated.saturatedFatigue();
    expect(saturated.gainExponential()).toBe(plain.gainExponential());
    expect(saturated.consumptionNoise()).toBe(plain.consumptionNoise());
  }
});

test('more episodes keep the seeds of the first ones', () => {
  expect(episodeSeeds(new Random(9), 50).slice(0, 20)).toEqual(episodeSeeds(new Random(9), 20));
});

test('a setpoint outside 0 … 100 is refused', () => {
  expect(() => createSimulator({ kind: 'industrial-benchmark', setpoint: 101, setpointProcess: 'fixed' }, 1)).toThrow(/between 0 and 100/);
});
