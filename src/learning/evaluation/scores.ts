import type { Episode } from '../data/batch';
import { mean, standardError, worstDecile } from '../data/statistics';

/** A measure over episodes. */
export interface Score {
  readonly mean: number;
  readonly standardError: number;
  /** limit of the worst decile: the 90th percentile of costs, the 10th of returns */
  readonly p10: number;
}

/** Cost per step (undiscounted) and return (discounted) of the same episodes. */
export interface Scores {
  readonly cost: Score;
  readonly return: Score;
}

/** Cost per step, −(1/T) Σ_t r_t: the rewards of the steps, not the 0 of the first row. */
export function episodeCost(episode: Episode): number {
  let sum = 0;
  for (let row = 1; row < episode.frames; row++) sum -= episode.rewards[row];
  return sum / (episode.frames - 1);
}

/** Return, Σ_{t ≥ 0} γ^t r_{t+1}: the first step's reward counts in full. @param discount γ */
export function episodeReturn(episode: Episode, discount: number): number {
  let sum = 0;
  let weight = 1;
  for (let row = 1; row < episode.frames; row++) {
    sum += weight * episode.rewards[row];
    weight *= discount;
  }
  return sum;
}

/**
 * Scores some episodes.
 * @param discount γ of the return
 * @throws RangeError without episodes
 */
export function scoreEpisodes(episodes: readonly Episode[], discount: number): Scores {
  return {
    cost: scoreOf(episodes.map(episodeCost), 'cost'),
    return: scoreOf(episodes.map((episode) => episodeReturn(episode, discount)), 'return'),
  };
}

/** Mean, standard error and worst decile of one number for each episode. @throws RangeError without values */
export function scoreOf(values: ArrayLike<number>, kind: 'cost' | 'return'): Score {
  return { mean: mean(values), standardError: standardError(values), p10: worstDecile(values, kind) };
}
