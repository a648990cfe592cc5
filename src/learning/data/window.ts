import { sentence } from '../../sentence/sentence';
import type { Episode } from './batch';
import { DataError } from './dataError';
import type { VariableScale } from './scaling';
import { toScaled } from './scaling';

/** One column of a frame that a network sees: a state, or the action that led to the frame. */
export interface WindowColumn {
  readonly source: 'state' | 'action';
  /** column in the episode's states or actions */
  readonly index: number;
}

/**
 * The columns that the given inputs name.
 * @throws DataError `unknown-column`
 */
export function windowColumns(inputs: readonly string[], stateNames: readonly string[], actionNames: readonly string[]): WindowColumn[] {
  return inputs.map((name) => {
    const state = stateNames.indexOf(name);
    if (state >= 0) return { source: 'state', index: state };
    const action = actionNames.indexOf(name);
    if (action >= 0) return { source: 'action', index: action };
    throw new DataError('unknown-column', sentence('There is no variable {0} to be an input; there are {1}.', name, [...stateNames, ...actionNames].join(', ')));
  });
}

/** The scales of the given columns, in their order. */
export function columnScales(
  columns: readonly WindowColumn[],
  scales: { readonly states: readonly VariableScale[]; readonly actions: readonly VariableScale[] },
): VariableScale[] {
  return columns.map((column) => (column.source === 'state' ? scales.states : scales.actions)[column.index]);
}

/**
 * Writes the scaled history window that ends at `row`, [history × columns], newest frame first. Before the episode's
 * first frame that frame is repeated; its action is the do-nothing one, so the repeated frames did nothing.
 *
 * @param row    the present frame, 0 … frames − 1
 * @param scales of the columns, in their order
 * @param out    receives history · columns numbers from `offset` on
 */
export function writeWindow(
  episode: Episode,
  row: number,
  history: number,
  columns: readonly WindowColumn[],
  scales: readonly VariableScale[],
  out: Float32Array | Float64Array,
  offset: number,
): void {
  let at = offset;
  for (let age = 0; age < history; age++) {
    at = writeFrame(episode, Math.max(0, row - age), columns, scales, out, at);
  }
}

/**
 * All frames of an episode, scaled once, [frames × columns], float32: what `copyWindow` takes windows from when many
 * are needed.
 */
export function scaleFrames(episode: Episode, columns: readonly WindowColumn[], scales: readonly VariableScale[]): Float32Array {
  const out = new Float32Array(episode.frames * columns.length);
  let at = 0;
  for (let row = 0; row < episode.frames; row++) at = writeFrame(episode, row, columns, scales, out, at);
  return out;
}

/** As `writeWindow`, from the frames of `scaleFrames`. @param width columns of a frame */
export function copyWindow(frames: Float32Array, width: number, row: number, history: number, out: Float32Array | Float64Array, offset: number): void {
  let at = offset;
  for (let age = 0; age < history; age++) {
    const from = Math.max(0, row - age) * width;
    for (let column = 0; column < width; column++) out[at++] = frames[from + column];
  }
}

function writeFrame(
  episode: Episode,
  row: number,
  columns: readonly WindowColumn[],
  scales: readonly VariableScale[],
  out: Float32Array | Float64Array,
  offset: number,
): number {
  const stateWidth = episode.states.length / episode.frames;
  const actionWidth = episode.actions.length / episode.frames;
  for (let i = 0; i < columns.length; i++) {
    const { source, index } = columns[i];
    const value = source === 'state' ? episode.states[row * stateWidth + index] : episode.actions[row * actionWidth + index];
    out[offset + i] = toScaled(scales[i], value);
  }
  return offset + columns.length;
}
