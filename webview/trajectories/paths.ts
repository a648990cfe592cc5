/** One policy's episode on a map: positions at its steps. */
export interface Path {
  readonly policy: number;
  readonly steps: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** a promise */
  readonly predicted: boolean;
}

/** Cells on a side of the map. */
export const mapCells = 10;

/** Where a cell lies, from the corner of the map. */
export interface Area {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** The cell of a position, or −1 outside of the area. */
export function cellAt({ x, y }: Area, atX: number, atY: number): number {
  const column = Math.min(mapCells - 1, Math.floor(((atX - x[0]) / (x[1] - x[0])) * mapCells));
  const row = Math.min(mapCells - 1, Math.floor(((atY - y[0]) / (y[1] - y[0])) * mapCells));
  return column >= 0 && row >= 0 && atX <= x[1] && atY <= y[1] ? row * mapCells + column : -1;
}

/** Cells that positions fall in. */
export function visitedCells(area: Area, xs: ArrayLike<number>, ys: ArrayLike<number>): Map<number, number> {
  const visits = new Map<number, number>();
  for (let i = 0; i < xs.length; i++) {
    const cell = cellAt(area, xs[i], ys[i]);
    if (cell >= 0) visits.set(cell, (visits.get(cell) ?? 0) + 1);
  }
  return visits;
}

/** Mean distance of two paths at the steps that both have, in the variables' units; null without such steps. */
export function pathDistance(a: Path, b: Path): number | null {
  const places = new Map<number, number>();
  for (let i = 0; i < b.steps.length; i++) places.set(b.steps[i], i);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < a.steps.length; i++) {
    const j = places.get(a.steps[i]);
    if (j === undefined) continue;
    sum += Math.hypot(a.x[i] - b.x[j], a.y[i] - b.y[j]);
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** The first step within the goal, or null. */
export function reachedAt({ steps, x, y }: Path, goal: { readonly x: number; readonly y: number; readonly width: number }): number | null {
  for (let i = 0; i < steps.length; i++) if (Math.hypot(x[i] - goal.x, y[i] - goal.y) <= goal.width) return steps[i];
  return null;
}
