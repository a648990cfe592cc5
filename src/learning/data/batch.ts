import { sentence } from '../../sentence/sentence';
import { DataError } from './dataError';

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

/**
 * One batch after the other: first all episodes of `batch`, then those that joined.
 * @throws DataError `unknown-column` when the columns differ
 */
export function joinBatches(batch: Batch, joined: Batch): Batch {
  const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((name, i) => name === b[i]);
  if (!same(batch.stateNames, joined.stateNames) || !same(batch.actionNames, joined.actionNames)) {
    throw new DataError(
      'unknown-column',
      sentence('The new recordings have the columns {0}, the batch has {1}. Record the same columns in the same order.', [...joined.stateNames, ...joined.actionNames].join(', '), [...batch.stateNames, ...batch.actionNames].join(', ')),
    );
  }
  return { ...batch, episodes: [...batch.episodes, ...joined.episodes] };
}

/** Number of transitions in a batch. */
export function countTransitions(batch: Batch): number {
  return batch.episodes.reduce((count, episode) => count + episode.frames - 1, 0);
}

/**
 * Every value of one state variable, episode after episode, [frames of all episodes].
 * @param state column of the variable
 */
export function stateColumn(batch: Batch, state: number): Float64Array {
  const width = batch.stateNames.length;
  const values = new Float64Array(batch.episodes.reduce((count, episode) => count + episode.frames, 0));
  let at = 0;
  for (const episode of batch.episodes) {
    for (let row = 0; row < episode.frames; row++) values[at++] = episode.states[row * width + state];
  }
  return values;
}
