import type { ActionVariable } from '../../../experiment/experiment';
import type { Controller } from '../../policy/controller';
import { Random } from '../../random';

/** Actions uniform on their ranges, each episode from a stream of its own. */
export function uniformRandom(variables: readonly ActionVariable[]): Controller {
  const streams: Random[] = [];
  return {
    reset(episodes, seeds) {
      streams.length = 0;
      for (let episode = 0; episode < episodes; episode++) streams.push(new Random(seeds[episode]).fork('random-policy'));
    },
    act(_states, _previous, actions) {
      for (let episode = 0; episode < streams.length; episode++) drawUniform(variables, streams[episode], actions, episode * variables.length);
    },
  };
}

/** Writes one uniform draw for every action variable, from `offset` on. */
export function drawUniform(variables: readonly ActionVariable[], random: Random, actions: Float64Array, offset: number): void {
  for (let i = 0; i < variables.length; i++) actions[offset + i] = random.uniform(variables[i].range[0], variables[i].range[1]);
}
