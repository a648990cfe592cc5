import { join } from 'node:path';
import { readTextFile, writeFileAtomically } from './atomicFile';
import { cacheFolder } from './paths';
import { RunError } from './runError';
import { sha256Of } from './verifiedFile';

/** Which comparison: of two policies by the sha256 of their files, on the models and recordings of an iteration. */
export interface DiffKey {
  readonly before: string;
  readonly after: string;
  /** sha256 of models.json, which holds the scales, and thereby of the recordings that it was fitted to */
  readonly models: string;
}

const mostBytes = 64 << 20;
/** Another number makes all earlier texts unknown. */
const version = 2;

/**
 * A comparison that was made before, or null. A cache is no part of a run: no event names it, and it may be deleted at any time.
 * What was cut short or changed is as good as not there.
 */
export function readCachedDiff(folder: string, key: DiffKey): string | null {
  let file: string;
  try {
    file = readTextFile(placeOfDiff(folder, key), mostBytes);
  } catch {
    return null;
  }
  const end = file.indexOf('\n');
  const text = file.slice(end + 1);
  return file.slice(0, end) === headOf(key, text) ? text : null;
}

/** Keeps a comparison. A folder that cannot be written, or a full disk, only means that it is made again next time. */
export function keepDiff(folder: string, key: DiffKey, text: string): void {
  try {
    writeFileAtomically(placeOfDiff(folder, key), `${headOf(key, text)}\n${text}`, { sync: false, within: folder });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
  }
}

function placeOfDiff(folder: string, key: DiffKey): string {
  return join(folder, cacheFolder, `diff-${sha256Of(keyText(key)).slice(0, 32)}.json`);
}

/** The first line of a cached file: the whole key, and the sha256 of what follows. */
function headOf(key: DiffKey, text: string): string {
  return `${keyText(key)} ${sha256Of(text)}`;
}

function keyText({ before, after, models }: DiffKey): string {
  return `ibrl-cached-diff ${version} ${before} ${after} ${models}`;
}
