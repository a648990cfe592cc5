import { describeSystem } from '../../../src/experiment/systems';
import type { ShippedSettings, SystemDescription } from '../../../src/experiment/experiment';
import type { Batch } from '../../../src/learning/data/batch';
import { fitScales } from '../../../src/learning/data/scaling';
import type { Engine, Execution } from '../../../src/learning/engine/engine';
import { knownInputs, modelTargets } from '../../../src/learning/model/transitionModel';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import type { Network } from '../../../src/learning/policy/network';
import { Random } from '../../../src/learning/random';
import { boundConstraints } from '../../../src/learning/safety/bounds';
import { type RolloutPlan, type RolloutProgram, rolloutProgram } from '../../../src/learning/search/rolloutProgram';
import { discountInput, drawStarts, StartWriter } from '../../../src/learning/search/starts';
import { createSimulator } from '../../../src/learning/system/createSimulator';
import { recordEpisodes } from '../../../src/learning/system/record';
import { createScripted } from '../../../src/learning/system/scripted/createScripted';
import { episodeSeeds } from '../../../src/learning/system/seeds';

export const GRID: ShippedSettings = { kind: 'grid-2d', start: 'far' };
export const BENCHMARK: ShippedSettings = { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' };
const INPUTS = { 'grid-2d': ['x', 'y'], 'industrial-benchmark': ['velocity', 'gain', 'shift'] } as const;
const BOUNDS = { 'grid-2d': { x: [0, 10], y: [0, 10] }, 'industrial-benchmark': { velocity: [30, 60], gain: [20, 80], shift: [20, 80] } } as const;

/** A rollout with everything it needs: small random networks and a small recorded batch. */
export interface Rollout {
  readonly plan: RolloutPlan;
  readonly rollout: RolloutProgram;
  readonly batch: Batch;
  readonly policies: readonly Network[];
  readonly members: readonly Network[];
  readonly behaviour: Network;
  readonly load: (execution: Execution) => void;
}

export function recordedBatch(settings: ShippedSettings, behaviour: string, epsilon: number, episodes: number, steps: number, seed: number): Batch {
  const description = describeSystem(settings);
  const recorded = recordEpisodes({ simulator: createSimulator(settings, episodes), controller: createScripted(settings, behaviour, epsilon), steps, seeds: episodeSeeds(new Random(seed), episodes), iteration: 0, policy: 0 });
  return { stateNames: description.states.map((state) => state.name), actionNames: description.actions.map((action) => action.name), episodes: recorded };
}

/** @param change what of the plan is to be otherwise; `description` too */
export function makeRollout(settings: ShippedSettings, seed: number, change: Partial<Omit<RolloutPlan, 'description'>> & { readonly description?: SystemDescription } = {}, members: 'all' | 'one' = 'all'): Rollout {
  const description = change.description ?? describeSystem(settings);
  const batch = recordedBatch(settings, 'random', 1, 3, 40, seed);
  const bounds = BOUNDS[settings.kind];
  const scales = fitScales(description, batch, bounds, null);
  const inputs = change.policy?.inputs ?? INPUTS[settings.kind];
  const reward = change.reward ?? description.reward.default;
  const targets = modelTargets(description, { reward }, scales);
  const actions = description.actions.length;
  const known = knownInputs(description, inputs);
  const plan: RolloutPlan = {
    description, scales, bounds, constraints: boundConstraints(description, bounds),
    policy: { sizes: [3 * inputs.length, 10, actions], inputs, history: 3, activation: 'tanh' },
    model: { sizes: [5 * inputs.length + actions + known.length, 12, targets.length], inputs, history: 5, activation: 'tanh', targets, known },
    behaviour: { sizes: [3 * inputs.length, 7, 2 * actions], activation: 'tanh', logDelta: 0.5, clip: 20 },
    reward, count: 3, policies: 4, members: 2, starts: 5, horizon: 8, pessimism: 'none', trainable: true,
    terms: { objective: true, soft: true, violation: true, diversity: { measure: 'min-lsed', over: inputs, cap: null } },
    ...change,
    ...(change.policy && { policy: { ...change.policy, sizes: [3 * inputs.length, 10, actions] } }),
  };
  const random = new Random(seed).fork('networks');
  const networks = (name: string, count: number, sizes: readonly number[]) => Array.from({ length: count }, (_, i) => initialiseNetwork(sizes, 'tanh', random.fork(name, i), 1));
  const policies = networks('policy', plan.policies, plan.policy.sizes);
  const models = networks('model', plan.members, plan.model.sizes);
  const [behaviour] = networks('behaviour', 1, plan.behaviour?.sizes ?? [1, 1]);
  const rollout = rolloutProgram(plan);
  const starts = drawStarts(batch, members === 'all' ? plan.starts : plan.starts * plan.members - 1, { from: 'rows', firstShare: 0.2 }, random.fork('starts'));
  return {
    plan, rollout, batch, policies, members: models, behaviour,
    load(execution) {
      const flat = (list: readonly Network[]) => list.flatMap((network) => [...network.parameters]);
      execution.writeParameters('policy', flat(policies));
      execution.writeParameters('transition model', flat(models));
      if (plan.behaviour) execution.writeParameters('behaviour', behaviour.parameters);
      execution.write(rollout.discount, discountInput(0.97, plan.horizon, plan.starts));
      new StartWriter(rollout, batch, description, scales).write(execution, starts, members);
    },
  };
}

export function opened(engine: Engine, rollout: Rollout): Execution {
  const execution = engine.open(rollout.rollout.program);
  rollout.load(execution);
  return execution;
}
