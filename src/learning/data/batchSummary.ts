import type { BatchSummary, ColumnSummary } from '../../experiment/rules/withData';
import type { Batch } from './batch';
import { countTransitions } from './batch';

/** What validation needs to know of a batch, column by column. @param batch with one episode at least */
export function summariseBatch(batch: Batch): BatchSummary {
  const columns = new Map<string, ColumnSummary>();
  batch.stateNames.forEach((name, column) => columns.set(name, summarise(batch, 'states', column, batch.stateNames.length)));
  batch.actionNames.forEach((name, column) => columns.set(name, summarise(batch, 'actions', column, batch.actionNames.length)));
  return {
    transitions: countTransitions(batch),
    episodes: batch.episodes.length,
    longestEpisode: Math.max(...batch.episodes.map((episode) => episode.frames - 1)),
    columns: Object.fromEntries(columns),
  };
}

/** An action of an episode's first row only stands for what was before; it is left out, where there are others. */
function summarise({ episodes }: Batch, kind: 'states' | 'actions', column: number, width: number): ColumnSummary {
  let [minimum, maximum, count, mean, squares] = [Infinity, -Infinity, 0, 0, 0];
  let [least, most] = [Infinity, -Infinity];
  for (const episode of episodes) {
    const values = episode[kind];
    least = Math.min(least, values[column]);
    most = Math.max(most, values[column]);
    for (let row = kind === 'actions' && episode.frames > 1 ? 1 : 0; row < episode.frames; row++) {
      const value = values[row * width + column];
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      // Welford: exact for constant columns
      const change = value - mean;
      mean += change / ++count;
      squares += change * (value - mean);
    }
  }
  return { minimum, maximum, standardDeviation: Math.sqrt(squares / count), first: [least, most] };
}
