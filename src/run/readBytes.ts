import { closeSync, openSync, readSync } from 'node:fs';

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
