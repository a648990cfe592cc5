import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SystemDescription, SystemSettings } from '../../src/experiment/experiment';
import { describeSystem } from '../../src/experiment/systems';
import { actionScale, spanScale } from '../../src/learning/data/scaling';
import { createForward } from '../../src/learning/policy/forward';
import { initialiseNetwork } from '../../src/learning/policy/initialise';
import type { PolicyDefinition } from '../../src/learning/policy/definition';
import { createPolicyController } from '../../src/learning/policy/policyController';
import { Random } from '../../src/learning/random';
import { createActionLimits, limitActions, nextValue } from '../../src/learning/safety/actionLimits';
import type { Bounds } from '../../src/learning/safety/bounds';
import { boundConstraints } from '../../src/learning/safety/bounds';
import { createSimulator } from '../../src/learning/system/createSimulator';
import { constraintsOf, descriptionOf, inside, isPossible, plants } from './madeUpPlant';

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const weightPower = real(-1, 6);
const HISTORY = 3;

/** A policy with weights of a size and constraints, which sees every state and its own last actions. */
function policyOf(description: SystemDescription, constraints: PolicyDefinition['constraints'], weights: number, seed: number): PolicyDefinition {
  const inputs = [
    ...description.states.map((variable) => ({ source: 'state' as const, scale: spanScale({ name: variable.name, logFloor: null }, ...(variable.range as [number, number])) })),
    ...description.actions.map((action) => ({ source: 'action' as const, scale: actionScale(action) })),
  ];
  const network = initialiseNetwork([HISTORY * inputs.length, 8, description.actions.length], 'tanh', new Random(seed).fork('policy'), 1);
  return {
    network: { ...network, parameters: network.parameters.map((weight) => weight * weights) }, history: HISTORY,
    states: description.states.map((variable) => variable.name), inputs, actions: description.actions, constraints,
  };
}

/** A bound of any width somewhere in a range. */
const boundIn = (low: number, high: number): fc.Arbitrary<readonly [number, number]> =>
  fc.tuple(real(0, 1), real(0.02, 1)).map(([at, width]) => {
    const bottom = low + at * (1 - width) * (high - low);
    return [bottom, bottom + width * (high - low)] as const;
  });

