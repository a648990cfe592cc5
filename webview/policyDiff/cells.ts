import { roundStep } from '../series/scale';

/** Frames in a rectangle of two variables, and by how much an action changes there. */
export interface Cell {
  readonly column: number;
  readonly row: number;
  /** indices into the sample */
  readonly frames: readonly number[];
  /** mean of the change; NaN without frames */
  readonly mean: number;
}

/** Cells of round sizes over everything that was recorded. */
export interface CellGrid {
  /** edges of the columns and rows, rising; one more than there are */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** [rows × columns], rows rising with y */
  readonly cells: readonly Cell[];
}

/** Cells on a side, about. */
const parts = 16;
/** Of fewer frames than this, the mean says little. */
export const fewFrames = 5;

/**
 * @param xs, ys  the two variables at each frame
 * @param changes of the action, after − before, at each frame
 */
export function cellGrid(xs: readonly number[], ys: readonly number[], changes: readonly number[]): CellGrid {
  const [x, y] = [edges(xs), edges(ys)];
  const columns = x.length - 1;
  const rows = y.length - 1;
  const frames: number[][] = Array.from({ length: columns * rows }, () => []);
  for (let frame = 0; frame < changes.length; frame++) frames[place(y, ys[frame]) * columns + place(x, xs[frame])].push(frame);
  return {
    x,
    y,
    cells: frames.map((own, index) => ({ column: index % columns, row: Math.floor(index / columns), frames: own, mean: own.reduce((sum, frame) => sum + changes[frame], 0) / own.length })),
  };
}

function edges(values: readonly number[]): number[] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // what twelve digits do not tell apart, and no number smaller than the smallest normal ones, is one value
  const resolution = Math.max(1e-300, Math.max(Math.abs(least), Math.abs(most)) * 1e-9);
  const half = Math.max(0.5, resolution);
  if (!(most - least > resolution)) return [least - half, least + half];
  const step = roundStep(most - least, parts);
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function place(all: readonly number[], value: number): number {
  const share = (value - all[0]) / (all[all.length - 1] - all[0]);
  return Math.min(all.length - 2, Math.max(0, Math.floor(share * (all.length - 1) + 1e-9)));
}

/** The cell with the largest mean change among those with enough frames; null where there is none. */
export function largestCell({ cells }: CellGrid): Cell | null {
  return cells.reduce<Cell | null>((largest, cell) => (cell.frames.length >= fewFrames && (largest === null || Math.abs(cell.mean) > Math.abs(largest.mean)) ? cell : largest), null);
}
