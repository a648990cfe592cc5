import type { Batch } from '../data/batch';
import type { VariableScale } from '../data/scaling';
import type { Transitions } from '../data/split';
import { scaleFrames, type WindowColumn } from '../data/window';
import type { RowTable } from '../engine/rowTable';

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
