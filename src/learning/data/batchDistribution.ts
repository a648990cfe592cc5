import type { Batch } from './batch';
import { mean, percentileOfSorted, standardDeviation } from './statistics';

/** How often a variable's values fall into equal bins from `minimum` to `maximum`; the last bin holds `maximum` itself. */
export interface ColumnDistribution {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly standardDeviation: number;
  /** percentiles, by linear interpolation */
  readonly p5: number;
  readonly p95: number;
  /** rows in each bin; a single bin where all values are equal */
  readonly counts: readonly number[];
}

/**
 * The distribution of every state and action over a batch, in units, by name. An action of an episode's first row only stands
 * for what was before; it is left out, where there are others.
 *
 * @param batch with one episode at least
 */
export function distributionsOf(batch: Batch, bins: number): ReadonlyMap<string, ColumnDistribution> {
  const { actionNames, stateNames } = batch;
  return new Map([
    ...stateNames.map((name, column) => [name, distributionOf(columnOf(batch, 'states', column, stateNames.length), bins)] as const),
    ...actionNames.map((name, column) => [name, distributionOf(columnOf(batch, 'actions', column, actionNames.length), bins)] as const),
  ]);
}

function columnOf({ episodes }: Batch, kind: 'states' | 'actions', column: number, width: number): Float64Array {
  const firstOf = (frames: number): number => (kind === 'actions' && frames > 1 ? 1 : 0);
  const values = new Float64Array(episodes.reduce((count, { frames }) => count + frames - firstOf(frames), 0));
  let at = 0;
  for (const episode of episodes) for (let row = firstOf(episode.frames); row < episode.frames; row++) values[at++] = episode[kind][row * width + column];
  return values;
}

function distributionOf(values: Float64Array, bins: number): ColumnDistribution {
  const sorted = values.toSorted();
  const [minimum, maximum] = [sorted[0], sorted[sorted.length - 1]];
  const counts = new Array<number>(minimum === maximum ? 1 : bins).fill(0);
  for (const value of sorted) counts[Math.min(counts.length - 1, Math.floor(((value - minimum) / (maximum - minimum || 1)) * counts.length))]++;
  return { minimum, maximum, mean: mean(values), standardDeviation: standardDeviation(values), p5: percentileOfSorted(sorted, 5), p95: percentileOfSorted(sorted, 95), counts };
}
