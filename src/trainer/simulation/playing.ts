import type { SystemDescription, SystemSettings } from '../../experiment/experiment';
import type { Episode } from '../../learning/data/batch';
import type { PolicyDefinition } from '../../learning/policy/definition';
import { createPolicyController } from '../../learning/policy/policyController';
import { recordEpisodes } from '../../learning/system/record';
import { createScripted } from '../../learning/system/scripted/createScripted';
import type { Simulator } from '../../learning/system/simulator';

/** Who chooses the actions of an episode. Plain data, so that another thread can be told. */
export type Player = { readonly kind: 'policy'; readonly definition: PolicyDefinition } | { readonly kind: 'scripted'; readonly name: string; readonly epsilon: number };

/** Episodes to be played; iteration and policy as the batch counts them. */
export interface Play {
  readonly player: Player;
  /** one for each episode */
  readonly seeds: Int32Array;
  readonly steps: number;
  readonly iteration: number;
  readonly policy: number;
}

export interface Played {
  readonly episodes: readonly Episode[];
  /** actions for which limits left nothing and a bound had to be broken */
  readonly infeasible: number;
}

/** What is played on. */
export interface PlayedSystem {
  readonly settings: SystemSettings;
  readonly description: SystemDescription;
}

/** Plays episodes side by side on a simulator of as many. */
export function playEpisodes({ settings, description }: PlayedSystem, simulator: Simulator, { player, ...plan }: Play): Played {
  if (player.kind === 'scripted') return { episodes: recordEpisodes({ ...plan, simulator, controller: createScripted(settings, player.name, player.epsilon, description) }), infeasible: 0 };
  const controller = createPolicyController(player.definition);
  const episodes = recordEpisodes({ ...plan, simulator, controller });
  return { episodes, infeasible: controller.infeasible };
}
