import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { sentence } from '../sentence/sentence';
import { RunError } from './runError';

/**
 * The first bytes of a file, at most so many, so that a huge file costs nothing.
 * @throws what the file system says
 */
export function readBytesUpTo(path: string, most: number): Uint8Array {
  const buffer = Buffer.alloc(most);
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a file for reading. A pipe that nobody writes to, or a device without an end, would keep a reader for ever.
 * @throws RunError invalid-file, and what the file system says
 */
export function openPlainFile(path: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(descriptor);
  // whoever reads a directory is told so
  if (stat.isFile() || stat.isDirectory()) return descriptor;
  closeSync(descriptor);
  throw new RunError('invalid-file', sentence('{0} is a pipe or a device, not a file.', path));
}

/** All bytes of a plain file. @throws as `openPlainFile` */
export function readPlainFile(path: string): Buffer {
  const descriptor = openPlainFile(path);
  try {
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
