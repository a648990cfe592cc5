import { describe, expect, test } from 'vitest';
import type { SystemDescription } from '../../../src/experiment/experiment';
import { describeSystem } from '../../../src/experiment/systems';
import type { Batch } from '../../../src/learning/data/batch';
import { fitScales, type Scales } from '../../../src/learning/data/scaling';
import { standardDeviation } from '../../../src/learning/data/statistics';
import { judgeModels, type JudgedModels, type VariableReliability } from '../../../src/learning/evaluation/modelReliability';
import { modelTargets, type TransitionModel } from '../../../src/learning/model/transitionModel';
import { policyInputs } from '../../../src/learning/policy/definition';
import { english } from '../../../src/sentence/sentence';
import { GRID, recordedBatch } from '../search/rollouts';

const description = describeSystem(GRID);
const batch = recordedBatch(GRID, 'random', 1, 4, 120, 11);
const scales = fitScales(description, batch, {}, null);
const everything = batch.episodes.map((episode) => new Uint8Array(episode.frames).fill(1));

/** A network without hidden layers: the change of x and y is `gain` times the action, plus `drift`, in units; the reward is 0. */
function linearModel(gain: number, drift = 0, own = scales): TransitionModel {
  const targets = modelTargets(description, { reward: 'learned' }, own);
  const [inputs, outputs] = [4, targets.length];
  const parameters = new Float32Array((inputs + 1) * outputs);
  for (const i of [0, 1]) {
    parameters[(2 + i) * outputs + i] = (gain * own.actions[i].unit) / targets[i].scale.unit;
    parameters[inputs * outputs + i] = drift / targets[i].scale.unit;
  }
  return { network: { sizes: [inputs, outputs], activation: 'tanh', parameters }, history: 1, inputs: policyInputs(['x', 'y'], description, own), actions: ['dx', 'dy'], known: [], targets };
}

function judge(members: readonly TransitionModel[], residualSpread: JudgedModels['residualSpread'] = {}, changed: { readonly description?: SystemDescription; readonly batch?: Batch; readonly usable?: readonly Uint8Array[]; readonly scales?: Scales } = {}) {
  const recordings = changed.batch ?? batch;
  return judgeModels(changed.description ?? description, changed.scales ?? scales, { members, residualSpread }, recordings, recordings.episodes, changed.usable ?? everything);
}

const named = (name: string, { variables }: { readonly variables: readonly VariableReliability[] }): VariableReliability => {
  const found = variables.find((variable) => variable.name === name);
  if (found === undefined) throw new Error(`${name} was not judged`);
  return found;
};

test('models that say the truth have no error at any horizon', () => {
  const judged = judge([linearModel(1), linearModel(1)], { x: 1e-3, y: 1e-3 });
  expect(judged.horizons.map(({ steps, reason }) => [steps, reason])).toEqual([[1, null], [10, null], [25, null], [50, null], [100, null]]);
  for (const name of ['x', 'y']) {
    const { error, spread, within, naive } = named(name, judged);
    for (const value of error) expect(value).toBeLessThan(1e-5);
    expect(spread).toEqual([0, 0, 0, 0, 0]);
    expect(within).toEqual([1, 1, 1, 1, 1]);
    for (const value of naive) expect(value).toBeGreaterThan(0.01);
  }
});

test('models that say nothing ever changes have the error of “stays as it is”', () => {
  const { error, naive } = named('x', judge([linearModel(0)]));
  error.forEach((value, h) => expect(value).toBeCloseTo(naive[h] ?? Number.NaN, 6));
});

test('the reward is judged where it is learned, but a first frame has none that could stay', () => {
  const rewards = named('reward', judge([linearModel(1)]));
  expect(rewards.source).toBe('reward');
  expect(rewards.error.every((value) => value !== null && value > 0)).toBe(true);
  const firstOnly = batch.episodes.map((episode) => Uint8Array.from({ length: episode.frames }, (_, row) => (row <= 1 ? 1 : 0)));
  const { error, naive } = named('reward', judge([{ ...linearModel(1), history: 1 }], {}, { usable: firstOnly }));
  expect([typeof error[0], naive[0]]).toEqual(['number', null]);
});

