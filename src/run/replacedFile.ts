import { copyFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asideSuffix, syncFile, syncFolder } from './atomicFile';
import type { WrittenFile } from './runFold';
import { inputOutputError } from './runError';
import { isIntact } from './verifiedFile';

/**
 * What a file of a run held before other bytes took its place. It lies beside the file until these have their event: who dies
 * in between leaves bytes that no event names, and the earlier ones are put back.
 */
const keptSuffix = `.replaced${asideSuffix}`;

/**
 * @param file as the events tell it now
 * @returns where it is kept, on the disk
 * @throws RunError disk-full, not-writable, folder-vanished; the file is then untouched
 */
export function keepReplaced(folder: string, { path }: WrittenFile): string {
  const place = placeIn(folder, path);
  const kept = place + keptSuffix;
  try {
    copyFileSync(place, kept);
    syncFile(kept);
    syncFolder(dirname(kept));
  } catch (error) {
    throw inputOutputError(error, kept);
  }
  return kept;
}

/** Puts back what was being replaced when the writer died. Only for the holder of the run's lock. */
export function putBackReplaced(folder: string, files: Iterable<WrittenFile>): void {
  for (const file of files) {
    const kept = file.path + keptSuffix;
    if (isIntact(folder, { ...file, path: kept }) && !isIntact(folder, file)) renameSync(placeIn(folder, kept), placeIn(folder, file.path));
  }
}

function placeIn(folder: string, path: string): string {
  return join(folder, ...path.split('/'));
}
