import { expect, test } from 'vitest';
import type { SystemDescription } from '../../../src/experiment/experiment';
import type { Episode } from '../../../src/learning/data/batch';
import { fitScales } from '../../../src/learning/data/scaling';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { countViolations } from '../../../src/learning/evaluation/violations';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { Random } from '../../../src/learning/random';
import { boundConstraints } from '../../../src/learning/safety/bounds';
import { predict } from '../../../src/learning/search/prediction';

/** A bounded temperature in kelvin: 0.25 K above 353.15 K, where float32 numbers are 3e-5 K apart. */
const bounds = { temperature: [353.15, 353.4] } as const;
const description: SystemDescription = {
  kind: 'plant',
  states: [{ name: 'temperature', unit: 'K', range: [350, 360], source: 'known', predict: 'change', logFloor: null, next: { kind: 'affine', action: 'heat', gain: 0.1, clip: false } }],
  actions: [{ name: 'heat', unit: 'kW', range: [-1, 1], maxChange: null }],
  behaviours: [],
  reward: { scale: 1, formula: { kind: 'linear', weights: { temperature: 1 } }, default: 'formula' },
};

test('what a constrained policy is predicted to do is within bounds that float32 numbers cannot tell from what lies outside', () => {
  const frames = 8;
  const episode: Episode = { iteration: 0, policy: 0, frames, states: Float64Array.from({ length: frames }, (_, row) => 353.2 + 0.02 * row), actions: new Float64Array(frames), rewards: new Float64Array(frames) };
  const batch = { stateNames: ['temperature'], actionNames: ['heat'], episodes: [episode] };
  const scales = fitScales(description, batch, bounds, null);
  const inputs = ['temperature'];
  const horizon = 30;
  const network = initialiseNetwork([1, 4, 1], 'tanh', new Random(3), 1);
  const saturated = [1e6, -1e6].map((size) => ({ ...network, parameters: network.parameters.map((weight) => weight * size) }));
  const { states } = predict(
    new ReferenceEngine(),
    {
      description, scales, bounds, constraints: boundConstraints(description, bounds), behaviour: null, reward: 'formula', count: 2, policies: 2, members: 1, horizon, pessimism: 'none',
      policy: { sizes: network.sizes, inputs, history: 1, activation: 'tanh' }, model: { sizes: [2, 1], inputs, history: 1, activation: 'tanh', targets: [], known: [] },
      terms: { objective: false, soft: false, violation: false, diversity: null },
    },
    batch, { episodes: new Int32Array(frames), rows: Int32Array.from({ length: frames }, (_, row) => row) }, 1, saturated, [initialiseNetwork([2, 1], 'tanh', new Random(4), 1)], null,
  );
  const [low, high] = bounds.temperature;
  // it has been at both ends: nothing else would tell
  expect(states.some((value) => high - value < 5e-5)).toBe(true);
  expect(states.some((value) => value - low < 5e-5)).toBe(true);
  const rollouts = Array.from({ length: states.length / (horizon + 1) }, (_, rollout): Episode => ({ ...episode, frames: horizon + 1, states: Float64Array.from(states.subarray(rollout * (horizon + 1), (rollout + 1) * (horizon + 1))) }));
  expect(countViolations(['temperature'], bounds, rollouts).outside).toBe(0);
});
