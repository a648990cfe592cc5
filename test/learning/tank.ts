import type { SystemDescription } from '../../src/experiment/experiment';
import type { Batch, Episode } from '../../src/learning/data/batch';
import { Random } from '../../src/learning/random';

/** A made-up system with one variable of every kind: moved by an action, learned through a logarithm, constant. */
export const tank: SystemDescription = {
  kind: 'grid-2d',
  states: [
    { name: 'level', unit: 'cm', range: [0, 100], source: 'known', predict: 'change', logFloor: null, next: { kind: 'affine', action: 'pump', gain: 5, clip: true } },
    { name: 'usage', unit: 'kW', range: [0, 500], source: 'learned', predict: 'value', logFloor: 5, next: null },
    { name: 'target', unit: 'cm', range: [0, 100], source: 'known', predict: 'value', logFloor: null, next: { kind: 'constant' } },
  ],
  actions: [
    { name: 'pump', unit: 'l', range: [-2, 2], maxChange: null },
    { name: 'heater', unit: 'kW', range: [0, 10], maxChange: null },
  ],
  behaviours: ['do-nothing'],
  reward: { scale: 3, formula: { kind: 'linear', weights: { usage: -1 } }, default: 'formula' },
};

/** Episodes of random numbers in the tank's columns; row 0 does nothing. */
export function tankEpisode(frames: number, seed: number, iteration = 0, policy = 0): Episode {
  const random = new Random(seed);
  const states = Float64Array.from({ length: frames * 3 }, (_, i) => [random.uniform(20, 80), random.uniform(0, 200), 50][i % 3]);
  const actions = Float64Array.from({ length: frames * 2 }, (_, i) => (i < 2 ? 0 : i % 2 === 0 ? random.uniform(-2, 2) : random.uniform(0, 10)));
  const rewards = Float64Array.from({ length: frames }, (_, i) => (i === 0 ? 0 : random.normal()));
  return { iteration, policy, frames, states, actions, rewards };
}

export function tankBatch(episodes: readonly Episode[]): Batch {
  return { stateNames: ['level', 'usage', 'target'], actionNames: ['pump', 'heater'], episodes };
}
