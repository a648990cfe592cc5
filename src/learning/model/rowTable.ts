import type { Batch } from '../data/batch';
import type { VariableScale } from '../data/scaling';
import type { Transitions } from '../data/split';
import { scaleFrames, type WindowColumn } from '../data/window';

/** Rows of numbers in one array, each where `firsts` says: rows may overlap. */
export interface RowTable {
  readonly numbers: Float32Array;
  readonly firsts: Int32Array;
  readonly width: number;
}

/**
 * Writes rows feature-major: out[offset + feature · rows.length + column] is a number of the row rows[column]. Eight rows side by
 * side keep both what is read and what is written in the nearest cache, and where they begin in registers.
 */
export function writeRows({ numbers, firsts, width }: RowTable, rows: Int32Array, out: Float32Array, offset: number): void {
  const stride = rows.length;
  let column = 0;
  for (; column + 8 <= stride; column += 8) {
    const from0 = firsts[rows[column]];
    const from1 = firsts[rows[column + 1]];
    const from2 = firsts[rows[column + 2]];
    const from3 = firsts[rows[column + 3]];
    const from4 = firsts[rows[column + 4]];
    const from5 = firsts[rows[column + 5]];
    const from6 = firsts[rows[column + 6]];
    const from7 = firsts[rows[column + 7]];
    for (let feature = 0, at = offset + column; feature < width; feature++, at += stride) {
      out[at] = numbers[from0 + feature];
      out[at + 1] = numbers[from1 + feature];
      out[at + 2] = numbers[from2 + feature];
      out[at + 3] = numbers[from3 + feature];
      out[at + 4] = numbers[from4 + feature];
      out[at + 5] = numbers[from5 + feature];
      out[at + 6] = numbers[from6 + feature];
      out[at + 7] = numbers[from7 + feature];
    }
  }
  for (; column < stride; column++) {
    const from = firsts[rows[column]];
    for (let feature = 0, at = offset + column; feature < width; feature++, at += stride) out[at] = numbers[from + feature];
  }
}

/** A table of rows that `write` gives one by one. */
export function rowTable({ rows, episodes }: Transitions, width: number, write: (episode: number, row: number, out: Float32Array, at: number) => void): RowTable {
  const numbers = new Float32Array(rows.length * width);
  const firsts = rows.map((_, index) => index * width);
  rows.forEach((row, index) => write(episodes[index], row, numbers, firsts[index]));
  return { numbers, firsts, width };
}

/**
 * The scaled history windows at the present frames of transitions, as `writeWindow` gives them. An episode's frames are kept
 * newest first, with its first one repeated behind them, so that each window is one stretch and no number is kept twice.
 */
export function windowTables(batch: Batch, columns: readonly WindowColumn[], scales: readonly VariableScale[], history: number): (transitions: Transitions) => RowTable {
  const width = columns.length;
  // where each episode's first frame is
  const ends: number[] = [];
  let size = 0;
  for (const { frames } of batch.episodes) {
    ends.push(size + (frames - 1) * width);
    size += (frames + history - 1) * width;
  }
  const numbers = new Float32Array(size);
  batch.episodes.forEach((episode, index) => {
    const frames = scaleFrames(episode, columns, scales);
    for (let row = 1 - history; row < episode.frames; row++) {
      const from = Math.max(0, row) * width;
      numbers.set(frames.subarray(from, from + width), ends[index] - row * width);
    }
  });
  return ({ rows, episodes }) => ({ numbers, firsts: rows.map((row, i) => ends[episodes[i]] - row * width), width: history * width });
}
