import { basename, resolve } from 'node:path';
import { describeExperiment } from '../../experiment/describeExperiment';
import type { Experiment } from '../../experiment/experiment';
import { ImportError } from '../../import/importError';
import { importPlan } from '../../import/importPlan';
import { type RecordedEpisode, readRecordings, type Recordings } from '../../import/recordings';
import type { Batch } from '../../learning/data/batch';
import { recordedBatch } from '../../learning/data/recordedBatch';
import { readPlainFile } from '../../run/readBytes';
import { sha256Of } from '../../run/verifiedFile';
import { sentence } from '../../sentence/sentence';
import { doubtsWithData, requireLearnable } from '../firstBatchChecks';
import { doubtsAbout, type RecordingDoubt } from '../recordingDoubts';

/** A recording and the name that events and sentences give it. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** Recordings of a plant, ready to join a run. */
export interface PlantRecordings {
  readonly batch: Batch;
  readonly recordings: Recordings;
  /** by the files' names */
  readonly sha256: Readonly<Record<string, string>>;
  readonly doubts: readonly RecordingDoubt[];
}

/**
 * Reads recordings of a plant: what becomes a batch file.
 *
 * @param iteration 0: the first batch; n: recorded after iteration n
 * @param policy who was at work: 1 … K, or 0 for anybody else
 * @throws ImportError, DataError for recordings that are too short to train and check a model
 */
export function readPlantRecordings(experiment: Experiment, files: readonly NamedFile[], iteration: number, policy: number): PlantRecordings {
  const read = files.map((file) => ({ name: file.name, bytes: bytesOf(file) }));
  const hashes = read.map(({ bytes }) => sha256Of(bytes));
  const copy = hashes.findIndex((hash, i) => hashes.indexOf(hash) < i);
  if (copy >= 0) throw new ImportError([{ code: 'file-unreadable', file: read[copy].name, row: null, column: null, said: sentence('the file holds the same as {0}. Leave one of them out.', read[hashes.indexOf(hashes[copy])].name) }]);
  const recordings = readRecordings(read, importPlan(experiment));
  const description = describeExperiment(experiment);
  const batch = recordedBatch(description, recordings.episodes, iteration, policy);
  requireRewards(batch, recordings.episodes);
  requireLearnable(experiment, batch);
  return {
    batch,
    recordings,
    sha256: Object.fromEntries(read.map(({ name }, i) => [name, hashes[i]])),
    doubts: doubtsAbout(description, batch, recordings.episodes),
  };
}

/** The recordings that an experiment names. @param folder of the experiment file @throws as `readPlantRecordings` */
export function namedRecordings(experiment: Experiment, folder: string): PlantRecordings {
  const names = experiment.data.files?.files ?? [];
  return readPlantRecordings(experiment, names.map((name) => ({ name, path: resolve(folder, name) })), 0, 0);
}

/** The same, held against the experiment. @throws as `namedRecordings`, and as `doubtsWithData` */
export function firstRecordings(experiment: Experiment, folder: string): PlantRecordings {
  const first = namedRecordings(experiment, folder);
  const doubts = doubtsWithData(experiment, first.batch).map(({ code, said }): RecordingDoubt => ({ code, said, metrics: {} }));
  return { ...first, doubts: [...first.doubts, ...doubts] };
}

/**
 * Files given on a command line, named without their folders.
 * @throws ImportError `file-unreadable` when two of them have the same name
 */
export function namedFiles(paths: readonly string[]): NamedFile[] {
  const files = paths.map((path) => ({ name: basename(path), path: resolve(path) }));
  const twice = files.find(({ name }, i) => files.findIndex((file) => file.name === name) !== i);
  if (twice !== undefined) throw new ImportError([{ code: 'file-unreadable', file: twice.name, row: null, column: null, said: sentence('two of the files have this name. Rename one, or leave out the one that is there twice.') }]);
  return files;
}

function bytesOf({ name, path }: NamedFile): Uint8Array {
  try {
    return readPlainFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError([{ code: 'file-unreadable', file: name, row: null, column: null, said: sentence('the file cannot be read ({0}). Correct its name or place, or who may read it.', reason) }], { cause });
  }
}

function requireRewards(batch: Batch, episodes: readonly RecordedEpisode[]): void {
  const problems = batch.episodes.flatMap(({ rewards }, index) => {
    const row = rewards.findIndex((reward) => !Number.isFinite(reward));
    const { file, rows } = episodes[index];
    return row < 0 ? [] : [{ code: 'reward-not-finite' as const, file, row: rows[row], column: null, said: sentence('the reward of arriving there is {0}. Let the formula avoid division by 0 and logarithms or roots of negative numbers, for example with max(x, 0.01).', rewards[row]) }];
  });
  if (problems.length > 0) throw new ImportError(problems);
}
