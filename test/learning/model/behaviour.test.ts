import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitScales, toScaled } from '../../../src/learning/data/scaling';
import { splitBatch } from '../../../src/learning/data/split';
import { ProgramBuilder } from '../../../src/learning/engine/program';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { BehaviourDensity, behaviourRows, behaviourThresholds, gaussianLogDensity } from '../../../src/learning/model/behaviour';
import { parameterCount, type Network } from '../../../src/learning/policy/network';
import { Random } from '../../../src/learning/random';
import { tank, tankBatch, tankEpisode } from '../tank';

/** log of a Gaussian's density, whose σ is at least 3 % of the action's range, which is 2, and at most e^0.7. */
function logDensity(action: number, mean: number, logSigma: number): number {
  const sigma = Math.min(Math.exp(0.7), Math.max(0.03 * 2, Math.exp(logSigma)));
  return -0.5 * ((action - mean) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI);
}

/** A β that says the same whatever it sees. */
function constantBehaviour(inputs: number, outputs: readonly number[]): Network {
  const sizes = [inputs, outputs.length];
  const parameters = new Float32Array(parameterCount(sizes));
  parameters.set(outputs, parameters.length - outputs.length);
  return { sizes, activation: 'tanh', parameters };
}

const number = (min: number, max: number) => fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true });

test('no density is that of a deviation below 3 % of the range or above e^0.7, in a rollout and outside of one', () => {
  fc.assert(
    fc.property(number(-1, 1), number(-2, 2), number(-50, 50), (action, mean, logSigma) => {
      const expected = logDensity(action, mean, logSigma);
      const out = new Float64Array(1);
      new BehaviourDensity(constantBehaviour(1, [mean, logSigma])).logDensities([0], [action], out);
      expect(Math.abs(out[0] - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)));

      const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 1, steps: 0 });
      const [outputs, chosen, weight] = [builder.input('outputs', 2), builder.input('action', 1), builder.input('weight', 1)];
      builder.term('density', gaussianLogDensity(builder, outputs, chosen), weight, 1);
      const execution = new ReferenceEngine().open(builder.build());
      execution.write(outputs, [mean, logSigma]);
      execution.write(chosen, [action]);
      execution.write(weight, [1]);
      execution.run('forward');
      expect(Math.abs(execution.readTerms()[0] - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
    }),
    { numRuns: 200 },
  );
});

test('support begins at the 5 % quantile of each action, δ at that of all of them together, over the hold-out rows of every episode of the batch', () => {
  const batch = tankBatch(Array.from({ length: 6 }, (_, i) => tankEpisode(40 + i, i)));
  const settings = { history: 2, inputs: ['level', 'pump'] };
  const scales = fitScales(tank, batch, {}, null);
  const split = splitBatch(batch, 0.34, settings.history, new Random(1));
  const rows = behaviourRows(batch, split, settings, scales);
  // row after row: which action was taken at a frame stands beside the next one
  const key = (actions: readonly number[]) => actions.map((value) => value.toFixed(4)).join(' ');
  const taken = batch.episodes.flatMap(({ frames, actions }) => Array.from({ length: frames - 1 }, (_, row) => key([0, 1].map((i) => toScaled(scales.actions[i], actions[(row + 1) * 2 + i])))));
  const own = ({ targets, rows: count }: typeof rows.holdout) => Array.from({ length: count }, (_, row) => targets.flatMap(({ numbers, firsts, width }) => [...numbers.subarray(firsts[row], firsts[row] + width)]));
  const [training, holdout] = [own(rows.training), own(rows.holdout)];
  expect(holdout.length).toBeGreaterThan(30);
  expect(new Set([...training, ...holdout].map(key)).size).toBe(training.length + holdout.length);
  for (const action of [...training, ...holdout]) expect(taken).toContain(key(action));

  const [means, logSigmas] = [[0.2, -0.3], [-1, 0.4]];
  const densities = holdout.map((action) => action.map((value, i) => logDensity(value, means[i], logSigmas[i])));
  const quantile = (values: readonly number[], share: number) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = share * (sorted.length - 1);
    return sorted[Math.floor(at)] + (at - Math.floor(at)) * (sorted[Math.ceil(at)] - sorted[Math.floor(at)]);
  };
  for (const share of [0.05, 0.3]) {
    const { supportThresholds, logDelta } = behaviourThresholds(constantBehaviour(rows.inputs, [...means, ...logSigmas]), rows, share);
    supportThresholds.forEach((threshold, i) => expect(threshold).toBeCloseTo(quantile(densities.map((one) => one[i]), 0.05), 5));
    expect(logDelta).toBeCloseTo(quantile(densities.map(([a, b]) => a + b), share), 5);
  }
});
