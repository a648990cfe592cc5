import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SystemSettings } from '../../../src/experiment/experiment';
import type { Controller } from '../../../src/learning/policy/controller';
import { createSimulator } from '../../../src/learning/system/createSimulator';
import { recordEpisodes, scoreEpisodes } from '../../../src/learning/system/record';
import { createScripted } from '../../../src/learning/system/scripted/createScripted';

const grid: SystemSettings = { kind: 'grid-2d', start: 'far' };
const benchmark: SystemSettings = { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' };

test('row 0 of a recorded episode is the first frame, with zero steering and reward 0', () => {
  const simulator = createSimulator(benchmark, 2);
  const episodes = recordEpisodes({ simulator, controller: createScripted(benchmark, 'random', 0), steps: 10, seeds: [1, 2], iteration: 3, policy: 2 });
  simulator.reset([1, 2]);
  expect(episodes).toHaveLength(2);
  episodes.forEach((episode, e) => {
    expect([episode.iteration, episode.policy, episode.frames]).toEqual([3, 2, 11]);
    expect([episode.states.length, episode.actions.length, episode.rewards.length]).toEqual([66, 33, 11]);
    expect(episode.states.slice(0, 6)).toEqual(simulator.states.slice(6 * e, 6 * e + 6));
    expect([...episode.actions.slice(0, 3), episode.rewards[0]]).toEqual([0, 0, 0, 0]);
  });
});

test('every row holds the action that led to it', () => {
  const plan = { simulator: createSimulator(grid, 1), controller: createScripted(grid, 'random', 0), steps: 25, seeds: [4] };
  const [episode] = recordEpisodes({ ...plan, iteration: 0, policy: 0 });
  for (let i = 2; i < episode.states.length; i++) expect(episode.states[i]).toBe(episode.states[i - 2] + episode.actions[i]);
});

test('actions are recorded as they were applied, within their ranges, and shown so to the controller', () => {
  const shown: number[] = [];
  const tooMuch: Controller = {
    reset() {},
    act(_states, previous, actions) {
      shown.push(...previous);
      actions.fill(7);
    },
  };
  const [episode] = recordEpisodes({ simulator: createSimulator(grid, 1), controller: tooMuch, steps: 2, seeds: [4], iteration: 0, policy: 0 });
  expect([...episode.actions]).toEqual([0, 0, 1, 1, 1, 1]);
  expect(shown).toEqual([0, 0, 1, 1]);
});

test('whatever controls, no action leaves its range or changes by more than its largest change, the first one beside do-nothing', () => {
  fc.assert(fc.property(fc.double({ min: 0.01, max: 3, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom('random', 'do-nothing'), fc.integer(), (maxChange, low, behaviour, seed) => {
    const simulator = createSimulator(grid, 2);
    const actions = simulator.description.actions.map((action) => ({ ...action, range: [low, low + 1] as const, maxChange }));
    const description = { ...simulator.description, actions };
    const episodes = recordEpisodes({ simulator: { ...simulator, description, reset: (seeds) => simulator.reset(seeds), step: (applied) => simulator.step(applied) }, controller: createScripted({ kind: 'program', command: ['-'], timeoutSeconds: 1 }, behaviour, 0.3, description), steps: 20, seeds: [seed, seed + 1], iteration: 0, policy: 0 });
    for (const { actions: taken } of episodes) {
      const nothing = Math.min(low + 1, Math.max(low, 0));
      taken.forEach((action, i) => {
        expect(action >= low && action <= low + 1).toBe(true);
        const before = i < 2 ? nothing : taken[i - 2];
        expect(action >= before - maxChange && action <= before + maxChange).toBe(true);
      });
    }
  }), { numRuns: 30 });
});

test('scores are those of the recorded rewards', () => {
  const plan = { controller: createScripted(benchmark, 'optimized', 0.4), steps: 30, seeds: [5, 6, 7] };
  const episodes = recordEpisodes({ ...plan, simulator: createSimulator(benchmark, 3), iteration: 0, policy: 0 });
  const steps: number[] = [];
  const scores = scoreEpisodes({ ...plan, simulator: createSimulator(benchmark, 3), discount: 0.9, visit: (step) => steps.push(step) });
  episodes.forEach((episode, e) => {
    const rewards = episode.rewards.slice(1);
    expect(scores.costs[e]).toBeCloseTo(-rewards.reduce((sum, reward) => sum + reward, 0) / 30, 8);
    expect(scores.returns[e]).toBeCloseTo(rewards.reduce((sum, reward, t) => sum + 0.9 ** t * reward, 0), 8);
  });
  expect(steps).toEqual(Array.from({ length: 31 }, (_, step) => step));
});

test('policies that are scored with the same seeds begin in the same states', () => {
  const firstFrame = (policy: string): Float64Array => {
    let first = new Float64Array(0);
    scoreEpisodes({
      simulator: createSimulator(benchmark, 4),
      controller: createScripted(benchmark, policy, 0.2),
      steps: 1,
      seeds: [1, 2, 3, 4],
      discount: 1,
      visit: (step, states) => {
        if (step === 0) first = states.slice();
      },
    });
    return first;
  };
  expect(firstFrame('bad')).toEqual(firstFrame('random'));
});
