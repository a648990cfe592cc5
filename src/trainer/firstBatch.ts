import { dirname, join } from 'node:path';
import type { Experiment } from '../experiment/experiment';
import { ExperimentError } from '../experiment/findings';
import { validateExperiment } from '../experiment/validate';
import { ImportError } from '../import/importError';
import { DataError } from '../learning/data/dataError';
import { writeBatch } from '../learning/data/parquet';
import { SafetyError } from '../learning/safety/safetyError';
import { readTextFile } from '../run/atomicFile';
import { experimentFile } from '../run/paths';
import { RunError } from '../run/runError';
import type { RunWriter } from '../run/writer';
import { batchFile } from './collecting';
import { InvalidInput } from './invalidInput';
import { firstRecordings, type PlantRecordings } from './plantRecordings';

const MOST_TEXT_BYTES = 16 << 20;

/**
 * The recordings of a plant's experiment, before there is a run: what cannot be used makes none.
 * @param file of the experiment, beside which the recordings are looked for
 * @returns null for a simulator
 * @throws InvalidInput
 */
export function recordingsOf(experiment: Experiment, file: string): PlantRecordings | null {
  if (experiment.system.kind !== 'plant') return null;
  try {
    return firstRecordings(experiment, dirname(file));
  } catch (cause) {
    if (cause instanceof ImportError || cause instanceof DataError || cause instanceof SafetyError || cause instanceof ExperimentError) throw new InvalidInput(cause.message, { cause });
    throw cause;
  }
}

/** Writes a plant's first batch: the collecting phase of a run that collects nothing. */
export function writeFirstBatch(writer: RunWriter, { batch, recordings, doubts }: PlantRecordings): void {
  const { rows, filtered, alone, episodes } = recordings;
  writer.append({ type: 'phase-started', iteration: 1, phase: 'collecting' });
  for (const { code, message, metrics } of doubts) writer.append({ type: 'warning', code, message, iteration: 1, metrics });
  writer.progress(1, 'collecting', 1, 1, { episodes: episodes.length, rows, filtered, alone });
  writer.writeFile(batchFile(0), new Uint8Array(writeBatch(batch)), 1);
  writer.append({ type: 'phase-ended', iteration: 1, phase: 'collecting' });
  writer.sync();
}

/**
 * A plant's run without its first batch (it was killed before that was written, or the file is damaged): takes it from the
 * recordings, which must be where and what they were.
 * @throws RunError file-missing, file-changed
 */
export function mendFirstBatch(writer: RunWriter): void {
  const { experiment } = validateExperiment(readTextFile(join(writer.folder, experimentFile), MOST_TEXT_BYTES));
  if (experiment?.system.kind !== 'plant' || writer.intactFiles().some(({ path }) => path === batchFile(0))) return;
  const { source, dataSha256 } = writer.description;
  let recordings: PlantRecordings;
  try {
    recordings = firstRecordings(experiment, dirname(source ?? writer.folder));
  } catch (cause) {
    throw new RunError('file-missing', 'The run has lost its first batch or never had it, and its recordings cannot be read any more. Restore them, or train anew.', { cause });
  }
  const changed = Object.entries(recordings.sha256).find(([name, sha256]) => dataSha256[name] !== sha256);
  if (changed !== undefined) throw new RunError('file-changed', `The run has lost its first batch or never had it, and ${changed[0]} is not what it was then. Restore it, or train anew.`);
  writeFirstBatch(writer, recordings);
}
