import { closeSync, fstatSync, readSync } from 'node:fs';
import type { RunEvent } from './contract';
import { parseEvent } from './parseEvent';
import { openPlainFile } from './readBytes';
import { inputOutputError, systemCode } from './runError';

const newline = 10;
const pieceBytes = 1 << 20;
const longestLine = 1 << 20;

/**
 * events.ndjson as its readers see it. Polls the size, which works on every file system, and parses each line once.
 * An unfinished last line is left alone: the next writer may cut it off and write another one in its place.
 */
export class EventFollower {
  /** behind the last whole line that was read */
  private offset = 0;
  private inTooLongLine = false;
  private skippedLines = 0;
  private parsedBytes = 0;

  constructor(private readonly path: string) {}

  /** Lines that were not understood: damaged, or of a later version. */
  get skipped(): number {
    return this.skippedLines;
  }

  /** Bytes that were parsed so far: never more than the file holds. */
  get parsed(): number {
    return this.parsedBytes;
  }

  /**
   * The events since the last call; none when there is no file yet.
   * @param most about so many bytes are read, the rest next time
   * @throws RunError not-writable, input-output
   */
  poll(most = Number.POSITIVE_INFINITY): RunEvent[] {
    let file: number;
    try {
      file = openPlainFile(this.path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw inputOutputError(error, this.path);
    }
    try {
      return this.read(file, Math.min(fstatSync(file).size, this.offset + most));
    } finally {
      closeSync(file);
    }
  }

  private read(file: number, size: number): RunEvent[] {
    const events: RunEvent[] = [];
    while (this.offset < size) {
      const piece = Buffer.alloc(Math.min(pieceBytes, size - this.offset));
      const length = readSync(file, piece, 0, piece.length, this.offset);
      const end = piece.subarray(0, length).lastIndexOf(newline) + 1;
      if (end === 0) {
        if (length < longestLine) break;
        // no event is that long: drop it up to its newline
        this.inTooLongLine = true;
        this.offset += length;
        continue;
      }
      for (const line of piece.toString('utf8', 0, end - 1).split('\n')) this.take(line, events);
      this.offset += end;
      this.parsedBytes += end;
    }
    return events;
  }

  private take(line: string, events: RunEvent[]): void {
    const event = this.inTooLongLine ? null : parseEvent(line);
    this.inTooLongLine = false;
    if (event === null) this.skippedLines++;
    else events.push(event);
  }
}
