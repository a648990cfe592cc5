import type { Batch } from '../data/batch';
import { fromScaled } from '../data/scaling';
import type { Engine } from '../engine/engine';
import { joinedParameters, type Network } from '../policy/network';
import { type RolloutPlan, rolloutProgram } from './rolloutProgram';
import { discountInput, type Starts, StartWriter } from './starts';

/** What the models promise of each policy, from common starts. */
export interface Prediction {
  readonly policies: number;
  readonly members: number;
  readonly starts: number;
  readonly steps: number;
  /** cost per step, undiscounted, [policies × members × starts] */
  readonly costs: Float64Array;
  /** discounted, [policies × members × starts] */
  readonly returns: Float64Array;
  /** in units, [policies × members × starts × (steps + 1) × states] */
  readonly states: Float64Array;
}

/**
 * Rolls all policies out through all members from the given starts and keeps everything.
 * @param plan not trainable; its starts are replaced by the given ones
 */
export function predict(engine: Engine, plan: Omit<RolloutPlan, 'trainable' | 'starts'>, batch: Batch, starts: Starts, discount: number, policies: readonly Network[], members: readonly Network[], behaviour: Network | null): Prediction {
  const count = starts.rows.length;
  const rollout = rolloutProgram({ ...plan, starts: count, trainable: false });
  const execution = engine.open(rollout.program);
  execution.writeParameters('policy', joinedParameters(policies));
  execution.writeParameters('transition model', joinedParameters(members));
  if (behaviour && plan.behaviour) execution.writeParameters('behaviour', behaviour.parameters);
  execution.write(rollout.discount, discountInput(discount, plan.horizon, count));
  new StartWriter(rollout, batch, plan.description, plan.scales).write(execution, starts, 'all');
  execution.run('forward');
  const rewards = execution.readSeries('reward');
  const scaled = execution.readSeries('states');
  execution.dispose();

  const cells = policies.length * members.length;
  const { horizon, description, scales } = plan;
  const width = description.states.length;
  const costs = new Float64Array(cells * count);
  const returns = new Float64Array(cells * count);
  const states = new Float64Array(cells * count * (horizon + 1) * width);
  for (let cell = 0; cell < cells; cell++) {
    let factor = 1;
    for (let step = 1; step <= horizon; step++, factor *= discount) {
      const from = (cell * (horizon + 1) + step) * count;
      for (let start = 0; start < count; start++) {
        const reward = rewards[from + start] * scales.reward;
        costs[cell * count + start] -= reward / horizon;
        returns[cell * count + start] += factor * reward;
      }
    }
    // read as it lies, start after start
    for (let step = 0, from = cell * (horizon + 1) * width * count; step <= horizon; step++)
      for (let i = 0; i < width; i++) {
        const scale = scales.states[i];
        for (let start = 0; start < count; start++, from++) states[((cell * count + start) * (horizon + 1) + step) * width + i] = fromScaled(scale, scaled[from]);
      }
  }
  return { policies: policies.length, members: members.length, starts: count, steps: horizon, costs, returns, states };
}
