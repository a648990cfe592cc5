import { resolve } from 'node:path';
import type { Experiment, SystemDescription } from '../experiment/experiment';
import { type ImportPlan, readRecordings } from '../import/recordings';
import { importPlan } from '../import/importPlan';
import type { Batch } from '../learning/data/batch';
import { readBatch } from '../learning/data/parquet';
import { recordedBatch } from '../learning/data/recordedBatch';
import { withColumns } from '../learning/diff/shadow';
import { readPlainFile } from '../run/readBytes';
import { InputError } from './output';

/** Recordings of a policy's variables: each file's, one after the other. */
export interface RecordingFiles {
  readonly batch: Batch;
  readonly files: readonly { readonly file: string; readonly episodes: number; readonly frames: number }[];
}

/**
 * Reads the columns of a policy from recordings: what runs wrote (`batch.parquet`), or CSV. A plant's experiment tells
 * how its CSV files are cut into episodes and what their columns are called; else a file is one episode, and its columns have the
 * variables' names.
 *
 * @param system names of states and actions, in the policy's order
 * @param experiment of the run whose models are used; null: none
 * @throws InputError `unreadable-file`, `unknown-recording`, `invalid-recording`
 */
export async function readRecordingFiles(names: readonly string[], from: string, system: Pick<SystemDescription, 'states' | 'actions'>, experiment: Experiment | null): Promise<RecordingFiles> {
  const read = await Promise.all(names.map(async (name) => ({ file: name, batch: await readRecording(name, resolve(from, name), system, experiment) })));
  return {
    batch: { stateNames: namesOf(system.states), actionNames: namesOf(system.actions), episodes: read.flatMap(({ batch }) => batch.episodes) },
    files: read.map(({ file, batch }) => ({ file, episodes: batch.episodes.length, frames: batch.episodes.reduce((sum, { frames }) => sum + frames, 0) })),
  };
}

async function readRecording(name: string, path: string, system: Pick<SystemDescription, 'states' | 'actions'>, experiment: Experiment | null): Promise<Batch> {
  const isCsv = /\.csv$/i.test(name);
  if (!isCsv && !/\.parquet$/i.test(name)) throw new InputError('unknown-recording', `${name} is not a recording that can be replayed. Give a batch.parquet of a run, or a CSV file.`);
  let bytes: Uint8Array;
  try {
    bytes = readPlainFile(path);
  } catch (cause) {
    throw new InputError('unreadable-file', `${name} cannot be read. Give a batch.parquet of a run, or a CSV file.`, { cause });
  }
  try {
    return isCsv ? csvBatch(name, bytes, system, experiment) : withColumns(await readBatch(new Uint8Array(bytes).buffer), namesOf(system.states), namesOf(system.actions));
  } catch (cause) {
    const more = isCsv && experiment === null ? ' Or name the plant’s run, whose experiment says how its files are read: --on RUN:ITERATION.' : '';
    throw new InputError('invalid-recording', `${name} cannot be used. ${cause instanceof Error ? cause.message : String(cause)}${more}`, { cause });
  }
}

function csvBatch(name: string, bytes: Uint8Array, { states, actions }: Pick<SystemDescription, 'states' | 'actions'>, experiment: Experiment | null): Batch {
  const columns = [...namesOf(states), ...namesOf(actions)].map((variable) => ({ name: variable, heading: variable }));
  const plain: ImportPlan = { columns, time: null, episode: null, gap: null, samplingTime: 1, filter: null };
  const own = experiment === null || experiment.data.files === null ? plain : importPlan(experiment);
  // what a policy would do does not depend on rewards, so they need not be there
  const plan = { ...own, columns: own.columns.filter((column) => columns.some((one) => one.name === column.name)) };
  const { episodes } = readRecordings([{ name, bytes }], plan);
  return recordedBatch({ kind: 'plant', states, actions, behaviours: [], reward: { scale: null, formula: { kind: 'told' }, default: 'learned' } }, episodes, 0, 0);
}

function namesOf(variables: readonly { readonly name: string }[]): string[] {
  return variables.map(({ name }) => name);
}
