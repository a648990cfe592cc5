/**
 * One recorded episode. Row t is a frame: the states observed at sample t, the action that led to them and the reward
 * of arriving there. Row 0 holds the do-nothing action and reward 0. A transition is a pair of rows t, t + 1.
 */
export interface Episode {
  /** 0: the first batch; n: recorded by the deployment of iteration n */
  readonly iteration: number;
  /** 0: the behaviour that made the first batch; k: policy k of that iteration */
  readonly policy: number;
  /** number of rows: transitions + 1 */
  readonly frames: number;
  /** [frames × states], in units */
  readonly states: Float64Array;
  /** [frames × actions], in units */
  readonly actions: Float64Array;
  /** [frames] */
  readonly rewards: Float64Array;
}

/** All transitions recorded so far, in episodes; the columns are those of the system's description. */
export interface Batch {
  readonly stateNames: readonly string[];
  readonly actionNames: readonly string[];
  readonly episodes: readonly Episode[];
}
