import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { sentence } from '../sentence/sentence';
import { placeOf } from './paths';
import type { RunFold, WrittenFile } from './runFold';
import { RunError } from './runError';

/** More than this is not read into memory at once. */
const mostBytes = 1 << 30;

/** Hexadecimal sha256, as events and run.json hold it. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * What the events say about a file.
 * @throws RunError file-missing: no event names it, so it does not exist
 */
export function writtenFile(fold: RunFold, path: string): WrittenFile {
  const file = fold.files.get(path);
  if (file === undefined) throw new RunError('file-missing', sentence('This run has no {0} yet.', path));
  return file;
}

/**
 * The bytes of a file of a run, and no others: size and sha256 are those of its event.
 * @throws RunError file-missing, file-changed, invalid-path
 */
export function readVerified(folder: string, file: WrittenFile): Buffer {
  const place = placeOf(folder, file.path);
  const { size } = statSync(place);
  if (size > mostBytes) throw new RunError('invalid-file', sentence('{0} has {1} bytes; more than {2} are not read.', file.path, size, mostBytes));
  const bytes = readFileSync(place);
  if (bytes.length !== file.bytes || sha256Of(bytes) !== file.sha256) {
    throw new RunError('file-changed', sentence('{0} is not what the run wrote. Restore it, or train again.', file.path));
  }
  return bytes;
}

/** Whether the bytes of a file are those of its event. */
export function isIntact(folder: string, file: WrittenFile): boolean {
  try {
    readVerified(folder, file);
    return true;
  } catch {
    return false;
  }
}
