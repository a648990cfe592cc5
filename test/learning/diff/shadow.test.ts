import { expect, test } from 'vitest';
import { fitScales } from '../../../src/learning/data/scaling';
import { policyDiff } from '../../../src/learning/diff/policyDiff';
import { recordedActions, sampleFrames } from '../../../src/learning/diff/sample';
import { chosenFrames, describePolicySystem, takenActions, withColumns } from '../../../src/learning/diff/shadow';
import { policyInputs } from '../../../src/learning/policy/definition';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { createPolicyController } from '../../../src/learning/policy/policyController';
import { Random } from '../../../src/learning/random';
import { boundConstraints } from '../../../src/learning/safety/bounds';
import { tank, tankBatch, tankEpisode } from '../tank';

const bounds = { level: [20, 80] } as const;
const batch = tankBatch([tankEpisode(9, 1), tankEpisode(1, 2), tankEpisode(6, 3)]);
const definition = {
  network: initialiseNetwork([6, 5, 2], 'tanh', new Random(1), 3), history: 3, states: batch.stateNames,
  inputs: policyInputs(['level', 'pump'], tank, fitScales(tank, batch, bounds, null)), actions: tank.actions, constraints: boundConstraints(tank, bounds),
};

test('at every frame but an episode’s last the taken action is the one that led to the next frame', () => {
  const chosen = chosenFrames(batch);
  const sample = sampleFrames(chosen);
  const taken = takenActions(chosen, batch, sample);
  expect(sample.rows).toHaveLength(8 + 5);
  expect(taken.slice(0, 2)).toEqual(batch.episodes[0].actions.slice(2, 4));
  expect(taken.slice(-2)).toEqual(batch.episodes[2].actions.slice(-2));
});

test('recordings made by a policy itself show that it would have done the same', () => {
  const controller = createPolicyController(definition);
  const episode = tankEpisode(20, 4);
  controller.reset(1, [0]);
  for (let row = 0; row + 1 < 20; row++) controller.act(episode.states.subarray(row * 3, row * 3 + 3), episode.actions.subarray(row * 2, row * 2 + 2), episode.actions.subarray(row * 2 + 2, row * 2 + 4));
  const own = tankBatch([episode]);
  const chosen = chosenFrames(own);
  const sample = sampleFrames(chosen);
  const diff = policyDiff(tank, bounds, chosen, sample, takenActions(chosen, own, sample), recordedActions(createPolicyController(definition), chosen, sample));
  for (const { change } of diff.actions) expect(change.max).toBe(0);
});

test('a policy file alone tells margins, ranges and units of its actions', () => {
  const { description, bounds: own } = describePolicySystem(definition);
  expect(own).toEqual(bounds);
  const chosen = chosenFrames(batch);
  const sample = sampleFrames(chosen);
  const [taken, would] = [takenActions(chosen, batch, sample), recordedActions(createPolicyController(definition), chosen, sample)];
  const [alone, known] = [policyDiff(description, own, chosen, sample, taken, would), policyDiff(tank, bounds, chosen, sample, taken, would)];
  expect(alone.actions).toEqual(known.actions);
  expect(alone.margins[0]).toEqual({ ...known.margins[0], unit: '1' });
});

test('columns are found by their names, in whatever order they were recorded', () => {
  const swapped = withColumns(batch, ['target', 'level', 'usage'], ['heater', 'pump']);
  expect(withColumns(swapped, batch.stateNames, batch.actionNames)).toEqual(batch);
  expect(() => withColumns(batch, ['pressure'], [])).toThrow(/no column pressure/);
});

test('recordings in which nothing was chosen are refused', () => {
  expect(() => chosenFrames(tankBatch([tankEpisode(1, 1)]))).toThrow(/no two samples in a row/);
});
