import type { SystemDescription } from '../../../experiment/experiment';
import type { Batch, Episode } from '../../data/batch';
import { type Scales, toScaled } from '../../data/scaling';
import { nearestDistances } from './explorationSigns';

/** So many new frames are held against at most so many old ones. */
const FRESH_FRAMES = 500;
const OLD_FRAMES = 5_000;

/**
 * Distance of new frames to the nearest old one, over some states and all actions taken in them, dimensionless. Frames are spread
 * evenly: the same ones for the same recordings.
 * @param over names of states
 */
export function distancesToRecordings(description: SystemDescription, scales: Scales, over: readonly string[], old: readonly Episode[], fresh: readonly Episode[]): Float64Array {
  const columns = description.states.flatMap((variable, column) => (over.includes(variable.name) ? [column] : []));
  const actions = description.actions.length;
  const width = columns.length + actions;
  const rowsOf = (episodes: readonly Episode[], limit: number) => {
    const transitions = episodes.reduce((sum, episode) => sum + episode.frames - 1, 0);
    const count = Math.min(limit, transitions);
    const rows = new Float64Array(count * width);
    for (let i = 0, index = 0, first = 0; i < count; i++) {
      const transition = Math.floor(((i + 0.5) * transitions) / count);
      while (transition >= first + episodes[index].frames - 1) first += episodes[index++].frames - 1;
      const episode = episodes[index];
      const row = transition - first;
      columns.forEach((column, at) => (rows[i * width + at] = toScaled(scales.states[column], episode.states[row * description.states.length + column])));
      for (let j = 0; j < actions; j++) rows[i * width + columns.length + j] = toScaled(scales.actions[j], episode.actions[(row + 1) * actions + j]);
    }
    return rows;
  };
  return nearestDistances(rowsOf(fresh, FRESH_FRAMES), rowsOf(old, OLD_FRAMES), width);
}

/**
 * One state at every step of the first rollouts, but for their first frames, which were recorded, [rollouts × steps], in units.
 * @param states [≥ rollouts × (steps + 1) × width]
 */
export function promisedValues(states: ArrayLike<number>, rollouts: number, steps: number, width: number, column: number): Float64Array {
  return Float64Array.from({ length: rollouts * steps }, (_, i) => states[(i + Math.floor(i / steps) + 1) * width + column]);
}

/** Some states of every frame that a policy led to, [frames × variables], in units. */
export function chosenFrames({ stateNames, episodes }: Batch, variables: readonly string[]): Float64Array {
  const columns = variables.map((name) => stateNames.indexOf(name));
  const frames = episodes.reduce((sum, episode) => sum + episode.frames - 1, 0);
  const out = new Float64Array(frames * columns.length);
  let at = 0;
  for (const { frames: own, states } of episodes)
    for (let row = 1; row < own; row++) for (const column of columns) out[at++] = states[row * stateNames.length + column];
  return out;
}
