import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { sentence } from '../sentence/sentence';
import { fieldsAt, isFields, listAt, countAt, parseJson, textAt } from './guards';
import { inputOutputError, RunError } from './runError';

/**
 * Numbers for charts, readable by range without decoding: 8 bytes magic, 4 bytes length of the header in bytes
 * (little-endian, a multiple of 8 less 4), the header as JSON padded with spaces, then float32, little-endian, the last
 * axis running fastest. So the data begins at a multiple of 8 and can be viewed in place.
 */
export interface Float32Header {
  /** what the entries of the last axis are */
  readonly names: readonly string[];
  /** length of each axis; the last one is that of `names` */
  readonly shape: readonly number[];
  /** anything else that a reader of this file needs, such as the names of the other axes */
  readonly notes: Readonly<Record<string, unknown>>;
}

const magic = 'IBRLF32\n';
const mostHeaderBytes = 1 << 24;
const isLittleEndian = endianness() === 'LE';

function entries(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** @throws RangeError when the data is not as long as the shape says */
export function encodeFloat32File(header: Float32Header, data: Float32Array): Uint8Array {
  if (header.shape.at(-1) !== header.names.length || entries(header.shape) !== data.length) {
    throw new RangeError(`shape [${header.shape.join(', ')}] with ${header.names.length} names does not fit ${data.length} numbers`);
  }
  const text = new TextEncoder().encode(JSON.stringify({ names: header.names, shape: header.shape, notes: header.notes }));
  const dataStart = Math.ceil((magic.length + 4 + text.length) / 8) * 8;
  const bytes = new Uint8Array(dataStart + data.length * 4).fill(0x20, 0, dataStart);
  bytes.set(new TextEncoder().encode(magic));
  const view = new DataView(bytes.buffer);
  view.setUint32(magic.length, dataStart - magic.length - 4, true);
  bytes.set(text, magic.length + 4);
  for (let i = 0; i < data.length; i++) view.setFloat32(dataStart + 4 * i, data[i], true);
  return bytes;
}

/** A file of numbers, open for reading by range. */
export class Float32File {
  private constructor(
    private readonly path: string,
    private readonly file: number,
    readonly header: Float32Header,
    private readonly dataStart: number,
    /** how many numbers it holds */
    readonly length: number,
  ) {}

  /** @throws RunError invalid-file, file-missing */
  static open(path: string): Float32File {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch (error) {
      throw new RunError('file-missing', sentence('{0} cannot be opened.', path), { cause: error });
    }
    try {
      const size = fstatSync(file).size;
      const start = readBytes(file, 0, magic.length + 4);
      const headerLength = start.length < magic.length + 4 ? 0 : start.readUInt32LE(magic.length);
      if (start.toString('latin1', 0, magic.length) !== magic || headerLength > mostHeaderBytes || magic.length + 4 + headerLength > size) {
        throw new RunError('invalid-file', sentence('{0} is not a file of numbers of IBRL Studio.', path));
      }
      const dataStart = magic.length + 4 + headerLength;
      const header = parseHeader(readBytes(file, magic.length + 4, headerLength).toString('utf8'), path);
      const length = entries(header.shape);
      if (size !== dataStart + 4 * length) throw new RunError('invalid-file', sentence('{0} has {1} bytes, but its header speaks of {2} numbers.', path, size, length));
      return new Float32File(path, file, header, dataStart, length);
    } catch (error) {
      closeSync(file);
      throw inputOutputError(error, path);
    }
  }

  /**
   * The numbers `start` … `start + count − 1`, counted over all axes.
   * @throws RangeError outside of the data, RunError file-changed when it was cut off meanwhile
   */
  read(start: number, count: number): Float32Array {
    if (!(start >= 0 && count >= 0 && start + count <= this.length)) {
      throw new RangeError(`${this.path} holds ${this.length} numbers, not ${start} … ${start + count}`);
    }
    const numbers = new Float32Array(count);
    // straight into the numbers' own memory, which is aligned whatever the position in the file
    const bytes = Buffer.from(numbers.buffer);
    if (readInto(bytes, this.file, this.dataStart + 4 * start) < bytes.length) throw new RunError('file-changed', sentence('{0} is shorter than when it was opened. Restore it, or train again.', this.path));
    if (!isLittleEndian) bytes.swap32();
    return numbers;
  }

  close(): void {
    closeSync(this.file);
  }
}

function parseHeader(text: string, path: string): Float32Header {
  const header = fieldsAt(parseJson(text, path), path);
  const shape = listAt(header['shape'], `${path}: shape`, countAt, 8);
  const names = listAt(header['names'], `${path}: names`, (value, where) => textAt(value, where));
  if (shape.length === 0 || shape.at(-1) !== names.length) throw new RunError('invalid-file', sentence('{0}: the shape does not fit the names.', path));
  return { names, shape, notes: isFields(header['notes']) ? header['notes'] : {} };
}

function readBytes(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readInto(bytes, file, position));
}

/** @returns how many bytes there were, at most as many as fit */
function readInto(bytes: Buffer, file: number, position: number): number {
  let got = 0;
  while (got < bytes.length) {
    const more = readSync(file, bytes, got, bytes.length - got, position + got);
    if (more === 0) break;
    got += more;
  }
  return got;
}
