import type { StateVariable, SystemDescription } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import type { Batch } from '../data/batch';
import { DataError } from '../data/dataError';
import type { PolicyDefinition } from '../policy/definition';
import type { Bounds } from '../safety/bounds';
import type { FrameSample } from './sample';

/**
 * The frames of recordings at which something was chosen: all but each episode's last. Sampling and comparing go on as for
 * any batch.
 * @throws DataError `too-few-rows` when no episode has two frames
 */
export function chosenFrames(batch: Batch): Batch {
  const [states, actions] = [batch.stateNames.length, batch.actionNames.length];
  const episodes = batch.episodes.filter(({ frames }) => frames > 1).map((episode) => {
    const frames = episode.frames - 1;
    return { ...episode, frames, states: episode.states.subarray(0, frames * states), actions: episode.actions.subarray(0, frames * actions), rewards: episode.rewards.subarray(0, frames) };
  });
  if (episodes.length === 0) throw new DataError('too-few-rows', sentence('The recordings hold no two samples in a row, so nothing was chosen in them. Give longer ones.'));
  return { ...batch, episodes };
}

/** The actions that were really taken at sampled frames of `chosenFrames`, [frames × actions], in units. */
export function takenActions(chosen: Batch, batch: Batch, sample: FrameSample): Float64Array {
  const width = batch.actionNames.length;
  const recorded = batch.episodes.filter(({ frames }) => frames > 1);
  const out = new Float64Array(sample.rows.length * width);
  // the action of a row led to it, so what was chosen at a row stands in the next one
  sample.rows.forEach((row, i) => out.set(recorded[sample.episodes[i]].actions.subarray((row + 1) * width, (row + 2) * width), i * width));
  if (recorded.length !== chosen.episodes.length) throw new RangeError('The frames are those of other recordings.');
  return out;
}

/**
 * Recordings with a policy's columns, in its order; others are left out.
 * @throws DataError `unknown-column`
 */
export function withColumns(batch: Batch, stateNames: readonly string[], actionNames: readonly string[]): Batch {
  const columnsOf = (names: readonly string[], there: readonly string[]): number[] =>
    names.map((name) => {
      const column = there.indexOf(name);
      if (column < 0) throw new DataError('unknown-column', sentence('The recordings have no column {0}, which the policy needs; they have {1}.', name, [...batch.stateNames, ...batch.actionNames].join(', ')));
      return column;
    });
  const [states, actions] = [columnsOf(stateNames, batch.stateNames), columnsOf(actionNames, batch.actionNames)];
  const gather = (values: Float64Array, width: number, frames: number, columns: readonly number[]): Float64Array =>
    Float64Array.from({ length: frames * columns.length }, (_, i) => values[Math.floor(i / columns.length) * width + columns[i % columns.length]]);
  return {
    stateNames,
    actionNames,
    episodes: batch.episodes.map((episode) => ({
      ...episode,
      states: gather(episode.states, batch.stateNames.length, episode.frames, states),
      actions: gather(episode.actions, batch.actionNames.length, episode.frames, actions),
    })),
  };
}

/** What a policy file alone tells of its system: names, actions, and how bounded variables move. Units of states are not known. */
export function describePolicySystem({ states, actions, constraints }: PolicyDefinition): { readonly description: Pick<SystemDescription, 'states' | 'actions'>; readonly bounds: Bounds } {
  return {
    description: {
      actions,
      states: states.map((name): StateVariable => {
        const constraint = constraints.find(({ variable }) => variable === name);
        const next = constraint === undefined ? null : ({ kind: 'affine', action: constraint.action, gain: constraint.gain, clip: constraint.clip !== null } as const);
        return { name, unit: '1', range: constraint?.clip ?? [-Infinity, Infinity], source: next === null ? 'learned' : 'known', predict: 'change', logFloor: null, next };
      }),
    },
    bounds: Object.fromEntries(constraints.map(({ variable, low, high }) => [variable, [low, high] as const])),
  };
}
