import { closeSync, fsyncSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import type { EventBody, RunEvent } from './contract';
import { writeWithFaults } from './atomicFile';
import type { FaultHook } from './faults';
import { sequenceNumber } from './parseEvent';
import { inputOutputError } from './runError';

/**
 * events.ndjson as its writer sees it: one JSON object a line, only ever appended to. A line counts once its newline
 * is there; what a killed writer left behind the last newline is cut off when the log is opened.
 */
export class EventLog {
  /** an append failed and what it left could not be cut off yet */
  private torn = false;

  private constructor(
    private readonly path: string,
    private readonly file: number,
    private size: number,
    private lastSeq: number,
    private readonly now: () => Date,
    private readonly faults: FaultHook | undefined,
  ) {}

  /**
   * Opens or creates the log and heals its end. Only for the holder of the run's lock.
   * @throws RunError not-writable, disk-full, folder-vanished
   */
  static open(path: string, now: () => Date, faults?: FaultHook): EventLog {
    let file: number | null = null;
    try {
      // 'a+' for reading and for appending whatever the position
      file = openSync(path, 'a+');
      const { size, lastSeq } = examine(file);
      if (size < fstatSync(file).size) ftruncateSync(file, size);
      return new EventLog(path, file, size, lastSeq, now, faults);
    } catch (error) {
      if (file !== null) closeSync(file);
      throw inputOutputError(error, path);
    }
  }

  /**
   * Appends an event with the next number.
   * @throws RunError disk-full and others; the log then ends as before
   */
  append(body: EventBody, attempt: number): RunEvent {
    const event: RunEvent = { seq: this.lastSeq + 1, attempt, time: this.now().toISOString(), ...body };
    const line = new TextEncoder().encode(`${JSON.stringify(event)}\n`);
    try {
      if (this.torn) this.heal();
      this.torn = true;
      writeWithFaults(this.file, line, 'append', this.faults);
      this.torn = false;
    } catch (error) {
      this.tryToHeal(line.length);
      throw inputOutputError(error, this.path);
    }
    this.size += line.length;
    this.lastSeq = event.seq;
    return event;
  }

  private heal(): void {
    ftruncateSync(this.file, this.size);
    this.torn = false;
  }

  /** @param most bytes that our own append can have left; more would be those of a later writer, which stay */
  private tryToHeal(most: number): void {
    try {
      if (fstatSync(this.file).size <= this.size + most) this.heal();
    } catch {
      // the next append tries again, and so does whoever opens the log next
    }
  }

  /** Waits until all events are on the disk. */
  sync(): void {
    try {
      fsyncSync(this.file);
    } catch (error) {
      throw inputOutputError(error, this.path);
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

const newline = 10;
const pieceBytes = 1 << 16;

/** Where the last whole line ends, and the number of the last line that is an event. */
function examine(file: number): { size: number; lastSeq: number } {
  const total = fstatSync(file).size;
  let tail: Buffer = Buffer.alloc(0);
  // backwards piece by piece: the last events tell everything, the log may be long
  for (let start = total; start > 0; ) {
    const length = Math.min(pieceBytes, start);
    start -= length;
    const piece = Buffer.alloc(length);
    readSync(file, piece, 0, length, start);
    tail = Buffer.concat([piece, tail]);
    const end = tail.lastIndexOf(newline);
    const first = start === 0 ? 0 : tail.indexOf(newline) + 1;
    if (end < first) continue;
    const lines = tail.toString('utf8', first, end).split('\n');
    const seq = lines.findLast((line) => sequenceNumber(line) !== null);
    if (seq !== undefined) return { size: start + end + 1, lastSeq: sequenceNumber(seq) ?? 0 };
    if (start === 0) return { size: end + 1, lastSeq: 0 };
  }
  return { size: 0, lastSeq: 0 };
}
