import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { asideSuffix } from './atomicFile';
import type { WrittenFile } from './runFold';
import { inputOutputError } from './runError';
import { isIntact, sha256Of } from './verifiedFile';

/**
 * What a file of a run held before other bytes took its place. It lies beside the file until these have their event: who dies
 * in between leaves bytes that no event names, and the earlier ones are put back.
 */
function keptPlace(folder: string, path: string): string {
  return `${join(folder, ...path.split('/'))}.replaced${asideSuffix}`;
}

/**
 * @param file as the events tell it now
 * @returns where it is kept
 * @throws RunError disk-full, not-writable, folder-vanished; the file is then untouched
 */
export function keepReplaced(folder: string, { path }: WrittenFile): string {
  const kept = keptPlace(folder, path);
  try {
    copyFileSync(join(folder, ...path.split('/')), kept);
  } catch (error) {
    throw inputOutputError(error, kept);
  }
  return kept;
}

/** Puts back what was being replaced when the writer died. Only for the holder of the run's lock. */
export function putBackReplaced(folder: string, files: Iterable<WrittenFile>): void {
  for (const file of files) {
    const kept = keptPlace(folder, file.path);
    if (existsSync(kept) && sha256Of(readFileSync(kept)) === file.sha256 && !isIntact(folder, file)) renameSync(kept, join(folder, ...file.path.split('/')));
  }
}
