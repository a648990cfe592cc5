import type { Episode } from '../data/batch';
import type { Controller } from '../policy/controller';
import type { Simulator } from './simulator';

/** What an episode is made of: a system, who controls it, for how long and with which noise. */
export interface EpisodePlan {
  readonly simulator: Simulator;
  readonly controller: Controller;
  /** transitions in each episode */
  readonly steps: number;
  /**
   * [simulator.episodes], 32-bit integers. Simulator and controller both get an episode's seed and fork streams of
   * different names from it, so their noise is independent of each other and of all other episodes, and different
   * policies with the same seeds meet the same starts and the same noise.
   */
  readonly seeds: ArrayLike<number>;
}

/**
 * Called after the reset (`step` 0) and after each step, before the next action.
 * The arrays are the simulator's own: copy what is to be kept.
 *
 * @param actions that led here, as they were applied, [episodes × actions], in units
 */
export type StepVisitor = (step: number, states: Float64Array, actions: Float64Array, rewards: Float64Array) => void;

/** Result of scored episodes, [episodes] each. */
export interface EpisodeScores {
  /** mean over the steps of −reward, undiscounted */
  readonly costs: Float64Array;
  /** Σ_t γ^t r_(t+1), t from 0 */
  readonly returns: Float64Array;
}

/** Runs the plan's episodes side by side and tells the visitor. Actions are clipped to their ranges and largest changes before they are applied. */
export function runEpisodes(plan: EpisodePlan, visit: StepVisitor): void {
  const { simulator, controller } = plan;
  const variables = simulator.description.actions;
  // of every episode's actions
  const lows = Float64Array.from({ length: simulator.episodes * variables.length }, (_, i) => variables[i % variables.length].range[0]);
  const highs = lows.map((_, i) => variables[i % variables.length].range[1]);
  const changes = lows.map((_, i) => variables[i % variables.length].maxChange ?? Infinity);
  // before the first step nothing was done: 0, or what is nearest to it in an action's range
  const previous = lows.map((low, i) => Math.min(highs[i], Math.max(low, 0)));
  const actions = new Float64Array(previous.length);
  simulator.reset(plan.seeds);
  controller.reset(simulator.episodes, plan.seeds);
  visit(0, simulator.states, previous, simulator.rewards);
  for (let step = 1; step <= plan.steps; step++) {
    controller.act(simulator.states, previous, actions);
    for (let i = 0; i < actions.length; i++) previous[i] = Math.min(highs[i], previous[i] + changes[i], Math.max(lows[i], previous[i] - changes[i], actions[i]));
    simulator.step(previous);
    visit(step, simulator.states, previous, simulator.rewards);
  }
}

/**
 * Records the plan's episodes. Row 0 of each is the first frame, with the do-nothing action and reward 0.
 *
 * @param plan with `iteration` and `policy` as the batch counts them
 */
export function recordEpisodes(plan: EpisodePlan & { readonly iteration: number; readonly policy: number }): Episode[] {
  const { simulator, steps } = plan;
  const stateCount = simulator.description.states.length;
  const actionCount = simulator.description.actions.length;
  const frames = steps + 1;
  const episodes: Episode[] = Array.from({ length: simulator.episodes }, () => ({
    iteration: plan.iteration,
    policy: plan.policy,
    frames,
    states: new Float64Array(frames * stateCount),
    actions: new Float64Array(frames * actionCount),
    rewards: new Float64Array(frames),
  }));
  runEpisodes(plan, (step, states, actions, rewards) => {
    for (let e = 0; e < episodes.length; e++) {
      for (let i = 0; i < stateCount; i++) episodes[e].states[step * stateCount + i] = states[e * stateCount + i];
      for (let i = 0; i < actionCount; i++) episodes[e].actions[step * actionCount + i] = actions[e * actionCount + i];
      episodes[e].rewards[step] = rewards[e];
    }
  });
  return episodes;
}

/**
 * Scores the plan's episodes without keeping their trajectories.
 *
 * @param plan with the discount γ, 0 … 1, and, if wanted, a visitor that sees every step
 */
export function scoreEpisodes(plan: EpisodePlan & { readonly discount: number; readonly visit?: StepVisitor }): EpisodeScores {
  const count = plan.simulator.episodes;
  const costs = new Float64Array(count);
  const returns = new Float64Array(count);
  let weight = 1;
  runEpisodes(plan, (step, states, actions, rewards) => {
    plan.visit?.(step, states, actions, rewards);
    if (step === 0) return;
    for (let e = 0; e < count; e++) {
      costs[e] -= rewards[e] / plan.steps;
      returns[e] += weight * rewards[e];
    }
    weight *= plan.discount;
  });
  return { costs, returns };
}
