import type { SystemDescription } from '../../experiment/experiment';

/**
 * A simulated plant, vectorised over episodes: all episodes are stepped together, each with its own random stream.
 * The arrays are allocated once and overwritten by every step.
 */
export interface Simulator {
  readonly description: SystemDescription;
  readonly episodes: number;
  /** observed states after the last reset or step, [episodes × states], row-major, in units */
  readonly states: Float64Array;
  /** reward of the last step, [episodes]; zero after a reset */
  readonly rewards: Float64Array;
  /** Starts every episode anew, each from the stream of its own seed. @param seeds [episodes], 32-bit integers */
  reset(seeds: ArrayLike<number>): void;
  /** @param actions [episodes × actions], in units; clipped to the actions' ranges inside */
  step(actions: ArrayLike<number>): void;
}
