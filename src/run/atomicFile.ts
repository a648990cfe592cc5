import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { inputOutputError, RunError } from './runError';

/** Ends the name of a file that is being written aside. */
export const asideSuffix = '.aside';

/**
 * Writes a file so that it is there as a whole or not at all: aside in the same folder, then renamed over the old one.
 * Makes the folder when it is missing.
 *
 * @param options.sync wait until the bytes and the name are on the disk: survives a power cut, costs milliseconds
 * @throws RunError disk-full, not-writable, folder-vanished, input-output; the old file is then untouched
 */
export function writeFileAtomically(path: string, bytes: Uint8Array | string, options: { readonly sync: boolean }): void {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}${asideSuffix}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(aside, 'wx');
    try {
      writeFully(file, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
      if (options.sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
    if (options.sync) syncFolder(dirname(path));
  } catch (error) {
    try {
      rmSync(aside, { force: true });
    } catch {
      // the first error is the one to tell
    }
    throw inputOutputError(error, path);
  }
}

/** Writes all bytes at the file's position, however many calls that takes. */
export function writeFully(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}

/** Waits until a file's bytes are on the disk. A missing file is none of our business. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until the names in a folder are on the disk; systems that cannot (Windows) are left to their own journal. */
export function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch {
    // EINVAL, EPERM: this file system has no such thing
  } finally {
    closeSync(folder);
  }
}

/**
 * Reads a text of limited size.
 * @throws RunError file-missing, invalid-file when it is larger than `mostBytes`
 */
export function readTextFile(path: string, mostBytes: number): string {
  let size: number;
  try {
    size = statSync(path).size;
    if (size <= mostBytes) return readFileSync(path, 'utf8');
  } catch (error) {
    throw new RunError('file-missing', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  throw new RunError('invalid-file', `${path} has ${size} bytes; more than ${mostBytes} are not read.`);
}
