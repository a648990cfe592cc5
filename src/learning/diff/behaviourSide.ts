import type { Batch, Episode } from '../data/batch';
import { type Scales, toScaled } from '../data/scaling';
import { windowColumns, writeWindow } from '../data/window';
import { BehaviourDensity, type BehaviourModel, logDensitiesOf } from '../model/behaviour';
import type { Support } from './policyDiff';
import type { FrameSample } from './sample';

/**
 * log β of actions at recorded frames of a batch, for a diff. Several policies are compared on the same frames: what β
 * makes of a frame is computed once. @param scales of the run's actions
 */
export function behaviourSupport(model: BehaviourModel, batch: Batch, scales: Pick<Scales, 'actions'>): Support {
  const density = new BehaviourDensity(model.network);
  const columns = windowColumns(model.inputs.map((input) => input.scale.name), batch.stateNames, batch.actionNames);
  const ofColumns = model.inputs.map((input) => input.scale);
  const window = new Float64Array(model.history * columns.length);
  const scaled = new Float64Array(batch.actionNames.length);
  const seen = new Map<Episode, Map<number, Float64Array>>();
  const outputsAt = (episode: Episode, row: number): Float64Array => {
    const rows = seen.get(episode) ?? new Map<number, Float64Array>();
    const known = rows.get(row);
    if (known !== undefined) return known;
    writeWindow(episode, row, model.history, columns, ofColumns, window, 0);
    density.see(window);
    const outputs = density.outputs.slice();
    seen.set(episode, rows.set(row, outputs));
    return outputs;
  };
  return {
    threshold: model.supportThresholds,
    logDensity(episode, row, action, out) {
      for (let i = 0; i < scaled.length; i++) scaled[i] = toScaled(scales.actions[i], action[i]);
      logDensitiesOf(outputsAt(episode, row), scaled, out);
    },
  };
}

/**
 * β's mean actions at sampled frames, [frames × actions], in units: within the actions' ranges and otherwise unlimited,
 * since the present controller knows nothing of our bounds.
 */
export function behaviourActions(model: BehaviourModel, batch: Batch, scales: Pick<Scales, 'actions'>, sample: FrameSample): Float64Array {
  const density = new BehaviourDensity(model.network);
  const columns = windowColumns(model.inputs.map((input) => input.scale.name), batch.stateNames, batch.actionNames);
  const ofColumns = model.inputs.map((input) => input.scale);
  const window = new Float64Array(model.history * columns.length);
  const width = batch.actionNames.length;
  const actions = new Float64Array(sample.rows.length * width);
  for (let i = 0; i < sample.rows.length; i++) {
    writeWindow(batch.episodes[sample.episodes[i]], sample.rows[i], model.history, columns, ofColumns, window, 0);
    density.see(window);
    for (let j = 0; j < width; j++) {
      const { middle, unit } = scales.actions[j];
      actions[i * width + j] = middle + unit * Math.min(1, Math.max(-1, density.means[j]));
    }
  }
  return actions;
}
