import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Sentence, sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';
import { InvalidInput } from '../invalidInput';
import type { RecordingDoubt } from '../recordingDoubts';
import type { Stopping } from '../stopping';

/** What the worker that reads recordings is given. */
export interface ReadingData {
  readonly experimentText: string;
  /** of the experiment file */
  readonly folder: string;
}

/** A plant's first batch, ready to be written. */
export interface ReadRecordings {
  /** batch.parquet */
  readonly parquet: Uint8Array;
  readonly counts: Readonly<Record<'episodes' | 'rows' | 'filtered' | 'alone', number>>;
  /** by the files' names */
  readonly sha256: Readonly<Record<string, string>>;
  readonly doubts: readonly RecordingDoubt[];
}

export type ReadingMessage = { readonly kind: 'read'; readonly recordings: ReadRecordings } | { readonly kind: 'invalid'; readonly code: string; readonly said: Sentence };

const pollMs = 100;
/** Recordings that are nearly read are worth waiting for: the run is then made, and stops at its first place. */
const patienceMs = 10_000;

/**
 * Reads a plant's recordings in a worker.
 *
 * @param dist folder of the built scripts
 * @returns null when somebody asked to stop and the worker was not waited for any longer
 * @throws InvalidInput when they cannot be used
 */
export async function readInWorker(data: ReadingData, dist: string, stopping: Stopping): Promise<ReadRecordings | null> {
  const worker = new Worker(join(dist, 'readingRecordings.cjs'), { workerData: data });
  let timer: NodeJS.Timeout | undefined;
  try {
    const message = await new Promise<ReadingMessage | null>((resolve, reject) => {
      timer = setInterval(() => stopping.waitedMs > patienceMs && resolve(null), pollMs);
      worker.on('message', resolve).on('error', reject);
      worker.on('exit', (code) => reject(new SpokenError(sentence('The worker that reads the recordings ended by itself ({0}).', code))));
    });
    if (message?.kind === 'invalid') throw new InvalidInput(message.said, { code: message.code });
    return message?.recordings ?? null;
  } finally {
    clearInterval(timer);
    await worker.terminate();
  }
}
