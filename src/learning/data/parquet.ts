import { parquetMetadata, parquetRead } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';
import type { Batch, Episode } from './batch';
import { DataError } from './dataError';

/** Columns that number a row: deployment, policy, episode within the file, sample within the episode. */
const ROW_COLUMNS = ['iteration', 'policy', 'episode', 'step'] as const;
const REWARD_COLUMN = 'reward';
const STATES_KEY = 'ibrl.states';
const ACTIONS_KEY = 'ibrl.actions';

/**
 * A batch as a Parquet file: iteration, policy, episode, step, then the states, the actions and the reward, as float64.
 * The same batch gives the same bytes; no time and no version is written.
 *
 * @throws DataError `reserved-name` when two columns would have the same name
 */
export function writeBatch(batch: Batch): ArrayBuffer {
  const names = [...ROW_COLUMNS, ...batch.stateNames, ...batch.actionNames, REWARD_COLUMN];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError('reserved-name', sentence('Two columns would be called {0}: rename the variable.', twice));
  return parquetWriteBuffer({
    columnData: [
      ...ROW_COLUMNS.map((name) => rowColumn(batch, name)),
      ...batch.stateNames.map((name, i) => valueColumn(batch, name, (episode, row) => episode.states[row * batch.stateNames.length + i])),
      ...batch.actionNames.map((name, i) => valueColumn(batch, name, (episode, row) => episode.actions[row * batch.actionNames.length + i])),
      valueColumn(batch, REWARD_COLUMN, (episode, row) => episode.rewards[row]),
    ],
    rowGroupSize: 100_000,
    statistics: false,
    createdBy: 'IBRL Studio',
    kvMetadata: [
      { key: STATES_KEY, value: JSON.stringify(batch.stateNames) },
      { key: ACTIONS_KEY, value: JSON.stringify(batch.actionNames) },
    ],
  });
}

/**
 * The batch in a file that `writeBatch` made.
 * @throws DataError `bad-file` for any other file
 */
export async function readBatch(file: ArrayBuffer): Promise<Batch> {
  const { stateNames, actionNames } = readNames(file);
  const names = [...ROW_COLUMNS, ...stateNames, ...actionNames, REWARD_COLUMN];
  const columns = new Map<string, Float64Array>();
  let rows = 0;
  try {
    const metadata = parquetMetadata(file);
    rows = Number(metadata.num_rows);
    // a size that lies must not fill the memory: no encoding takes less than a hundredth of a byte for a row
    if (rows > 100 * file.byteLength) throw new RangeError(`${file.byteLength} bytes cannot hold ${rows} rows.`);
    for (const name of names) columns.set(name, new Float64Array(rows));
    await parquetRead({
      file,
      metadata,
      columns: names,
      onChunk: ({ columnName, columnData, rowStart }) => columns.get(columnName)?.set(columnData as ArrayLike<number>, rowStart),
    });
  } catch (cause) {
    throw badFile(cause);
  }
  return { stateNames, actionNames, episodes: episodesOf(columns, rows, stateNames, actionNames) };
}

function rowColumn(batch: Batch, name: (typeof ROW_COLUMNS)[number]): ColumnSource {
  const data: number[] = [];
  batch.episodes.forEach((episode, number) => {
    const { iteration, policy } = episode;
    for (let step = 0; step < episode.frames; step++) data.push({ iteration, policy, episode: number, step }[name]);
  });
  return { name, data, type: 'INT32', nullable: false };
}

function valueColumn(batch: Batch, name: string, value: (episode: Episode, row: number) => number): ColumnSource {
  const data: number[] = [];
  for (const episode of batch.episodes) {
    for (let row = 0; row < episode.frames; row++) data.push(value(episode, row));
  }
  // PLAIN: a dictionary would take −0 and 0 for the same value
  return { name, data, type: 'DOUBLE', nullable: false, encoding: 'PLAIN' };
}

function readNames(file: ArrayBuffer): { stateNames: string[]; actionNames: string[] } {
  let pairs: ReturnType<typeof parquetMetadata>['key_value_metadata'];
  try {
    pairs = parquetMetadata(file).key_value_metadata;
  } catch (cause) {
    throw badFile(cause);
  }
  const list = (key: string): string[] => {
    let value: unknown;
    try {
      value = JSON.parse(pairs?.find((pair) => pair.key === key)?.value ?? 'null');
    } catch (cause) {
      throw badFile(cause);
    }
    if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) throw badFile(new SpokenError(sentence('{0} is missing', key)));
    return value;
  };
  return { stateNames: list(STATES_KEY), actionNames: list(ACTIONS_KEY) };
}

function episodesOf(columns: ReadonlyMap<string, Float64Array>, rows: number, stateNames: readonly string[], actionNames: readonly string[]): Episode[] {
  const column = (name: string): Float64Array => columns.get(name) as Float64Array;
  const gather = (names: readonly string[], first: number, end: number): Float64Array => {
    const out = new Float64Array((end - first) * names.length);
    names.forEach((name, i) => {
      const values = column(name);
      for (let row = first; row < end; row++) out[(row - first) * names.length + i] = values[row];
    });
    return out;
  };
  const numbers = column('episode');
  const episodes: Episode[] = [];
  for (let first = 0; first < rows; ) {
    let end = first + 1;
    while (end < rows && numbers[end] === numbers[first]) end++;
    episodes.push({
      iteration: column('iteration')[first],
      policy: column('policy')[first],
      frames: end - first,
      states: gather(stateNames, first, end),
      actions: gather(actionNames, first, end),
      rewards: column(REWARD_COLUMN).slice(first, end),
    });
    first = end;
  }
  return episodes;
}

function badFile(cause: unknown): DataError {
  const error = new DataError('bad-file', sentence('This is not a batch that IBRL Studio wrote, or it is damaged: take the batch.parquet of another run, or record anew.'));
  error.cause = cause;
  return error;
}
