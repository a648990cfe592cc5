import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitScales } from '../../../src/learning/data/scaling';
import { columnScales, windowColumns, writeWindow } from '../../../src/learning/data/window';
import type { PolicyDefinition } from '../../../src/learning/policy/definition';
import { policyInputs } from '../../../src/learning/policy/definition';
import { createForward } from '../../../src/learning/policy/forward';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { createPolicyController } from '../../../src/learning/policy/policyController';
import { Random } from '../../../src/learning/random';
import { boundConstraints } from '../../../src/learning/safety/bounds';
import { tank, tankBatch, tankEpisode } from '../tank';

const bounds = { level: [20, 80] } as const;
const batch = tankBatch([tankEpisode(30, 1), tankEpisode(30, 2), tankEpisode(30, 3)]);
const scales = fitScales(tank, batch, bounds, null);
const inputs = ['level', 'usage', 'pump', 'heater'];

function policy(seed: number, options: Partial<PolicyDefinition> = {}, gain = 1): PolicyDefinition {
  const history = options.history ?? 3;
  const network = initialiseNetwork([history * inputs.length, 8, 2], 'tanh', new Random(seed));
  return {
    network: { ...network, parameters: network.parameters.map((weight) => gain * weight) },
    history,
    states: batch.stateNames,
    inputs: policyInputs(inputs, tank, scales),
    actions: tank.actions,
    constraints: boundConstraints(tank, bounds),
    ...options,
  };
}

test('a constrained policy stays in bounds from every start, however large its weights', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 20, max: 80, noNaN: true }), fc.constantFrom(0.1, 1, 100, 1e6), (seed, start, gain) => {
      const controller = createPolicyController(policy(seed, {}, gain));
      controller.reset(1, [0]);
      const states = Float64Array.of(start, 60, 50);
      let previous = new Float64Array(2);
      for (let t = 0; t < 60; t++) {
        const actions = new Float64Array(2);
        controller.act(states, previous, actions);
        states[0] = Math.min(100, Math.max(0, states[0] + 5 * actions[0]));
        states[1] = Math.abs(60 * Math.sin(t));
        expect(states[0] >= 20 && states[0] <= 80).toBe(true);
        expect(actions[1] >= 0 && actions[1] <= 10).toBe(true);
        previous = actions;
      }
      expect(controller.infeasible).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test('the history in the controller is the window that the batch gives, from the first frame on', () => {
  const definition = policy(5, { constraints: [] });
  const controller = createPolicyController(definition);
  const columns = windowColumns(inputs, batch.stateNames, batch.actionNames);
  const forward = createForward(definition.network);
  const window = new Float64Array(definition.network.sizes[0]);
  const raw = new Float64Array(2);
  const actions = new Float64Array(2);
  const episode = batch.episodes[0];
  controller.reset(1, [0]);
  for (let row = 0; row < episode.frames; row++) {
    controller.act(episode.states.slice(row * 3, row * 3 + 3), episode.actions.slice(row * 2, row * 2 + 2), actions);
    writeWindow(episode, row, definition.history, columns, columnScales(columns, scales), window, 0);
    forward(window, 0, raw, 0);
    expect(actions[0]).toBeCloseTo(2 * Math.tanh(raw[0]), 12);
    expect(actions[1]).toBeCloseTo(5 + 5 * Math.tanh(raw[1]), 12);
  }
});

test('episodes run together act as they would alone', () => {
  const together = createPolicyController(policy(7));
  const alone = batch.episodes.map(() => createPolicyController(policy(7)));
  together.reset(3, [0, 0, 0]);
  alone.forEach((controller) => controller.reset(1, [0]));
  const actions = new Float64Array(6);
  const single = new Float64Array(2);
  for (let row = 0; row < 30; row++) {
    together.act(
      Float64Array.from(batch.episodes.flatMap((episode) => Array.from(episode.states.subarray(row * 3, row * 3 + 3)))),
      Float64Array.from(batch.episodes.flatMap((episode) => Array.from(episode.actions.subarray(row * 2, row * 2 + 2)))),
      actions,
    );
    batch.episodes.forEach((episode, e) => {
      alone[e].act(episode.states.slice(row * 3, row * 3 + 3), episode.actions.slice(row * 2, row * 2 + 2), single);
      expect(actions.slice(e * 2, e * 2 + 2)).toEqual(single);
    });
  }
});

test('a reset forgets the history', () => {
  const controller = createPolicyController(policy(9));
  const [first, again] = [new Float64Array(2), new Float64Array(2)];
  controller.reset(1, [0]);
  controller.act(Float64Array.of(40, 60, 50), Float64Array.of(0, 0), first);
  controller.act(Float64Array.of(70, 10, 50), Float64Array.of(2, 3), again);
  controller.reset(1, [0]);
  controller.act(Float64Array.of(40, 60, 50), Float64Array.of(0, 0), again);
  expect(again).toEqual(first);
});

test('a largest change holds between one action and the next', () => {
  const actions = tank.actions.map((action) => ({ ...action, maxChange: 0.25 }));
  const controller = createPolicyController(policy(3, { actions, constraints: [] }, 50));
  controller.reset(1, [0]);
  const previous = new Float64Array(2);
  const chosen = new Float64Array(2);
  const random = new Random(1);
  for (let t = 0; t < 200; t++) {
    controller.act(Float64Array.of(random.uniform(0, 100), random.uniform(0, 200), 50), previous, chosen);
    for (let j = 0; j < 2; j++) expect(Math.abs(chosen[j] - previous[j]) <= 0.25).toBe(true);
    previous.set(chosen);
  }
});

test('infeasible actions are counted until the next reset', () => {
  const actions = tank.actions.map((action) => ({ ...action, maxChange: 0.1 }));
  const controller = createPolicyController(policy(3, { actions }));
  const run = (): void => {
    controller.reset(1, [0]);
    // the level rises at nearly full speed right below its bound, and may only brake slowly
    controller.act(Float64Array.of(79.5, 60, 50), Float64Array.of(2, 0), new Float64Array(2));
  };
  run();
  run();
  expect(controller.infeasible).toBe(1);
});

test('inputs that are not finite are refused by name', () => {
  const controller = createPolicyController(policy(1));
  controller.reset(1, [0]);
  expect(() => controller.act(Float64Array.of(50, Infinity, 50), new Float64Array(2), new Float64Array(2))).toThrow(/usage is Infinity/);
});

test('arrays of another size than reset announced are refused', () => {
  const controller = createPolicyController(policy(1));
  controller.reset(2, [0, 1]);
  expect(() => controller.act(new Float64Array(3), new Float64Array(2), new Float64Array(2))).toThrow(RangeError);
});

test('sizes that do not fit together are refused when the controller is made', () => {
  expect(() => createPolicyController({ ...policy(1), history: 4 })).toThrow(/need 16, …, 2/);
});