describe('an ensemble that drifts to both sides', () => {
  const drift = 0.01;
  const judged = named('x', judge([linearModel(1, drift), linearModel(1, -drift)]));

  test('has the error of its mean', () => {
    for (const value of judged.error) expect(value).toBeLessThan(1e-4);
  });

  test('has the spread of its members, which grows with the horizon', () => {
    [1, 10, 25, 50, 100].forEach((steps, h) => expect(judged.spread[h]).toBeCloseTo((Math.SQRT2 * drift * steps) / judged.standardDeviation, 3));
  });

  test('holds the truth within its spread', () => {
    expect(judged.within).toEqual([1, 1, 1, 1, 1]);
  });
});

test('one wrong model is sure of itself: the truth is never within its spread, unless the residual spread reaches it', () => {
  expect(named('x', judge([linearModel(1, 0.1)])).within).toEqual([0, 0, 0, 0, 0]);
  expect(named('x', judge([linearModel(1, 0.1)], { x: 1.5 })).within).toEqual([1, 1, 0, 0, 0]);
});

test('a horizon that no recorded stretch reaches has no number, and says why', () => {
  const usable = batch.episodes.map((episode) => Uint8Array.from({ length: episode.frames }, (_, row) => (row < 30 ? 1 : 0)));
  const judged = judge([linearModel(1)], {}, { usable });
  expect(judged.horizons.map(({ windows }) => windows > 0)).toEqual([true, true, true, false, false]);
  expect(judged.horizons.map(({ reason }) => reason && english(reason))[3]).toBe('No run of 50 steps with its history lies within the recordings to judge on.');
  expect(named('x', judged).error.slice(3)).toEqual([null, null]);
});

test('a variable that never changes has no standard deviation and no numbers', () => {
  const still: Batch = { ...batch, episodes: batch.episodes.map((episode) => ({ ...episode, states: episode.states.map((value, i) => (i % 2 === 1 ? 0.1 : value)) })) };
  const judged = named('y', judge([linearModel(1)], {}, { batch: still }));
  expect(judged.standardDeviation).toBe(0);
  expect([judged.error, judged.naive, judged.within]).toEqual([nothing, nothing, nothing]);
});
const nothing = [null, null, null, null, null];

test('what is within the residual spread does not depend on the scales of the run', () => {
  // off by 0.1 a step: after ten steps by 1
  const wide = fitScales(description, batch, { x: [-200, 200], y: [0, 10] }, null);
  expect(wide.states[0].unit).toBeGreaterThan(5 * scales.states[0].unit);
  for (const own of [scales, wide]) {
    for (const [spread, within] of [[0.99, [1, 0, 0, 0, 0]], [1.01, [1, 1, 0, 0, 0]]] as const) expect(named('x', judge([linearModel(1, 0.1, own)], { x: spread }, { scales: own })).within).toEqual(within);
  }
});

test('within is the spread of the members and the residual one, added', () => {
  // one member is right and one off by 0.2 d after d steps: their mean is off by 0.1 d, their standard deviation 0.1 √2 d
  const members = [linearModel(1), linearModel(1, 0.2)];
  expect(named('x', judge(members)).within).toEqual([1, 1, 1, 1, 1]);
  // these are off by 0.0133 d, with a standard deviation of 0.0058 d: 0.0076 d is left for the residual spread
  const off = [linearModel(1, 0.01), linearModel(1, 0.01), linearModel(1, 0.02)];
  expect(named('x', judge(off, { x: 0.1 })).within).toEqual([1, 1, 0, 0, 0]);
});

