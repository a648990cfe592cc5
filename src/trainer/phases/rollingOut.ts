import type { Rollouts } from '../../learning/diff/predictedDiff';
import type { Prediction } from '../../learning/search/prediction';
import { predict } from '../../learning/search/prediction';
import type { Random } from '../../learning/random';
import { drawLongStarts, drawStarts, type Starts } from '../../learning/search/starts';
import type { IterationContext } from '../context';
import type { Models } from './modelsFile';
import { rolloutPlan } from './planning';

/** What a promise needs of an iteration. */
export type PromiseContext = Pick<IterationContext, 'experiment' | 'description' | 'frame' | 'iteration' | 'batch' | 'engine'>;

/** Rollouts of each policy and member when the models are asked for their promise. */
const PREDICTED_STARTS = 16;

/**
 * Where promises begin: at first frames of recorded episodes, as real ones do. A plant's recordings have few of those, so there at
 * any frame behind which the recording lasts as long as the rollout, and with it what disturbed the plant.
 */
export function promiseStarts(context: Pick<IterationContext, 'experiment' | 'batch' | 'iteration'>, random: Random): Starts {
  const { experiment, batch, iteration } = context;
  const own = random.fork('prediction', iteration);
  return experiment.system.kind === 'plant' ? drawLongStarts(batch, PREDICTED_STARTS, promisedSteps(experiment), own) : drawStarts(batch, PREDICTED_STARTS, { from: 'first', firstShare: 1 }, own);
}

/** How far promises look: as long as the evaluation's episodes; of a plant, as far as the policies were searched. */
function promisedSteps({ system, deployment, search }: IterationContext['experiment']): number {
  return system.kind === 'plant' ? search.horizon : deployment.evaluateSteps;
}

/** The plan of rollouts that promise: as long as the evaluation's episodes, through every member, without a loss. */
export function promisePlan(context: PromiseContext, models: Models) {
  return {
    ...rolloutPlan(context, models),
    behaviour: null, members: models.members.length, horizon: promisedSteps(context.experiment), pessimism: 'none',
    terms: { objective: false, soft: false, violation: false, diversity: null },
  } as const;
}

/**
 * β's mean action through the same models from the same starts, limited as the policies are: to ranges, largest changes
 * and, where policies are constrained, to the bounds, so that the two differ by what they do and not by what is allowed.
 */
export function predictBehaviour(context: PromiseContext, models: Models, starts: Starts): Rollouts {
  const { network, inputs, history } = models.behaviour;
  const policy = { sizes: network.sizes, inputs: inputs.map((input) => input.scale.name), history, activation: network.activation, output: 'mean' } as const;
  const plan = { ...promisePlan(context, models), policy, count: 1, policies: 1 };
  return rolloutsOf(predict(context.engine, plan, context.batch, starts, context.experiment.search.discount, [network], models.members.map((member) => member.network), null), 0);
}

/** One policy's part of a prediction, where it lies there. */
export function rolloutsOf({ members, starts, steps, costs, returns, states, policies }: Prediction, policy: number): Rollouts {
  const rollouts = members * starts;
  const numbers = states.length / policies;
  return {
    members, starts, steps,
    costs: costs.subarray(policy * rollouts, (policy + 1) * rollouts),
    returns: returns.subarray(policy * rollouts, (policy + 1) * rollouts),
    states: states.subarray(policy * numbers, (policy + 1) * numbers),
  };
}
