import { afterAll, describe, expect, test } from 'vitest';
import { createEvaluator } from '../../../src/experiment/evaluateExpression';
import type { SystemDescription } from '../../../src/experiment/experiment';
import type { Expression } from '../../../src/experiment/expression';
import { parseFormula } from '../../../src/experiment/formula';
import { describeSystem } from '../../../src/experiment/systems';
import { fromScaled } from '../../../src/learning/data/scaling';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { Random } from '../../../src/learning/random';
import { drawLongStarts, drawStarts } from '../../../src/learning/search/starts';
import { wasmEngine, worstDeviation } from '../engine/engines';
import { BENCHMARK, makeRollout, opened, recordedBatch } from './rollouts';

const reference = new ReferenceEngine();
const wasm = wasmEngine();
const two = wasmEngine(2);
afterAll(() => [wasm, two].forEach((engine) => engine.dispose()));

/** The benchmark seen as a plant: one variable by a formula of others, one that nobody moves, a reward of everything. */
function plant(): SystemDescription {
  const system = describeSystem(BENCHMARK);
  const names = new Set([...system.states, ...system.actions].map(({ name }) => name));
  const parsed = (text: string, previous: boolean): Expression => {
    const { value, problem } = parseFormula(text, { names, previous });
    if (value === null) throw new Error(problem.message);
    return value;
  };
  const states = system.states.map((state): SystemDescription['states'][number] => {
    if (state.name === 'setpoint') return { ...state, source: 'known', next: { kind: 'formula', expression: parsed('setpoint + 2 * steerGain * tanh(gain / 100) - 0.01 * (fatigue - 30)', false) } };
    if (state.name === 'fatigue') return { ...state, source: 'exogenous', predict: 'value', next: null };
    return state;
  });
  const reward = '-(setpoint - 60)^2 / 100 - consumption / 50 + where(fatigue > 30, gain, shift) / 10 - 3 * (steerShift - previous.steerShift)^2 - abs(velocity - previous.velocity)';
  return { ...system, states, reward: { scale: 7, formula: { kind: 'expression', expression: parsed(reward, true) }, default: 'formula' } };
}

const description = plant();
const exogenous = description.states.findIndex((state) => state.source === 'exogenous');
const terms = { objective: true, soft: true, violation: true, diversity: { measure: 'min-lsed', over: ['velocity', 'setpoint'], cap: null } } as const;
const variants = [
  ['every start through every member', makeRollout(BENCHMARK, 3, { description, reward: 'formula', terms })],
  ['each start through one member', makeRollout(BENCHMARK, 4, { description, reward: 'formula', terms }, 'one')],
  ['the disturbance among the inputs', makeRollout(BENCHMARK, 5, { description, reward: 'formula', terms, policy: { sizes: [], inputs: ['fatigue', 'velocity'], history: 3, activation: 'tanh' } })],
] as const;

describe.each(variants)('formulas and disturbances: %s', (_, rollout) => {
  test('each term and its gradient agree with the reference', () => {
    const [expected, actual] = [opened(reference, rollout), opened(wasm, rollout)];
    rollout.rollout.terms.forEach((term, index) => {
      for (const execution of [expected, actual]) {
        execution.writeTermWeights(rollout.rollout.terms.map((__, i) => (i === index ? 1 : 0)));
        execution.run('gradient');
      }
      expect(worstDeviation(actual.readTerms(), expected.readTerms()), term).toBeLessThan(1e-5);
      expect(worstDeviation(actual.readParameters('policy', 'gradient'), expected.readParameters('policy', 'gradient')), term).toBeLessThan(1e-5);
    });
    actual.dispose();
  });

  test('the gradient of the loss equals central differences', () => {
    const execution = reference.open(rollout.rollout.program);
    rollout.load(execution);
    execution.run('gradient');
    const gradient = execution.readExact('policy', 'gradient');
    const parameters = execution.readExact('policy');
    const loss = (at: number, by: number): number => {
      const moved = parameters.slice();
      moved[at] += by;
      execution.writeParameters('policy', moved);
      execution.run('forward');
      return execution.readTerms().reduce((sum, term) => sum + term, 0);
    };
    const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    expect(largest).toBeGreaterThan(0);
    for (let at = 0; at < parameters.length; at += 23) {
      const difference = (loss(at, 1e-6) - loss(at, -1e-6)) / 2e-6;
      expect(Math.abs(difference - gradient[at]) / largest).toBeLessThan(1e-5);
    }
  });

  test('the same bits come out on 1 and 2 threads', () => {
    const [once, twice] = [wasm, two].map((engine) => {
      const execution = opened(engine, rollout);
      for (let step = 1; step <= 3; step++) execution.run('update', { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step, clip: 1 });
      const result = Buffer.from(execution.readParameters('policy').buffer).toString('base64');
      execution.dispose();
      return result;
    });
    expect(twice).toBe(once);
  });
});

