import { dirname, join } from 'node:path';
import { validateExperiment } from '../../experiment/validate';
import { readTextFile } from '../../run/atomicFile';
import { experimentFile } from '../../run/paths';
import { RunError } from '../../run/runError';
import type { RunWriter } from '../../run/writer';
import { english, sentence } from '../../sentence/sentence';
import { batchFile } from '../phases/collecting';
import { InvalidInput } from '../invalidInput';
import type { ReadingData, ReadRecordings } from './recordingsWorker';

const MOST_TEXT_BYTES = 16 << 20;

/** Writes a plant's first batch: the collecting phase of a run that collects nothing. */
export function writeFirstBatch(writer: RunWriter, { parquet, counts, doubts }: ReadRecordings): void {
  writer.append({ type: 'phase-started', iteration: 1, phase: 'collecting' });
  for (const { code, said, metrics } of doubts) writer.append({ type: 'warning', code, message: english(said), sentence: said, iteration: 1, metrics });
  writer.progress(1, 'collecting', 1, 1, counts);
  writer.writeFile(batchFile(0), parquet, 1);
  writer.append({ type: 'phase-ended', iteration: 1, phase: 'collecting' });
  writer.sync();
}

/**
 * A plant's run without its first batch (it was killed before that was written, or the file is damaged): takes it from the
 * recordings, which must be where and what they were.
 *
 * @param read gives null when it was called off
 * @returns false when it was called off
 * @throws RunError file-missing, file-changed
 */
export async function mendFirstBatch(writer: RunWriter, read: (data: ReadingData) => Promise<ReadRecordings | null>): Promise<boolean> {
  const experimentText = readTextFile(join(writer.folder, experimentFile), MOST_TEXT_BYTES);
  const { experiment } = validateExperiment(experimentText);
  if (experiment?.system.kind !== 'plant' || writer.intactFiles().some(({ path }) => path === batchFile(0))) return true;
  const { source, dataSha256 } = writer.description;
  const recordings = await read({ experimentText, folder: dirname(source ?? writer.folder) }).catch((cause: unknown) => {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new RunError('file-missing', sentence('The run has lost its first batch or never had it, and its recordings cannot be read any more. Restore them, or train anew.'), { cause });
  });
  if (recordings === null) return false;
  const changed = Object.entries(recordings.sha256).find(([name, sha256]) => dataSha256[name] !== sha256);
  if (changed !== undefined) throw new RunError('file-changed', sentence('The run has lost its first batch or never had it, and {0} is not what it was then. Restore it, or train anew.', changed[0]));
  writeFirstBatch(writer, recordings);
  return true;
}