test('the reward is that of the step, and its standard deviation without the 0 of first frames', () => {
  // a reward of 50 + 3 times the action in x, which the model says
  const paid: Batch = { ...batch, episodes: batch.episodes.map((episode) => ({ ...episode, rewards: episode.rewards.map((_, row) => (row === 0 ? 0 : 50 + 3 * episode.actions[2 * row])) })) };
  const model = linearModel(1);
  const [inputs, outputs] = [4, 3];
  const parameters = model.network.parameters.slice();
  parameters[2 * outputs + 2] = (3 * scales.actions[0].unit) / scales.reward;
  parameters[inputs * outputs + 2] = 50 / scales.reward;
  const { error, naive, standardDeviation: deviation } = named('reward', judge([{ ...model, network: { ...model.network, parameters } }], {}, { batch: paid }));
  for (const value of error) expect(value).toBeLessThan(1e-5);
  expect(deviation).toBeCloseTo(standardDeviation(paid.episodes.flatMap(({ rewards }) => [...rewards.subarray(1)])), 9);
  // two actions of a random behaviour, independent of one another
  expect(naive[0]).toBeGreaterThan(1);
  expect(naive[0]).toBeLessThan(2);
});

test('a variable with a logarithm is judged in it', () => {
  const logarithmic = { ...description, states: description.states.map((state) => (state.name === 'y' ? { ...state, logFloor: 2, predict: 'value' as const } : state)) };
  const positive: Batch = { ...batch, episodes: batch.episodes.map((episode) => ({ ...episode, states: episode.states.map((value) => Math.abs(value) + 1) })) };
  const own = fitScales(logarithmic, positive, {}, null);
  const targets = modelTargets(logarithmic, { reward: 'learned' }, own);
  const judged = named('y', judge([{ ...linearModel(0), targets }], {}, { description: logarithmic, batch: positive, scales: own }));
  const logs = positive.episodes.flatMap(({ states }) => [...states].filter((_, i) => i % 2 === 1).map((value) => Math.log(Math.max(2, value))));
  expect(judged.logarithmic).toBe(true);
  expect(judged.standardDeviation).toBeCloseTo(standardDeviation(logs), 12);
});

test('errors do not depend on the unit of a variable', () => {
  const factor = 1000;
  const larger: Batch = { ...batch, episodes: batch.episodes.map((episode) => ({ ...episode, states: episode.states.map((value) => factor * value), actions: episode.actions.map((value) => factor * value) })) };
  const inMillimetres = {
    ...description,
    states: description.states.map((state) => ({ ...state, range: [factor * state.range[0], factor * state.range[1]] as const })),
    actions: description.actions.map((action) => ({ ...action, range: [-factor, factor] as const })),
  };
  const ownScales = fitScales(inMillimetres, larger, {}, null);
  const model = { ...linearModel(0), inputs: policyInputs(['x', 'y'], inMillimetres, ownScales), targets: modelTargets(inMillimetres, { reward: 'learned' }, ownScales) };
  const [here, there] = [named('x', judge([linearModel(0)])), named('x', judge([model], {}, { description: inMillimetres, batch: larger, scales: ownScales }))];
  here.error.forEach((value, h) => expect(there.error[h]).toBeCloseTo(value ?? Number.NaN, 9));
});

test('a known variable that follows its formula has no error and no doubt; an exogenous one is not judged', () => {
  const known = { ...description, states: description.states.map((state, i) => ({ ...state, source: i === 0 ? ('known' as const) : ('exogenous' as const) })) };
  const targets = modelTargets(known, { reward: 'learned' }, scales);
  const model = { ...linearModel(0), targets, network: { sizes: [4, 1], activation: 'tanh' as const, parameters: new Float32Array(5) } };
  const judged = judge([model], {}, { description: known });
  expect(judged.variables.map(({ name }) => name)).toEqual(['x', 'reward']);
  const x = named('x', judged);
  for (const value of x.error) expect(value).toBeLessThan(1e-9);
  expect(x.within).toEqual(nothing);
});
