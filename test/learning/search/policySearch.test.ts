import { afterAll, expect, test } from 'vitest';
import type { SearchSettings } from '../../../src/experiment/experiment';
import type { Engine } from '../../../src/learning/engine/engine';
import type { Snapshot } from '../../../src/learning/model/snapshot';
import { Random } from '../../../src/learning/random';
import { PolicySearch } from '../../../src/learning/search/policySearch';
import { wasmEngine } from '../engine/engines';
import { PlantedEngine } from '../engine/plantedEngine';
import { GRID, makeRollout } from './rollouts';

const engine = wasmEngine();
afterAll(() => engine.dispose());

const settings: SearchSettings = { horizon: 8, discount: 0.99, starts: { count: 5, from: 'rows', firstShare: 0.1 }, members: 'all', pessimism: 'none', updates: 30, learningRate: 5e-3, clip: 1 };
const weights = { objective: 0.1, soft: 0.1, violation: 0.1, diversity: 0.05 };
const fixture = makeRollout(GRID, 1);

function search(on: Engine = engine, alphas = weights, snapshot: Snapshot | null = null): PolicySearch {
  return new PolicySearch(on, fixture.plan, fixture.batch, settings, alphas, fixture.policies, fixture.members, fixture.behaviour, new Random(2), snapshot);
}

function finish(running: PolicySearch): PolicySearch {
  while (!running.finished) running.step();
  return running;
}

test('every policy moves, and the loss of the starts that it is measured on falls', () => {
  const running = search();
  const loss = (record: ReturnType<PolicySearch['step']>) => Object.entries(record.terms).reduce((sum, [term, values]) => sum + (term === 'return' ? 1 : weights[term as keyof typeof weights]) * values.reduce((a, b) => a + b, 0), 0);
  const records = [];
  while (!running.finished) records.push(loss(running.step()));
  const average = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  expect(average(records.slice(-5))).toBeLessThan(average(records.slice(0, 5)));
  running.result().forEach((network, index) => expect(network.parameters).not.toEqual(fixture.policies[index].parameters));
});

test('a search that is stopped at any update and restored ends in the same bits', () => {
  const whole = finish(search()).result();
  for (const stopAt of [0, 1, 15, 29]) {
    const before = search();
    while (before.update < stopAt) before.step();
    expect(finish(search(engine, weights, before.snapshot())).result(), `stopped at ${stopAt}`).toEqual(whole);
  }
});

test('the probe is the same whatever the diversity’s weight, and the policies are not', () => {
  const [without, strong] = [0, 1].map((diversity) => finish(search(engine, { ...weights, diversity })).result());
  expect(strong[3]).toEqual(without[3]);
  expect(strong[0]).not.toEqual(without[0]);
});

test('looking at the terms’ gradients changes nothing, and their cosines are cosines', () => {
  const looked = search();
  while (!looked.finished) {
    const { norms, cosines } = looked.termGradients();
    expect(Object.keys(norms)).toEqual(['return', 'objective', 'soft', 'violation', 'diversity']);
    expect(Object.keys(cosines)).toHaveLength(10);
    for (const cosine of Object.values(cosines)) expect(Math.abs(cosine)).toBeLessThanOrEqual(1 + 1e-6);
    looked.step();
  }
  expect(looked.result()).toEqual(finish(search()).result());
});

test('a gradient that is not finite is skipped and counted; three in a row fail the search', () => {
  const planted = finish(search(new PlantedEngine(engine, 'state', [4, 9])));
  expect([...planted.nonFinite]).toEqual([2, 2, 2, 2]);
  expect(() => finish(search(new PlantedEngine(engine, 'state', [4, 5, 6])))).toThrow('three times in a row');
});
