import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { actionScale, fromScaled, type Scales, spanScale, toScaled } from '../../src/learning/data/scaling';
import type { Engine } from '../../src/learning/engine/engine';
import { ReferenceEngine } from '../../src/learning/engine/reference';
import { initialiseNetwork } from '../../src/learning/policy/initialise';
import { Random } from '../../src/learning/random';
import { type RolloutPlan, rolloutProgram } from '../../src/learning/search/rolloutProgram';
import { wasmEngine } from '../learning/engine/engines';
import { boundsOf, constraintsOf, descriptionOf, inside, isPossible, type MadeUpPlant, plants } from './madeUpPlant';

const wasm = wasmEngine();
afterAll(() => wasm.dispose());

const STARTS = 4;
const POLICIES = 2;
const HORIZON = 12;

/** One step of one virtual rollout, in units. */
interface Step {
  readonly states: readonly number[];
  readonly previous: readonly number[];
  readonly actions: readonly number[];
  readonly next: readonly number[];
}

/** Rolls random policies out through the models, from states around the plant's own start and with random histories. */
function rollOut(engine: Engine, plant: MadeUpPlant): Step[] {
  const description = descriptionOf(plant);
  const bounds = boundsOf(plant);
  const scales: Scales = {
    states: description.states.map((variable) => spanScale(variable, ...(bounds[variable.name] as [number, number]))),
    changes: [], actions: description.actions.map(actionScale), reward: 1,
  };
  const names = description.states.map((variable) => variable.name);
  const actions = description.actions.length;
  const plan: RolloutPlan = {
    description, scales, bounds, constraints: constraintsOf(plant),
    policy: { sizes: [2 * names.length, 6, actions], inputs: names, history: 2, activation: 'tanh' },
    // nothing is learned, but a model has one output at least
    model: { sizes: [names.length + actions, 1], inputs: names, history: 1, activation: 'tanh', targets: [], known: [] },
    behaviour: null, reward: 'formula', count: POLICIES, policies: POLICIES, members: 1, starts: STARTS, horizon: HORIZON, pessimism: 'none', trainable: false,
    terms: { objective: false, soft: false, violation: false, diversity: null },
  };
  const rollout = rolloutProgram(plan);
  const execution = engine.open(rollout.program);
  const random = new Random(plant.seed);
  const networks = Array.from({ length: POLICIES }, (_, index) => initialiseNetwork(plan.policy.sizes, 'tanh', random.fork('policy', index), 1));
  execution.writeParameters('policy', networks.flatMap((network) => [...network.parameters].map((weight) => weight * plant.weights)));
  execution.writeParameters('transition model', initialiseNetwork(plan.model.sizes, 'tanh', random.fork('model'), 1).parameters);
  execution.write(rollout.discount, new Float32Array(HORIZON * STARTS).fill(1));
  execution.write(rollout.weight, new Float32Array(STARTS).fill(1 / STARTS));
  const start = plant.variables.flatMap(({ low, high, at }, index) => Array.from({ length: STARTS }, (_, i) => {
    const share = i === 0 ? at : at + (random.next() - at) * random.next();
    return toScaled(scales.states[index], low + share * (high - low));
  }));
  execution.write(rollout.state, start);
  execution.write(rollout.previous, Array.from({ length: actions * STARTS }, () => random.uniform(-1, 1)));
  for (const { columns, frames, value } of rollout.windows) execution.write(value, Array.from({ length: columns.length * frames * STARTS }, () => 3 * random.normal()));
  execution.run('forward');
  const [series, chosen] = [execution.readSeries('states'), execution.readSeries('last action')];
  execution.dispose();
  const at = (data: ArrayLike<number>, rows: number, policy: number, step: number, row: number, slot: number): number => data[((policy * (HORIZON + 1) + step) * rows + row) * STARTS + slot];
  const steps: Step[] = [];
  for (let policy = 0; policy < POLICIES; policy++)
    for (let slot = 0; slot < STARTS; slot++)
      for (let step = 0; step < HORIZON; step++) {
        const states = (when: number) => names.map((_, row) => fromScaled(scales.states[row], at(series, names.length, policy, when, row, slot)));
        const acted = (when: number) => Array.from({ length: actions }, (_, row) => fromScaled(scales.actions[row], at(chosen, actions, policy, when, row, slot)));
        steps.push({ states: states(step), previous: acted(step), actions: acted(step + 1), next: states(step + 1) });
      }
  return steps;
}

const inBounds = fc.oneof(fc.constantFrom(0, 1, 1e-7, 1 - 1e-7, 0.5), fc.double({ min: 0, max: 1, noNaN: true }));
const anywhere = fc.double({ min: -3, max: 4, noNaN: true });

describe.each([['float32 in WebAssembly', wasm, 250], ['the reference in float64', new ReferenceEngine(), 100]] as const)('%s', (_, engine, numRuns) => {
  test('virtual rollouts never leave the original bounds, with one or two bounded variables on an action and any weights, start and history', () => {
    fc.assert(
      fc.property(plants(inBounds, false), (plant) => {
        for (const { states, next, actions } of rollOut(engine, plant))
          plant.actions.forEach((action, index) => {
            const rounding = 1e-12 * (action.range[1] - action.range[0]);
            expect(actions[index]).toBeGreaterThanOrEqual(action.range[0] - rounding);
            expect(actions[index]).toBeLessThanOrEqual(action.range[1] + rounding);
            const own = plant.variables.flatMap((variable, row) => (variable.action === index ? [{ variable, row }] : []));
            if (!own.every(({ variable, row }) => inside(variable, states[row]))) return;
            for (const { variable, row } of own) expect(inside(variable, next[row]), `v${row} ${states[row]} → ${next[row]} by ${actions[index]} in [${variable.low}, ${variable.high}]`).toBe(true);
          });
      }),
      { numRuns },
    );
  });

  test('with a largest change they leave them only where no action could have helped, and the change is kept', () => {
    fc.assert(
      fc.property(plants(inBounds, true), (plant) => {
        for (const { states, previous, next, actions } of rollOut(engine, plant))
          plant.actions.forEach(({ maxChange, range }, index) => {
            if (maxChange !== null) expect(Math.abs(actions[index] - previous[index])).toBeLessThanOrEqual(maxChange + 1e-12 * (range[1] - range[0]));
            if (!isPossible(plant, index, states, previous[index])) return;
            plant.variables.forEach((variable, row) => {
              if (variable.action === index && inside(variable, states[row])) expect(inside(variable, next[row]), `v${row} ${states[row]} → ${next[row]} by ${actions[index]} in [${variable.low}, ${variable.high}]`).toBe(true);
            });
          });
      }),
      { numRuns },
    );
  });

  test('from outside, a variable comes back at full speed', () => {
    fc.assert(
      fc.property(plants(anywhere, false), (plant) => {
        for (const { states, next, actions } of rollOut(engine, plant))
          plant.variables.forEach((variable, row) => {
            const alone = plant.variables.filter(({ action }) => action === variable.action).length === 1;
            if (!alone || inside(variable, states[row])) return;
            const below = states[row] < variable.low;
            const [low, high] = plant.actions[variable.action].range;
            const fastest = below === variable.gain > 0 ? high : low;
            const distance = below ? variable.low - states[row] : states[row] - variable.high;
            if (distance > 1.001 * Math.abs(variable.gain * fastest)) expect(actions[variable.action]).toBeCloseTo(fastest, 5);
            expect(below ? next[row] >= states[row] : next[row] <= states[row]).toBe(true);
          });
      }),
      { numRuns: numRuns / 2 },
    );
  });
});
