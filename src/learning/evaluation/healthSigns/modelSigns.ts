import { sentence } from '../../../sentence/sentence';
import { type HealthSign, percent, short, signOf } from './sign';
import { healthThresholds as limit } from './thresholds';

/** log density of an action in [−1, 1] of which nothing is known, per dimension: log ½. */
const UNIFORM = Math.log(0.5);

/** A learned variable in rollouts and in recordings, in its own (logarithmic where it has one) scale. */
export interface RolledOutVariable {
  readonly name: string;
  /** least and largest recorded value */
  readonly recorded: readonly [number, number];
  /** every value that the rollouts reached */
  readonly values: ArrayLike<number>;
}

/**
 * Rollouts that leave the range of the recordings by far: the models extrapolate, and what they say there means nothing.
 * Of the learned variables the one that is out most often counts.
 *
 * @returns null without learned variables
 */
export function modelsUnstable(variables: readonly RolledOutVariable[]): HealthSign | null {
  let worst: { readonly name: string; readonly share: number } | null = null;
  for (const { name, recorded, values } of variables) {
    const [low, high] = recorded;
    const margin = limit.rangeMargin.value * (high - low);
    let outside = 0;
    // the negation also counts a value that is not a number
    for (let i = 0; i < values.length; i++) outside += values[i] >= low - margin && values[i] <= high + margin ? 0 : 1;
    const share = values.length === 0 ? 0 : outside / values.length;
    if (worst === null || share > worst.share) worst = { name, share };
  }
  if (worst === null) return null;
  return signOf(
    'models-unstable', worst.share >= limit.rangeShare.value, { share: worst.share },
    sentence('The models run away: in {0} of the promised steps {1} is far beyond anything recorded. What they promise there means nothing. Record more, add inputs or models.history, shorten deployment.evaluateSteps and search.horizon, or set a safety.soft.weight.', percent(worst.share), worst.name),
  );
}

/**
 * A behaviour model that knows less than “any action is as likely as any other”: its support says nothing.
 *
 * @param holdoutLogDensity mean of log β(a | s) over hold-out rows, of actions in [−1, 1], all dimensions together
 * @param dimensions number of actions
 */
export function behaviourWithoutSupport(holdoutLogDensity: number, dimensions: number): HealthSign | null {
  const gain = holdoutLogDensity / dimensions - UNIFORM;
  return signOf(
    'behaviour-without-support', gain < limit.behaviourGain.value, { gain },
    sentence('The behaviour model does not explain the recorded actions: on held-out rows it is worse than taking all actions as equally likely ({0} nats for each action). Support, the soft constraint and the distance to the behaviour mean nothing then. Add to policies.inputs and policies.history what the behaviour reacted to, or record more.', short(gain)),
  );
}

/**
 * Policies that act where the behaviour model gives no support although the loss holds them to it.
 *
 * @param shares  of the sampled frames with support, for each policy
 * @param wanted  whether safety.soft or safety.objective has a weight
 * @returns null where nothing holds them to it
 */
export function actionsWithoutSupport(shares: readonly number[], wanted: boolean): HealthSign | null {
  if (!wanted || shares.length === 0) return null;
  const share = Math.min(...shares);
  return signOf(
    'actions-without-support', share < limit.supportShare.value, { share },
    sentence('The policies leave what was recorded: the least supported one takes an action with support in only {0} of the recorded situations, although the experiment holds policies to the behaviour. Raise safety.soft.weight, or lower diversity.weight.', percent(share)),
  );
}
