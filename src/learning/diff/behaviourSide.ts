import type { Batch } from '../data/batch';
import { type Scales, toScaled } from '../data/scaling';
import { windowColumns, writeWindow } from '../data/window';
import { type BehaviourModel, logDensitiesOf } from '../model/behaviour';
import { createForward } from '../policy/forward';
import type { Support } from './policyDiff';
import type { FrameSample } from './sample';

/**
 * log β of actions at sampled frames of a batch, for a diff. Several policies are compared on the same frames: what β
 * makes of them is computed once. @param scales of the run's actions
 */
export function behaviourSupport(model: BehaviourModel, batch: Batch, scales: Pick<Scales, 'actions'>): Support {
  const width = batch.actionNames.length;
  const seen = new WeakMap<FrameSample, Float64Array>();
  const action = new Float64Array(width);
  const density = new Float64Array(width);
  return {
    threshold: model.supportThresholds,
    logDensities(sample, actions) {
      const outputs = seen.get(sample) ?? behaviourOutputs(model, batch, sample);
      seen.set(sample, outputs);
      const all = new Float64Array(actions.length);
      for (let i = 0; i < sample.rows.length; i++) {
        for (let j = 0; j < width; j++) action[j] = toScaled(scales.actions[j], actions[i * width + j]);
        logDensitiesOf(outputs, 2 * i * width, action, density);
        for (let j = 0; j < width; j++) all[i * width + j] = density[j];
      }
      return all;
    },
  };
}

/**
 * β's mean actions at sampled frames, [frames × actions], in units: within the actions' ranges and otherwise unlimited,
 * since the present controller knows nothing of our bounds.
 */
export function behaviourActions(model: BehaviourModel, batch: Batch, scales: Pick<Scales, 'actions'>, sample: FrameSample): Float64Array {
  const width = batch.actionNames.length;
  const outputs = behaviourOutputs(model, batch, sample);
  const actions = new Float64Array(sample.rows.length * width);
  for (let i = 0; i < sample.rows.length; i++) {
    for (let j = 0; j < width; j++) {
      const { middle, unit } = scales.actions[j];
      actions[i * width + j] = middle + unit * Math.min(1, Math.max(-1, outputs[2 * i * width + j]));
    }
  }
  return actions;
}

/** What β's network puts out at sampled frames, [frames × (means, log σ)]. */
function behaviourOutputs(model: BehaviourModel, batch: Batch, sample: FrameSample): Float64Array {
  const columns = windowColumns(model.inputs.map((input) => input.scale.name), batch.stateNames, batch.actionNames);
  const ofColumns = model.inputs.map((input) => input.scale);
  const window = new Float64Array(model.history * columns.length);
  const forward = createForward(model.network);
  const width = 2 * batch.actionNames.length;
  const outputs = new Float64Array(sample.rows.length * width);
  for (let i = 0; i < sample.rows.length; i++) {
    writeWindow(batch.episodes[sample.episodes[i]], sample.rows[i], model.history, columns, ofColumns, window, 0);
    forward(window, 0, outputs, i * width);
  }
  return outputs;
}
