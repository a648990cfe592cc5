import type { SystemDescription } from '../../experiment/experiment';
import { createEvaluator } from '../../experiment/evaluateExpression';
import type { Batch, Episode } from './batch';

/** Rows of a recording, one sampling time apart: [frames × (states, actions, the reward if it is recorded)], in units. */
export interface RecordedRows {
  readonly values: Float64Array;
}

/**
 * Recordings of a plant as a batch. A row of a recording holds what was measured and the actions that were set then,
 * which act until the next row; a frame of a batch holds the actions that led to it. So an action moves one row on, and
 * the first frame gets what is do-nothing for a plant: the action that is held.
 *
 * The reward of a frame is that of arriving there: by the formula of the new states, the action and the states before,
 * or recorded in the frame's own row. It may be no number where a formula divides by 0: whoever asks must check.
 */
export function recordedBatch(description: SystemDescription, recordings: readonly RecordedRows[], iteration: number, policy: number): Batch {
  return {
    stateNames: description.states.map((variable) => variable.name),
    actionNames: description.actions.map((action) => action.name),
    episodes: recordings.map(({ values }) => recordedEpisode(description, values, iteration, policy)),
  };
}

function recordedEpisode(description: SystemDescription, values: Float64Array, iteration: number, policy: number): Episode {
  const { formula } = description.reward;
  const [stateCount, actionCount] = [description.states.length, description.actions.length];
  const width = stateCount + actionCount + (formula.kind === 'column' ? 1 : 0);
  const frames = values.length / width;
  const states = new Float64Array(frames * stateCount);
  const actions = new Float64Array(frames * actionCount);
  const rewards = new Float64Array(frames);
  for (let row = 0; row < frames; row++) {
    for (let i = 0; i < stateCount; i++) states[row * stateCount + i] = values[row * width + i];
    const set = Math.max(0, row - 1) * width + stateCount;
    for (let i = 0; i < actionCount; i++) actions[row * actionCount + i] = values[set + i];
    if (row > 0 && formula.kind === 'column') rewards[row] = values[row * width + width - 1];
  }
  if (formula.kind === 'expression') {
    let row = 0;
    const reward = createEvaluator(formula.expression, (name, previous) => {
      const state = description.states.findIndex((variable) => variable.name === name);
      if (state >= 0) return previous ? () => states[(row - 1) * stateCount + state] : () => states[row * stateCount + state];
      const action = description.actions.findIndex((variable) => variable.name === name);
      return previous ? () => actions[(row - 1) * actionCount + action] : () => actions[row * actionCount + action];
    });
    for (row = 1; row < frames; row++) rewards[row] = reward();
  }
  return { iteration, policy, frames, states, actions, rewards };
}