describe('a rollout of a plant', () => {
  const rollout = makeRollout(BENCHMARK, 6, { description, reward: 'formula', trainable: false, horizon: 60 });
  const { plan, batch } = rollout;
  const width = description.states.length;
  const starts = drawStarts(batch, plan.starts, { from: 'rows', firstShare: 0.2 }, new Random(6).fork('networks').fork('starts'));
  const execution = opened(reference, rollout);
  execution.run('forward');
  const series = (name: string, rows: number) => {
    const values = execution.readSeries(name);
    return (cell: number, step: number, row: number, start: number): number => values[((cell * (plan.horizon + 1) + step) * rows + row) * plan.starts + start];
  };
  const states = series('states', width);
  const actions = series('last action', description.actions.length);
  const rewards = series('reward', 1);
  const inUnits = (cell: number, step: number, i: number, start: number): number => fromScaled(plan.scales.states[i], states(cell, step, i, start));

  test('replays the disturbance behind its start and then holds it, whatever the policy does', () => {
    let held = 0;
    for (let cell = 0; cell < plan.policies * plan.members; cell++)
      for (let start = 0; start < plan.starts; start++) {
        const episode = batch.episodes[starts.episodes[start]];
        for (let step = 0; step <= plan.horizon; step++) {
          const row = starts.rows[start] + step;
          held += row >= episode.frames ? 1 : 0;
          expect(inUnits(cell, step, exogenous, start)).toBeCloseTo(episode.states[Math.min(row, episode.frames - 1) * width + exogenous], 3);
        }
      }
    expect(held).toBeGreaterThan(0);
  });

  test('is rewarded as the formula says of what it did', () => {
    const { formula } = description.reward;
    if (formula.kind !== 'expression') throw new Error('the plant has a formula');
    let [cell, start, step] = [0, 0, 0];
    const reward = createEvaluator(formula.expression, (name, previous) => {
      const state = description.states.findIndex((variable) => variable.name === name);
      const action = description.actions.findIndex((variable) => variable.name === name);
      const at = () => (previous ? step - 1 : step);
      return state >= 0 ? () => inUnits(cell, at(), state, start) : () => fromScaled(plan.scales.actions[action], actions(cell, at(), action, start));
    });
    for (cell = 0; cell < plan.policies * plan.members; cell++)
      for (start = 0; start < plan.starts; start++)
        for (step = 1; step <= plan.horizon; step += 7) expect(rewards(cell, step, 0, start) * plan.scales.reward).toBeCloseTo(reward(), 3);
  });
});

test('long starts have the recording behind them, and any start will do where none has', () => {
  const batch = recordedBatch(BENCHMARK, 'random', 1, 3, 40, 1);
  const { episodes, rows } = drawLongStarts(batch, 200, 30, new Random(1));
  rows.forEach((row, i) => expect(row + 30).toBeLessThan(batch.episodes[episodes[i]].frames));
  expect(new Set(rows).size).toBe(11);
  expect(drawLongStarts(batch, 5, 1000, new Random(1)).rows).toHaveLength(5);
});
