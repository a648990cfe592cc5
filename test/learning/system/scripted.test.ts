import { expect, test } from 'vitest';
import type { SystemSettings } from '../../../src/experiment/experiment';
import { describeSystem } from '../../../src/experiment/systems';
import { Random } from '../../../src/learning/random';
import { createSimulator } from '../../../src/learning/system/createSimulator';
import { runEpisodes } from '../../../src/learning/system/record';
import { bestHold, hold } from '../../../src/learning/system/scripted/benchmark';
import { createScripted, UnknownPolicyError } from '../../../src/learning/system/scripted/createScripted';
import { withExploration } from '../../../src/learning/system/scripted/exploration';
import { episodeSeeds } from '../../../src/learning/system/seeds';

const grid: SystemSettings = { kind: 'grid-2d', start: 'uniform' };
const benchmark: SystemSettings = { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' };
const all = [grid, benchmark].flatMap((settings) => describeSystem(settings).behaviours.map((name) => ({ settings, name, kind: settings.kind })));

/** Actions of all steps under a controller, one list a step. */
function actionsOf(settings: SystemSettings, name: string, epsilon: number, episodes: number, steps: number): number[][] {
  const seen: number[][] = [];
  const simulator = createSimulator(settings, episodes);
  const controller = createScripted(settings, name, epsilon);
  runEpisodes({ simulator, controller, steps, seeds: episodeSeeds(new Random(6), episodes) }, (step, _states, actions) => {
    if (step > 0) seen.push([...actions]);
  });
  return seen;
}

test.each(all)('$kind: $name gives the same actions for the same seeds', ({ settings, name }) => {
  const once = actionsOf(settings, name, 0.3, 3, 40);
  expect(once.flat().every((action) => action >= -1 && action <= 1)).toBe(true);
  expect(actionsOf(settings, name, 0.3, 3, 40)).toEqual(once);
});

test.each(all)('$kind: $name treats each episode apart from the others', ({ settings, name }) => {
  const width = describeSystem(settings).actions.length;
  const together = actionsOf(settings, name, 0.3, 3, 40);
  expect(together.map((actions) => actions.slice(0, width))).toEqual(actionsOf(settings, name, 0.3, 1, 40));
});

test.each(all)('$kind: $name can be used again after a reset', ({ settings, name }) => {
  const simulator = createSimulator(settings, 2);
  const controller = createScripted(settings, name, 0.5);
  const play = (): number[] => {
    runEpisodes({ simulator, controller, steps: 15, seeds: [1, 2] }, () => {});
    return [...simulator.states];
  };
  expect(play()).toEqual(play());
});

test('the first behaviour of every system does nothing', () => {
  for (const settings of [grid, benchmark]) {
    const first = describeSystem(settings).behaviours[0];
    expect(actionsOf(settings, first, 0, 2, 5).flat().every((action) => action === 0)).toBe(true);
  }
});

test('exploration replaces whole actions, in the given share of steps', () => {
  const actions = actionsOf(benchmark, 'do-nothing', 0.4, 50, 100).flat();
  let explored = 0;
  for (let i = 0; i < actions.length; i += 3) {
    const moved = [actions[i], actions[i + 1], actions[i + 2]].filter((action) => action !== 0).length;
    expect([0, 3]).toContain(moved);
    if (moved === 3) explored++;
  }
  // 5000 steps: standard deviation 0.007
  expect(explored / (actions.length / 3)).toBeCloseTo(0.4, 1);
});

test('a probability of exploration outside 0 … 1 is refused', () => {
  expect(() => createScripted(grid, 'random', 1.1)).toThrow(RangeError);
  expect(() => withExploration(hold(), [], Number.NaN)).toThrow(RangeError);
});

test('hold arrives at its target and stays there', () => {
  const simulator = createSimulator(benchmark, 2);
  runEpisodes({ simulator, controller: hold(), steps: 40, seeds: [1, 2] }, (step, states) => {
    if (step < 30) return;
    expect(states[1]).toBeCloseTo(bestHold.velocity, 10);
    expect(states[2]).toBeCloseTo(bestHold.gain, 10);
    expect(states[3]).toBeCloseTo(bestHold.shift, 10);
  });
});

test('the grid’s behaviour arrives at the nearer of its two targets', () => {
  const simulator = createSimulator(grid, 200);
  let starts = new Float64Array(0);
  runEpisodes({ simulator, controller: createScripted(grid, 'nearer-target', 0), steps: 25, seeds: episodeSeeds(new Random(3), 200) }, (step, states) => {
    if (step === 0) starts = states.slice();
  });
  for (let i = 0; i < starts.length; i += 2) {
    const target = starts[i] + starts[i + 1] <= 10 ? 2.5 : 7.5;
    expect(simulator.states[i]).toBeCloseTo(target, 8);
    expect(simulator.states[i + 1]).toBeCloseTo(target, 8);
  }
});

test('the oscillator’s shift swings between its two turning points', () => {
  const shifts: number[] = [];
  const plan = { simulator: createSimulator(benchmark, 1), controller: createScripted(benchmark, 'shift-oscillator', 0), steps: 200, seeds: [1] };
  runEpisodes(plan, (step, states) => {
    if (step > 50) shifts.push(states[3]);
  });
  expect(Math.min(...shifts)).toBeGreaterThan(55);
  expect(Math.min(...shifts)).toBeLessThan(61);
  expect(Math.max(...shifts)).toBeGreaterThan(82);
  expect(Math.max(...shifts)).toBeLessThan(88);
});

test('an unknown name is refused with the names that there are', () => {
  expect(() => createScripted(grid, 'optimized', 0)).toThrow(UnknownPolicyError);
  expect(() => createScripted(grid, 'optimized', 0)).toThrow(/Choose one of: do-nothing, random, nearer-target, straight-to-goal/);
  expect(() => createScripted(benchmark, 'toString', 0)).toThrow(UnknownPolicyError);
});
