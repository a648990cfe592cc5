import { describe, expect, test } from 'vitest';
import { fitScales } from '../../../src/learning/data/scaling';
import { behaviourActions, behaviourSupport } from '../../../src/learning/diff/behaviourSide';
import { policyDiff } from '../../../src/learning/diff/policyDiff';
import { sampleFrames } from '../../../src/learning/diff/sample';
import { type BehaviourModel, behaviourThresholds } from '../../../src/learning/model/behaviour';
import type { SupervisedRows } from '../../../src/learning/model/supervisedFit';
import { policyInputs } from '../../../src/learning/policy/definition';
import { tank, tankBatch, tankEpisode } from '../tank';

const batch = tankBatch([tankEpisode(40, 1), tankEpisode(7, 2)]);
const scales = fitScales(tank, batch, { level: [20, 80] }, null);
const sample = sampleFrames(batch, 20);
const frames = sample.rows.length;

/** β without hidden layers: sees the level now and a sample before; outputs the means of pump and heater, then their log σ. */
function behaviour(weights: readonly (readonly number[])[], outputs: readonly number[], supportThresholds: readonly number[] = [0, 0]): BehaviourModel {
  return {
    network: { sizes: [2, 4], activation: 'tanh', parameters: Float32Array.from([...weights.flat(), ...outputs]) },
    history: 2, inputs: policyInputs(['level'], tank, scales), actions: ['pump', 'heater'], supportThresholds, logDelta: 0,
  };
}
const blind = [[0, 0, 0, 0], [0, 0, 0, 0]];
/** log density of a Gaussian */
const normal = (z: number, sigma: number): number => -0.5 * z * z - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);

test('β’s action is its mean, in units and within the range', () => {
  // pump is −2 to 2, so a mean of 1.5 is beyond it; heater is 0 to 10
  const actions = behaviourActions(behaviour(blind, [1.5, -0.5, 0, 0]), batch, scales, sample);
  expect(actions).toHaveLength(2 * frames);
  for (let i = 0; i < frames; i++) expect([...actions.subarray(2 * i, 2 * i + 2)]).toEqual([2, 2.5]);
});

test('β sees the frame’s own history, the newest first', () => {
  const actions = behaviourActions(behaviour([[0.1, 0, 0, 0], [0, 0.1, 0, 0]], [0, 0, 0, 0]), batch, scales, sample);
  sample.rows.forEach((row, i) => {
    const { states } = batch.episodes[sample.episodes[i]];
    const scaled = (at: number) => (states[3 * at] - 50) / (60 / Math.sqrt(12));
    expect(actions[2 * i]).toBeCloseTo(2 * 0.1 * scaled(row), 6);
    expect(actions[2 * i + 1], 'before the first frame it is repeated').toBeCloseTo(5 + 5 * 0.1 * scaled(Math.max(0, row - 1)), 6);
  });
});

describe('support', () => {
  const taken = Float64Array.from({ length: 2 * frames }, (_, i) => (i % 2 === 0 ? 1 : 10));

  test('is log β of the action in its range as −1 to 1, less the threshold, in the dimension where that is least', () => {
    const model = behaviour(blind, [0.25, 0.5, Math.log(0.5), Math.log(0.25)], [-2, -1.5]);
    // pump 1 l is 0.5, heater 10 kW is 1
    const expected = [normal(0.5, 0.5) + 2, normal(2, 0.25) + 1.5];
    const { support } = policyDiff(tank, {}, batch, sample, taken, taken, behaviourSupport(model, batch, scales));
    for (const excess of [...(support?.before ?? []), ...(support?.after ?? [])]) expect(excess).toBeCloseTo(Math.min(...expected), 5);
    expect(support?.share).toEqual({ before: 0, after: 0 });
  });

  test('rests on a σ of at least 3 % of the range, and at most e^0.7', () => {
    const { logDensities } = behaviourSupport(behaviour(blind, [0.5, 1, -50, 50]), batch, scales);
    const densities = logDensities(sample, taken);
    expect(densities[0]).toBeCloseTo(normal(0, 0.06), 6);
    expect(densities[1]).toBeCloseTo(normal(0, Math.exp(0.7)), 6);
  });

  test('begins at the 5 % quantile of each dimension over the hold-out rows; log δ is a quantile of both together', () => {
    // 21 rows with actions 0, 0.1, … 2 and 0, 0.05, … 1: with means 0 the least dense ones are the largest
    const rows = 21;
    const side = { rows, inputs: [{ numbers: new Float32Array(2 * rows), firsts: Int32Array.from({ length: rows }, (_, i) => 2 * i), width: 2 }], targets: [{ numbers: Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? i / 20 : (i - 1) / 40)), firsts: Int32Array.from({ length: rows }, (_, i) => 2 * i), width: 2 }] };
    const data: SupervisedRows = { inputs: 2, targets: 2, training: { ...side, rows: 0 }, holdout: side };
    const { supportThresholds, logDelta } = behaviourThresholds(behaviour(blind, [0, 0, 0, Math.log(0.5)]).network, data, 0.25);
    // of 21 sorted values 5 % is the second, 25 % the sixth
    expect(supportThresholds[0]).toBeCloseTo(normal(1.9, 1), 5);
    expect(supportThresholds[1]).toBeCloseTo(normal(0.95 / 0.5, 0.5), 5);
    expect(logDelta).toBeCloseTo(normal(1.5, 1) + normal(0.75 / 0.5, 0.5), 5);
  });
});
