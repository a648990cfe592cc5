import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { sentence } from '../sentence/sentence';
import type { FaultHook, FaultPoint } from './faults';
import { openPlainFile } from './readBytes';
import { inputOutputError, RunError, systemCode } from './runError';

/** Ends the name of a file that is being written aside. */
export const asideSuffix = '.aside';

/**
 * Writes a file so that it is there as a whole or not at all: aside in the same folder, then renamed over the old one.
 * Makes the folder when it is missing.
 *
 * @param options.sync wait until the bytes and the name are on the disk: survives a power cut, costs milliseconds
 * @param options.faults asked at its points, for tests
 * @throws RunError disk-full, not-writable, folder-vanished, input-output; the old file is then untouched
 */
export function writeFileAtomically(path: string, bytes: Uint8Array | string, options: { readonly sync: boolean; readonly faults?: FaultHook | undefined }): void {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}${asideSuffix}`;
  try {
    makeFolder(dirname(path));
    const file = openSync(aside, 'wx');
    try {
      writeWithFaults(file, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, 'write', options.faults);
      if (options.sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    options.faults?.('rename');
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

/**
 * Makes a folder and those above it; one that is there is left alone. Node's own way tells of a missing folder where the
 * file system is read-only (20.20, `recursive` and EROFS).
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // somebody else made it meanwhile
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** Writes all bytes at the file's position, however many calls that takes. */
export function writeFully(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
}

/** As `writeFully`; where there is a hook, it is asked when half of the bytes are written. */
export function writeWithFaults(file: number, bytes: Uint8Array, point: FaultPoint, faults: FaultHook | undefined): void {
  const half = faults === undefined ? 0 : bytes.length >> 1;
  writeFully(file, bytes.subarray(0, half));
  faults?.(point);
  writeFully(file, bytes.subarray(half));
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
    const file = openPlainFile(path);
    try {
      ({ size } = fstatSync(file));
      if (size <= mostBytes) return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('file-missing', sentence('{0} cannot be read: {1}', path, error instanceof Error ? error.message : String(error)), { cause: error });
  }
  throw new RunError('invalid-file', sentence('{0} has {1} bytes; more than {2} are not read.', path, size, mostBytes));
}
