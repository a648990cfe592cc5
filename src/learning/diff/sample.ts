import type { Batch } from '../data/batch';
import type { PolicyController } from '../policy/policyController';

/** Frames of a batch, in the batch's order. */
export interface FrameSample {
  /** indices of episodes */
  readonly episodes: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Frames spread evenly over the batch: the same ones for the same batch, whatever is compared on them.
 * @param limit at most so many
 */
export function sampleFrames(batch: Batch, limit = 5_000): FrameSample {
  const total = batch.episodes.reduce((sum, episode) => sum + episode.frames, 0);
  const count = Math.min(limit, total);
  const episodes = new Int32Array(count);
  const rows = new Int32Array(count);
  let episode = 0;
  let first = 0;
  for (let i = 0; i < count; i++) {
    // the middle of the i-th of `count` equal parts
    const frame = Math.floor(((i + 0.5) * total) / count);
    while (frame >= first + batch.episodes[episode].frames) first += batch.episodes[episode++].frames;
    episodes[i] = episode;
    rows[i] = frame - first;
  }
  return { episodes, rows };
}

/**
 * What a policy would have done at the sampled frames, [frames × actions], in units. It is shown the recorded states
 * and the recorded actions that led to them, from each episode's first frame on, so its history is the recorded one.
 */
export function recordedActions(controller: PolicyController, batch: Batch, sample: FrameSample): Float64Array {
  const stateCount = batch.stateNames.length;
  const actionCount = batch.actionNames.length;
  const out = new Float64Array(sample.rows.length * actionCount);
  const action = new Float64Array(actionCount);
  const states = new Float64Array(stateCount);
  const previous = new Float64Array(actionCount);
  let current = -1;
  let next = 0;
  for (let i = 0; i < sample.rows.length; i++) {
    const episode = batch.episodes[sample.episodes[i]];
    if (sample.episodes[i] !== current) {
      current = sample.episodes[i];
      next = 0;
      controller.reset(1, [current]);
    }
    for (; next <= sample.rows[i]; next++) {
      for (let s = 0; s < stateCount; s++) states[s] = episode.states[next * stateCount + s];
      for (let a = 0; a < actionCount; a++) previous[a] = episode.actions[next * actionCount + a];
      if (next < sample.rows[i]) controller.watch(states, previous);
      else controller.act(states, previous, action);
    }
    out.set(action, i * actionCount);
  }
  return out;
}
