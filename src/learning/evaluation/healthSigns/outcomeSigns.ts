import { sentence } from '../../../sentence/sentence';
import { mean, percentile, standardDeviation, standardError } from '../../data/statistics';
import { type HealthSign, short, signOf } from './sign';
import { healthThresholds as limit } from './thresholds';

/** Costs per step, one for each episode or rollout. */
export type Costs = readonly number[];

/**
 * Policies of one search that differ much in what they really cost: which of them is deployed matters more than the iteration.
 *
 * @param costs       real ones of each deployed policy
 * @param rewardScale of the run: a reward of this size counts as 1
 * @param exploring   diversity asked them to differ, so more is normal
 * @returns null for one policy, or one episode, of whose error nothing is known
 */
export function policiesVary(costs: readonly Costs[], rewardScale: number, exploring: boolean): HealthSign | null {
  if (costs.length < 2 || costs.some((own) => own.length < 2)) return null;
  const means = costs.map((own) => mean(own));
  const range = (Math.max(...means) - Math.min(...means)) / rewardScale;
  const noise = Math.max(...costs.map((own) => standardError(own))) / rewardScale;
  return signOf(
    'policies-vary', range >= (exploring ? limit.policyRangeDiverse : limit.policyRange).value && range > 4 * noise, { range, noise },
    sentence('The policies differ widely in reality: {0} cost per step between the best and the worst. One search gave both, so chance decides. Take the recommended one only, set policies.replaceWorst, or search longer (search.updates).', short(range * rewardScale)),
  );
}

/**
 * Members of the ensemble that promise different costs for the same policy: the standard deviation of their means, over the members
 * themselves (÷ M), the median over policies.
 *
 * @param promised costs of rollouts, by policy, then member
 * @returns null for one member
 */
export function modelsVary(promised: readonly (readonly Costs[])[], rewardScale: number): HealthSign | null {
  if (promised.length === 0 || promised[0].length < 2) return null;
  const spread = percentile(promised.map((members) => standardDeviation(members.map((own) => mean(own))) / rewardScale), 50);
  return signOf(
    'models-vary', spread >= limit.memberSpread.value, { spread },
    sentence('The models disagree about the policies: a spread of {0} cost per step between members for the same policy. The recordings do not say what will happen there. Set search.pessimism: minimum or a safety.soft.weight to stay nearer to the recordings, and read the promise with this spread.', short(spread * rewardScale)),
  );
}

/**
 * What really happened is far from what the models promised: the median over policies of the real cost less the promised
 * one. Where both could be the same number within their errors, nothing is raised.
 *
 * @param promised, real costs of each deployed policy
 * @returns null for one episode, of whose error nothing is known
 */
export function promiseMissed(promised: readonly Costs[], real: readonly Costs[], rewardScale: number): HealthSign | null {
  if (real.length === 0 || promised.length !== real.length || real.some((own) => own.length < 2)) return null;
  const gaps = real.map((own, k) => (mean(own) - mean(promised[k])) / rewardScale);
  const gap = percentile(gaps, 50);
  const noise = percentile(real.map((own, k) => Math.hypot(standardError(own), standardError(promised[k])) / rewardScale), 50);
  return signOf(
    'promise-missed', Math.abs(gap) >= limit.promiseGap.value && Math.abs(gap) > 2 * noise, { gap, noise },
    gap > 0
      ? sentence('The promise was not kept: policies really cost {0} per step more than the models said. The search has learned the models’ errors. Lower search.updates or search.horizon, set search.pessimism: minimum, or record where the policies go.', short(gap * rewardScale))
      : sentence('The promise was far off: policies really cost {0} per step less than the models said. The models do not know where the policies go. More iterations mend that; until then do not choose by the promise.', short(-gap * rewardScale)),
  );
}
