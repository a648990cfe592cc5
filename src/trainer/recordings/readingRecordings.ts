/** Entry of the worker that reads a plant's recordings, which may be long: the coordinator's thread stays free to answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { validateExperiment } from '../../experiment/validate';
import { writeBatch } from '../../learning/data/parquet';
import { orInvalidInput } from '../firstBatchChecks';
import { InvalidInput } from '../invalidInput';
import { firstRecordings } from './plantRecordings';
import type { ReadRecordings, ReadingData, ReadingMessage } from './recordingsWorker';

function read({ experimentText, folder }: ReadingData): ReadRecordings {
  const { experiment } = validateExperiment(experimentText);
  if (experiment === null) throw new RangeError('Only recordings of a valid experiment are read.');
  const { batch, doubts, recordings: { alone, episodes, filtered, rows }, sha256 } = orInvalidInput(() => firstRecordings(experiment, folder));
  return { parquet: new Uint8Array(writeBatch(batch)), counts: { episodes: episodes.length, rows, filtered, alone }, sha256, doubts };
}

function answer(data: ReadingData): ReadingMessage {
  try {
    return { kind: 'read', recordings: read(data) };
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'invalid', code: error.code, said: error.sentence };
    throw error;
  }
}

parentPort?.postMessage(answer(workerData as ReadingData));
