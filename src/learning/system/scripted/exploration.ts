import type { ActionVariable } from '../../../experiment/experiment';
import type { Controller } from '../../policy/controller';
import { Random } from '../../random';
import { drawUniform } from './uniformRandom';

/**
 * Another controller with exploration: in each step and episode, with probability epsilon, the whole action is
 * uniform on its range instead.
 *
 * @param epsilon 0 … 1
 * @throws RangeError when epsilon is outside 0 … 1
 */
export function withExploration(inner: Controller, variables: readonly ActionVariable[], epsilon: number): Controller {
  if (!(epsilon >= 0 && epsilon <= 1)) throw new RangeError(`epsilon is a probability between 0 and 1, not ${epsilon}.`);
  const streams: Random[] = [];
  return {
    reset(episodes, seeds) {
      inner.reset(episodes, seeds);
      streams.length = 0;
      for (let episode = 0; episode < episodes; episode++) streams.push(new Random(seeds[episode]).fork('exploration'));
    },
    act(states, previous, actions) {
      inner.act(states, previous, actions);
      for (let episode = 0; episode < streams.length; episode++) {
        if (streams[episode].next() < epsilon) drawUniform(variables, streams[episode], actions, episode * variables.length);
      }
    },
  };
}
