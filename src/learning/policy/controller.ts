/**
 * Whatever chooses actions: a scripted policy of a system, a searched policy, β's mean. Vectorised over episodes;
 * state such as history or a random stream is kept for each episode apart, and nothing is allocated by `act`.
 */
export interface Controller {
  /** Forgets everything and begins `episodes` episodes. @param seeds one for each episode's random stream, if any */
  reset(episodes: number, seeds: ArrayLike<number>): void;
  /**
   * Chooses the next actions.
   * @param states observed states now, [episodes × states], in units
   * @param previous the actions that led to these states, [episodes × actions], in units; do-nothing at the start
   * @param actions receives the chosen actions, [episodes × actions], in units
   */
  act(states: Float64Array, previous: Float64Array, actions: Float64Array): void;
}
