import type { SystemDescription } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import type { Episode } from '../data/batch';
import { DataError } from '../data/dataError';

/** Cells per variable. */
const CELLS = 10;

/** The grid that coverage counts on: each diversity variable's bounds, else its physical range, in 10 equal parts. */
export interface CoverageGrid {
  /** states in a frame */
  readonly stateCount: number;
  readonly axes: readonly { readonly state: number; readonly low: number; readonly high: number }[];
  /** 10^axes */
  readonly cells: number;
}

/**
 * @param over names of the diversity variables
 * @throws DataError `unknown-column`
 */
export function coverageGrid(description: SystemDescription, bounds: Readonly<Record<string, readonly [number, number]>>, over: readonly string[]): CoverageGrid {
  const axes = over.map((name) => {
    const state = description.states.findIndex((variable) => variable.name === name);
    if (state < 0) throw new DataError('unknown-column', sentence('There is no state {0} to count cells of; there are {1}.', name, description.states.map((variable) => variable.name).join(', ')));
    const [low, high] = bounds[name] ?? description.states[state].range;
    return { state, low, high };
  });
  return { stateCount: description.states.length, axes, cells: CELLS ** axes.length };
}

/** The cells that the frames of some episodes lie in, ascending; frames outside of the grid count nowhere. */
export function visitedCells(grid: CoverageGrid, episodes: readonly Episode[]): number[] {
  const cells = new Set<number>();
  for (const episode of episodes) {
    for (let row = 0; row < episode.frames; row++) {
      const cell = cellOf(grid, episode.states, row * grid.stateCount);
      if (cell !== null) cells.add(cell);
    }
  }
  return [...cells].sort((a, b) => a - b);
}

/** Share of the grid's cells that the episodes have visited, 0 … 1; 0 without variables. */
export function coverage(grid: CoverageGrid, episodes: readonly Episode[]): number {
  return grid.axes.length === 0 ? 0 : visitedCells(grid, episodes).length / grid.cells;
}

/** Number of cells that `joined` visits and `before` did not. */
export function countNewCells(grid: CoverageGrid, before: readonly Episode[], joined: readonly Episode[]): number {
  const known = new Set(visitedCells(grid, before));
  return visitedCells(grid, joined).filter((cell) => !known.has(cell)).length;
}

/** A cell holds its lower border; the last one of an axis also its upper. */
function cellOf(grid: CoverageGrid, states: Float64Array, offset: number): number | null {
  let cell = 0;
  for (const { state, low, high } of grid.axes) {
    const value = states[offset + state];
    if (!(value >= low && value <= high)) return null;
    cell = cell * CELLS + Math.min(CELLS - 1, Math.floor(((value - low) / (high - low)) * CELLS));
  }
  return grid.axes.length === 0 ? null : cell;
}