const systems: readonly [string, SystemSettings, fc.Arbitrary<Bounds>][] = [
  ['grid-2d', { kind: 'grid-2d', start: 'uniform' }, fc.record({ x: boundIn(0, 10), y: boundIn(0, 10) })],
  ['industrial-benchmark', { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' }, fc.record({ velocity: boundIn(0, 100), gain: boundIn(0, 100), shift: boundIn(0, 100) })],
];

describe.each(systems)('in the simulator of %s', (_, settings, anyBounds) => {
  const description = describeSystem(settings);
  const stateCount = description.states.length;
  const actionCount = description.actions.length;
  const episodes = 3;

  /** Random actions first, then the policy: tells every step that the policy took. */
  function play(definition: PolicyDefinition, seed: number, randomSteps: number, told: (before: Float64Array, action: Float64Array, previous: Float64Array, after: Float64Array, episode: number) => void): number {
    const simulator = createSimulator(settings, episodes);
    const random = new Random(seed).fork('history');
    simulator.reset([seed, seed + 1, seed + 2]);
    const previous = new Float64Array(episodes * actionCount);
    for (let step = 0; step < randomSteps; step++) {
      for (let i = 0; i < previous.length; i++) previous[i] = random.uniform(-1, 1);
      simulator.step(previous);
    }
    const controller = createPolicyController(definition);
    controller.reset(episodes, [0, 0, 0]);
    const actions = new Float64Array(previous.length);
    for (let step = 0; step < 25; step++) {
      const before = simulator.states.slice();
      controller.act(simulator.states, previous, actions);
      simulator.step(actions);
      for (let episode = 0; episode < episodes; episode++) {
        const rows = (data: Float64Array, width: number) => data.subarray(episode * width, (episode + 1) * width);
        told(rows(before, stateCount), rows(actions, actionCount), rows(previous, actionCount), rows(simulator.states, stateCount), episode);
      }
      previous.set(actions);
    }
    return controller.infeasible;
  }

  test('a constrained policy never leaves the original bounds, whatever its weights and history, and comes back from outside at full speed', () => {
    fc.assert(
      fc.property(anyBounds, weightPower, fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 30 }), (bounds, power, seed, randomSteps) => {
        const constraints = boundConstraints(description, bounds);
        const infeasible = play(policyOf(description, constraints, 10 ** power, seed), seed, randomSteps, (before, action, _previous, after) => {
          for (const { variable, low, high, gain } of constraints) {
            const row = description.states.findIndex(({ name }) => name === variable);
            const column = description.actions.findIndex(({ name }) => name === constraints.find((one) => one.variable === variable)?.action);
            const [x, next] = [before[row], after[row]];
            if (x >= low && x <= high) expect(next >= low && next <= high, `${variable} ${x} → ${next} in [${low}, ${high}]`).toBe(true);
            else {
              const distance = x < low ? low - x : x - high;
              if (distance > 1.001 * Math.abs(gain)) expect(Math.abs(action[column])).toBe(1);
              expect(x < low ? next > x : next < x).toBe(true);
            }
          }
        });
        expect(infeasible).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('a largest change is kept, and a bound is left only where that is counted', () => {
    fc.assert(
      fc.property(anyBounds, weightPower, fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 30 }), real(0.01, 2), (bounds, power, seed, randomSteps, maxChange) => {
        const limited: SystemDescription = { ...description, actions: description.actions.map((action) => ({ ...action, maxChange })) };
        const constraints = boundConstraints(description, bounds);
        let left = 0;
        const infeasible = play(policyOf(limited, constraints, 10 ** power, seed), seed, randomSteps, (before, action, previous, after) => {
          for (let i = 0; i < actionCount; i++) expect(Math.abs(action[i] - previous[i])).toBeLessThanOrEqual(maxChange);
          for (const { variable, low, high } of constraints) {
            const row = description.states.findIndex(({ name }) => name === variable);
            if (before[row] >= low && before[row] <= high && !(after[row] >= low && after[row] <= high)) left++;
          }
        });
        expect(left).toBeLessThanOrEqual(infeasible);
      }),
      { numRuns: 100 },
    );
  });

  test('a number that is not finite is refused by policy and simulator', () => {
    const definition = policyOf(description, boundConstraints(description, fc.sample(anyBounds, 1)[0]), 1, 1);
    const controller = createPolicyController(definition);
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      controller.reset(1, [0]);
      const states = new Float64Array(stateCount).fill(50);
      states[stateCount - 1] = broken;
      expect(() => controller.act(states, new Float64Array(actionCount), new Float64Array(actionCount))).toThrow(/is (NaN|Infinity)/);
      const simulator = createSimulator(settings, 1);
      simulator.reset([1]);
      expect(() => simulator.step(new Float64Array(actionCount).fill(broken))).toThrow(/is (NaN|Infinity)/);
    }
    const withoutNumbers = createPolicyController({ ...definition, network: { ...definition.network, parameters: definition.network.parameters.map(() => Number.NaN) } });
    withoutNumbers.reset(1, [0]);
    expect(() => withoutNumbers.act(new Float64Array(stateCount).fill(50), new Float64Array(actionCount), new Float64Array(actionCount))).toThrow(/NaN/);
  });
});

describe('on a made-up plant with one or two bounded variables on an action, closed loops of 30 steps', () => {
  const starts = fc.oneof(fc.constantFrom(0, 1, 1e-7, 1 - 1e-7), real(0, 1));

  test.each([['float64', (value: number) => value, false], ['float64 with largest changes', (value: number) => value, true], ['float32', Math.fround, false], ['float32 with largest changes', Math.fround, true]] as const)('stay within the original bounds in %s, wherever an action can keep them', (_, round, withChange) => {
    fc.assert(
      fc.property(plants(starts, withChange), (plant) => {
        // with fewer than 16 float32 numbers between the bounds, or a step so large that an action's last bit crosses them, only float64 can respect them
        const fine = plant.variables.every(({ low, high, gain, action }) => high - low > 16 * 2 ** -23 * Math.max(Math.abs(low), Math.abs(high), Math.abs(gain * plant.actions[action].range[0]), Math.abs(gain * plant.actions[action].range[1])));
        fc.pre(round !== Math.fround || fine);
        const description = descriptionOf(plant);
        const definition = policyOf(description, constraintsOf(plant), plant.weights, plant.seed);
        const limits = createActionLimits(definition.states, definition.actions, definition.constraints);
        const forward = createForward(definition.network);
        const random = new Random(plant.seed).fork('inputs');
        const raw = new Float64Array(plant.actions.length);
        const out = round === Math.fround ? new Float32Array(raw.length) : new Float64Array(raw.length);
        let states = plant.variables.map(({ low, high, at }) => round(Math.min(high, Math.max(low, low + at * (high - low)))));
        let previous = plant.actions.map(({ range }) => round(random.uniform(range[0], range[1])));
        const window = new Float64Array(definition.network.sizes[0]);
        for (let step = 0; step < 30; step++) {
          for (let i = 0; i < window.length; i++) window[i] = random.normal();
          forward(window, 0, raw, 0);
          limitActions(limits, states, 0, previous, 0, raw, 0, out, 0, round);
          const before = states;
          states = plant.variables.map((variable, row) => nextValue(limits.actions[variable.action].constraints[plant.variables.filter((other, i) => i < row && other.action === variable.action).length], before[row], out[variable.action], round));
          for (let action = 0; action < plant.actions.length; action++) {
            if (!isPossible(plant, action, before, previous[action])) continue;
            plant.variables.forEach((variable, row) => {
              if (variable.action !== action || !inside(variable, before[row])) return;
              expect(inside(variable, states[row]), `v${row} ${before[row]} → ${states[row]} by ${out[action]} in [${variable.low}, ${variable.high}]`).toBe(true);
            });
          }
          previous = [...out];
        }
      }),
      { numRuns: 500 },
    );
  });
});
