import { afterAll, describe, expect, test } from 'vitest';
import { closestPair, distanceMatrix, meanLsed, minLsed } from '../../../src/learning/evaluation/distance';
import { fromScaled } from '../../../src/learning/data/scaling';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { createPolicyController } from '../../../src/learning/policy/policyController';
import { policyInputs } from '../../../src/learning/policy/definition';
import { wasmEngine, worstDeviation } from '../engine/engines';
import { BENCHMARK, GRID, makeRollout, opened, type Rollout } from './rollouts';

const reference = new ReferenceEngine();
const wasm = wasmEngine();
const threads = [2, 4].map(wasmEngine);
afterAll(() => [wasm, ...threads].forEach((engine) => engine.dispose()));

describe.each([['grid-2d', GRID], ['industrial-benchmark', BENCHMARK]] as const)('%s', (_, system) => {
  const variants: readonly [string, Rollout][] = [
    ['all terms', makeRollout(system, 1)],
    ['pessimistic', makeRollout(system, 2, { pessimism: 'minimum' })],
    ['unconstrained', makeRollout(system, 3, { constraints: [] })],
    ['lsed', makeRollout(system, 4, { terms: { objective: false, soft: false, violation: false, diversity: { measure: 'lsed', over: makeRollout(system, 4).plan.policy.inputs, cap: null } } })],
    ['closest pair, capped', makeRollout(system, 5, { terms: { objective: false, soft: true, violation: false, diversity: { measure: 'min-lsed-global', over: makeRollout(system, 5).plan.policy.inputs, cap: 0.2 } } })],
    ['one member for each start', makeRollout(system, 6, {}, 'one')],
    ['the other kind of reward', makeRollout(system, 7, { reward: system.kind === 'grid-2d' ? 'formula' : 'learned' })],
    ['past actions among the inputs', makeRollout(system, 8, { policy: { sizes: [], inputs: [...makeRollout(system, 8).plan.policy.inputs, ...makeRollout(system, 8).plan.description.actions.map((action) => action.name)], history: 3, activation: 'tanh' } })],
  ];

  test.each(variants)('each term of the loss and its gradient agree with the reference: %s', (_name, rollout) => {
    const [expected, actual] = [opened(reference, rollout), opened(wasm, rollout)];
    rollout.rollout.terms.forEach((term, index) => {
      const weights = rollout.rollout.terms.map((__, i) => (i === index ? 1 : 0));
      for (const execution of [expected, actual]) {
        execution.writeTermWeights(weights);
        execution.run('gradient');
      }
      expect(worstDeviation(actual.readTerms(), expected.readTerms()), term).toBeLessThan(1e-5);
      expect(worstDeviation(actual.readParameters('policy', 'gradient'), expected.readParameters('policy', 'gradient')), term).toBeLessThan(1e-5);
    });
    actual.dispose();
  });

  test('the pessimistic return is the mean over the starts of the worst member', () => {
    const returns = (pessimism: 'none' | 'minimum') => {
      const rollout = makeRollout(system, 13, { pessimism });
      const execution = opened(reference, rollout);
      execution.run('forward');
      const { policies, members, starts, horizon } = rollout.plan;
      const series = execution.readSeries('return');
      const last = (cell: number, start: number) => series[(cell * (horizon + 1) + horizon) * starts + start] / horizon;
      const expected = Array.from({ length: policies }, (_p, policy) => {
        const each = Array.from({ length: starts }, (_s, start) => Array.from({ length: members }, (_m, member) => last(policy * members + member, start)));
        return -each.reduce((sum, values) => sum + (pessimism === 'minimum' ? Math.min(...values) : values.reduce((a, b) => a + b, 0) / members), 0) / starts;
      });
      const terms = execution.readTerms();
      const actual = Array.from({ length: policies }, (_p, policy) => terms.subarray(policy * members, (policy + 1) * members).reduce((a, b) => a + b, 0));
      return { expected, actual };
    };
    for (const pessimism of ['none', 'minimum'] as const) {
      const { expected, actual } = returns(pessimism);
      actual.forEach((value, policy) => expect(value).toBeCloseTo(expected[policy], 5));
    }
  });

  test('the whole loss of long rollouts agrees with the reference to 1e-4', () => {
    const rollout = makeRollout(system, 12, { horizon: 50 });
    const [expected, actual] = [opened(reference, rollout), opened(wasm, rollout)];
    for (const execution of [expected, actual]) execution.run('gradient');
    expect(worstDeviation(actual.readTerms(), expected.readTerms())).toBeLessThan(1e-4);
    expect(worstDeviation(actual.readParameters('policy', 'gradient'), expected.readParameters('policy', 'gradient'))).toBeLessThan(1e-4);
    actual.dispose();
  });

  const bounds = makeRollout(system, 14).plan.bounds;
  const settings: readonly [string, Rollout][] = [
    ...variants,
    ['one policy', makeRollout(system, 14, { count: 1, policies: 2 })],
    ['pessimistic, one member for each start', makeRollout(system, 15, { pessimism: 'minimum', members: 3 }, 'one')],
    ['the mean of distances, capped', makeRollout(system, 16, { terms: { objective: true, soft: true, violation: true, diversity: { measure: 'lsed', over: [Object.keys(bounds)[0]], cap: 0.1 } } })],
    ['bounds that are left, a shortfall that is clipped', makeRollout(system, 17, { constraints: [], bounds: Object.fromEntries(Object.entries(bounds).map(([name, [low, high]]) => [name, [low, low + 0.2 * (high - low)]])), behaviour: { ...(makeRollout(system, 17).plan.behaviour as NonNullable<Rollout['plan']['behaviour']>), clip: 1.5 } })],
  ];

  test.each(settings)('the reference gradient of the loss equals central differences: %s', (_name, rollout) => {
    const execution = reference.open(rollout.rollout.program);
    rollout.load(execution);
    const alphas = rollout.rollout.terms.map((_term, index) => 1 / (index + 1));
    execution.writeTermWeights(alphas);
    execution.run('gradient');
    const gradient = execution.readExact('policy', 'gradient');
    const parameters = execution.readExact('policy');
    const { policies, members } = rollout.rollout.program;
    const loss = (at: number, by: number) => {
      const moved = parameters.slice();
      moved[at] += by;
      execution.writeParameters('policy', moved);
      execution.run('forward');
      return execution.readTerms().reduce((sum, term, i) => sum + alphas[Math.floor(i / (policies * members))] * term, 0);
    };
    const largest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
    let kinks = 0;
    for (let at = 0; at < parameters.length; at += 37) {
      const difference = (loss(at, 1e-6) - loss(at, -1e-6)) / 2e-6;
      if (Math.abs(difference - gradient[at]) / largest > 1e-5) kinks++;
    }
    expect(largest).toBeGreaterThan(0);
    expect(kinks).toBe(0);
  });

  test('the same bits come out on 1, 2 and 4 threads', () => {
    const rollout = makeRollout(system, 9, { starts: 40 });
    const bits = [wasm, ...threads].map((engine) => {
      const execution = opened(engine, rollout);
      for (let step = 1; step <= 3; step++) execution.run('update', { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step, clip: 1 });
      const result = Buffer.from(execution.readParameters('policy').buffer).toString('base64');
      execution.dispose();
      return result;
    });
    expect(bits[1]).toBe(bits[0]);
    expect(bits[2]).toBe(bits[0]);
  });

  test('diversity equals the distances of the rollouts as they are measured in reality', () => {
    for (const measure of ['min-lsed', 'lsed', 'min-lsed-global'] as const) {
      const rollout = makeRollout(system, 10, { terms: { objective: false, soft: false, violation: false, diversity: { measure, over: makeRollout(system, 10).plan.policy.inputs, cap: null } } });
      const { plan } = rollout;
      const execution = opened(reference, rollout);
      execution.run('forward');
      const series = execution.readSeries('states');
      const columns = plan.policy.inputs.map((name) => plan.description.states.findIndex((state) => state.name === name));
      const width = plan.description.states.length;
      const scaledRollout = (policy: number, member: number, start: number) =>
        Array.from({ length: plan.horizon * columns.length }, (_unused, i) => {
          const [step, column] = [1 + Math.floor(i / columns.length), columns[i % columns.length]];
          return series[(((policy * plan.members + member) * (plan.horizon + 1) + step) * width + column) * plan.starts + start];
        });
      const all = Array.from({ length: plan.count }, (_p, policy) => Array.from({ length: plan.members * plan.starts }, (_r, r) => scaledRollout(policy, Math.floor(r / plan.starts), r % plan.starts)));
      const matrix = distanceMatrix(all);
      const expected = { 'min-lsed': minLsed, lsed: meanLsed, 'min-lsed-global': closestPair }[measure](matrix);
      const terms = execution.readTerms().subarray(plan.policies * plan.members);
      const mean = Array.from({ length: plan.count }, (_p, policy) => -terms[policy * plan.members]).reduce((sum, value) => sum + value, 0) / plan.count;
      expect(mean).toBeCloseTo(expected, 6);
      expect(terms[plan.count * plan.members], 'the probe has no part in it').toBe(0);
      const capped = makeRollout(system, 10, { terms: { ...plan.terms, diversity: { measure, over: plan.policy.inputs, cap: 0.01 } } });
      const near = opened(reference, capped);
      near.run('gradient');
      expect(expected).toBeGreaterThan(0.02);
      for (let policy = 0; policy < plan.count; policy++) expect(near.readTerms()[(plan.policies + policy) * plan.members]).toBeCloseTo(-0.01, 12);
    }
  });

  test('the policy in the rollout is the policy that the controller runs', () => {
    const rollout = makeRollout(system, 11, { trainable: false });
    const { plan, policies } = rollout;
    const execution = opened(reference, rollout);
    execution.run('forward');
    const [states, actions] = [execution.readSeries('states'), execution.readSeries('last action')];
    const at = (series: Float32Array, rows: number, policy: number, step: number, row: number) => series[((policy * plan.members * (plan.horizon + 1) + step) * rows + row) * plan.starts];
    const stateCount = plan.description.states.length;
    const actionCount = plan.description.actions.length;
    policies.forEach((network, policy) => {
      const controller = createPolicyController({
        network, history: plan.policy.history, states: plan.description.states.map((state) => state.name), actions: plan.description.actions, constraints: plan.constraints,
        inputs: policyInputs(plan.policy.inputs, plan.description, plan.scales),
      });
      controller.reset(1, [0]);
      const chosen = new Float64Array(actionCount);
      const previous = new Float64Array(actionCount);
      for (let step = 0; step < plan.horizon; step++) {
        const now = Float64Array.from({ length: stateCount }, (_s, i) => fromScaled(plan.scales.states[i], at(states, stateCount, policy, step, i)));
        controller.act(now, previous, chosen);
        previous.set(chosen);
        // the rollout's history begins before its start, the controller's at it: alike once the window lies behind it
        if (step + 1 < plan.policy.history) continue;
        for (let i = 0; i < actionCount; i++) expect(at(actions, actionCount, policy, step + 1, i)).toBeCloseTo(chosen[i], 4);
      }
    });
  });

  test('a constrained policy stays within the original bounds in every rollout, however large its weights', () => {
    for (let seed = 20; seed < 40; seed++) {
      const rollout = makeRollout(system, seed, { trainable: false, horizon: 20 });
      const { plan, batch } = rollout;
      const execution = opened(wasm, rollout);
      execution.writeParameters('policy', rollout.policies.flatMap((network) => [...network.parameters].map((value) => value * 10 ** (seed % 5))));
      execution.run('forward');
      const series = execution.readSeries('states');
      const width = batch.stateNames.length;
      for (const [name, [low, high]] of Object.entries(plan.bounds)) {
        const column = batch.stateNames.indexOf(name);
        for (let cell = 0; cell < plan.policies * plan.members; cell++)
          for (let start = 0; start < plan.starts; start++) {
            const value = (step: number) => fromScaled(plan.scales.states[column], series[((cell * (plan.horizon + 1) + step) * width + column) * plan.starts + start]);
            let inside = value(0) >= low && value(0) <= high;
            for (let step = 1; step <= plan.horizon; step++) {
              const now = value(step) >= low && value(step) <= high;
              expect(!inside || now, `${name} ${value(step)} at step ${step}`).toBe(true);
              inside = now;
            }
          }
      }
      execution.dispose();
    }
  });
});
