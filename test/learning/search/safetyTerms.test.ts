import { describe, expect, test } from 'vitest';
import { fromScaled, toScaled } from '../../../src/learning/data/scaling';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import type { Network } from '../../../src/learning/policy/network';
import { Random } from '../../../src/learning/random';
import { drawStarts } from '../../../src/learning/search/starts';
import { BENCHMARK, GRID, makeRollout, type Rollout } from './rollouts';

const SEED = 31;
const CLIP = 4;

/** A network of tanh layers, by the definition of one. */
function outputsOf({ sizes, parameters }: Network, input: readonly number[]): number[] {
  let values = [...input];
  let at = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const biases = at + sizes[layer - 1] * sizes[layer];
    const next = Array.from({ length: sizes[layer] }, (_, o) => values.reduce((sum, value, i) => sum + value * parameters[at + i * sizes[layer] + o], parameters[biases + o]));
    values = layer === sizes.length - 1 ? next : next.map(Math.tanh);
    at = biases + sizes[layer];
  }
  return values;
}

/** The terms of a policy, summed up step by step from the states and actions of its rollouts. */
function termsOf({ plan, batch }: Rollout, beta: Network, series: { readonly states: Float32Array; readonly actions: Float32Array }, policy: number): Record<string, number> {
  const { description, scales, horizon, starts: count, members } = plan;
  const starts = drawStarts(batch, count, { from: 'rows', firstShare: 0.2 }, new Random(SEED).fork('networks').fork('starts'));
  const [stateCount, actionCount] = [description.states.length, description.actions.length];
  const columns = plan.policy.inputs.map((name) => description.states.findIndex((state) => state.name === name));
  const at = (data: Float32Array, width: number, member: number, step: number, row: number, start: number) => data[(((policy * members + member) * (horizon + 1) + step) * width + row) * count + start];
  const sums: Record<string, number> = { objective: 0, soft: 0, violation: 0 };
  for (let member = 0; member < members; member++)
    for (let start = 0; start < count; start++) {
      const episode = batch.episodes[starts.episodes[start]];
      // what was seen at a step, which may lie before the start
      const frame = (step: number) => columns.map((column) => (step >= 0 ? at(series.states, stateCount, member, step, column, start) : toScaled(scales.states[column], episode.states[Math.max(0, starts.rows[start] + step) * stateCount + column])));
      for (let step = 1; step <= horizon; step++) {
        const seen = Array.from({ length: plan.policy.history }, (_, age) => frame(step - 1 - age)).flat();
        const outputs = outputsOf(beta, seen);
        const action = description.actions.map((_, j) => at(series.actions, actionCount, member, step, j, start));
        const logDensity = action.reduce((sum, a, j) => {
          const sigma = Math.min(Math.exp(0.7), Math.max(0.03 * 2, Math.exp(outputs[actionCount + j])));
          return sum - 0.5 * ((a - outputs[j]) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
        }, 0);
        sums['objective'] += action.reduce((sum, a, j) => sum + (a - outputs[j]) ** 2, 0);
        sums['soft'] += Math.min(CLIP, Math.max(0, (plan.behaviour?.logDelta ?? Number.NaN) - logDensity));
        sums['violation'] += description.states.reduce((sum, { name }, row) => {
          const bound = plan.bounds[name];
          if (bound === undefined) return sum;
          const value = fromScaled(scales.states[row], at(series.states, stateCount, member, step, row, start));
          return sum + Math.max(0, bound[0] - value, value - bound[1]) / (bound[1] - bound[0]);
        }, 0);
      }
    }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / (horizon * count * members)]));
}

describe.each([['grid-2d', GRID], ['industrial-benchmark', BENCHMARK]] as const)('%s', (_, system) => {
  test('distance to β, shortfall of support and predicted violation are what the states and actions of the rollouts say', () => {
    const plan = makeRollout(system, SEED).plan;
    const bounds = Object.fromEntries(Object.entries(plan.bounds).map(([name, [low, high]], i) => [name, i % 2 === 0 ? ([low, low + 0.3 * (high - low)] as const) : ([high - 0.3 * (high - low), high] as const)]));
    const rollout = makeRollout(system, SEED, { constraints: [], bounds, behaviour: { ...(plan.behaviour as NonNullable<typeof plan.behaviour>), clip: CLIP } });
    // weights so large that deviations leave what they may be at both ends
    const beta = { ...rollout.behaviour, parameters: rollout.behaviour.parameters.map((weight) => 5 * weight) };
    const execution = new ReferenceEngine().open(rollout.rollout.program);
    rollout.load(execution);
    execution.writeParameters('behaviour', beta.parameters);
    execution.run('forward');
    const series = { states: execution.readSeries('states'), actions: execution.readSeries('last action') };
    const { policies, members } = rollout.plan;
    const terms = execution.readTerms();
    for (let policy = 0; policy < policies; policy++)
      for (const [name, expected] of Object.entries(termsOf(rollout, beta, series, policy))) {
        const index = rollout.rollout.terms.findIndex((term) => term === name);
        const actual = terms.subarray((index * policies + policy) * members, (index * policies + policy + 1) * members).reduce((sum, value) => sum + value, 0);
        expect(expected, name).toBeGreaterThan(0);
        expect(Math.abs(actual - expected) / expected, `${name} of policy ${policy}: ${actual} for ${expected}`).toBeLessThan(1e-4);
      }
  });
});

test('variables that follow an action do, up to where the system clips them', () => {
  const rollout = makeRollout(BENCHMARK, SEED, { constraints: [], horizon: 12, trainable: false });
  const { plan } = rollout;
  const { states: variables, actions } = plan.description;
  const execution = new ReferenceEngine().open(rollout.rollout.program);
  rollout.load(execution);
  execution.writeParameters('policy', rollout.policies.flatMap(({ parameters }) => [...parameters].map((weight) => 20 * weight)));
  execution.run('forward');
  const [states, chosen] = [execution.readSeries('states'), execution.readSeries('last action')];
  const at = (data: Float32Array, width: number, cell: number, step: number, row: number, start: number) => data[((cell * (plan.horizon + 1) + step) * width + row) * plan.starts + start];
  let clipped = 0;
  variables.forEach(({ next, range }, row) => {
    if (next?.kind !== 'affine') return;
    const column = actions.findIndex(({ name }) => name === next.action);
    for (let cell = 0; cell < plan.policies * plan.members; cell++)
      for (let start = 0; start < plan.starts; start++)
        for (let step = 0; step < plan.horizon; step++) {
          const value = (when: number) => fromScaled(plan.scales.states[row], at(states, variables.length, cell, when, row, start));
          const free = value(step) + next.gain * fromScaled(plan.scales.actions[column], at(chosen, actions.length, cell, step + 1, column, start));
          const expected = next.clip ? Math.min(range[1], Math.max(range[0], free)) : free;
          if (expected !== free) clipped++;
          expect(Math.abs(value(step + 1) - expected), `${variables[row].name} ${value(step)} → ${value(step + 1)}, not ${expected}`).toBeLessThan(1e-4);
        }
  });
  expect(clipped).toBeGreaterThan(0);
});
