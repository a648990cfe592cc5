import type { EpisodeScores, EvaluatedPolicy, Evaluation, IterationSummary, PickedPolicy, PolicySummary, Predicted, RecommendedPick, ScoreSummary, Spread } from './contract';

/**
 * Mean, standard error (sample standard deviation / √n) and worst decile of one number per episode.
 * @param worse which direction is bad: costs upwards, returns downwards
 */
export function spreadOf(values: readonly number[], worse: 'higher' | 'lower'): Spread {
  const mean = average(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean, standardError, p10: quantile(values, worse === 'higher' ? 0.9 : 0.1) };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Linear between the order statistics (Hyndman and Fan's definition 7). */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** Rollouts through an ensemble are not independent episodes: how far their mean may be off was written down beside them. */
export function summariseScores({ costs, returns, ensembleSpread }: EpisodeScores): ScoreSummary {
  const [cost, returned] = [spreadOf(costs, 'higher'), spreadOf(returns, 'lower')];
  if (ensembleSpread === undefined) return { cost, return: returned };
  return { cost: { ...cost, standardError: ensembleSpread.cost }, return: { ...returned, standardError: ensembleSpread.return } };
}

/**
 * One iteration as `show` tells it.
 * @param predicted null when the models' promise is not known
 * @param nonFinite gradient steps that were skipped in this iteration
 */
export function summariseIteration(evaluation: Evaluation, predicted: Predicted | null, nonFinite: number): IterationSummary {
  // scores by models are the promise itself
  const promises = evaluation.by === 'models' ? [] : [...(predicted?.policies ?? []), ...(predicted?.probe ? [predicted.probe] : [])];
  const policies = evaluation.policies.map((policy) => summarisePolicy(policy, promises));
  const picked = policies.map(pick);
  return {
    iteration: evaluation.iteration,
    by: evaluation.by ?? 'episodes',
    episodes: evaluation.policies[0].costs.length,
    policies,
    references: Object.fromEntries(Object.entries(evaluation.references).map(([name, scores]) => [name, summariseScores(scores)])),
    probe: evaluation.probe === null ? null : summarisePolicy(evaluation.probe, promises),
    coverage: evaluation.coverage,
    minLsed: evaluation.minLsed,
    mean: { cost: average(picked.map((policy) => policy.cost)), return: average(picked.map((policy) => policy.return)) },
    best: picked.reduce((best, policy) => (policy.return > best.return ? policy : best)),
    worst: picked.reduce((worst, policy) => (policy.return < worst.return ? policy : worst)),
    recommended: recommendedPick(evaluation, predicted, picked),
    nonFinite,
  };
}

/** A recommendation to keep the present controller is worth what the recorded behaviour did on the same episodes. */
function recommendedPick(evaluation: Evaluation, predicted: Predicted | null, picked: readonly PickedPolicy[]): RecommendedPick {
  const why = reasonOf(predicted);
  const policy = picked.find((one) => one.policy === evaluation.recommended);
  if (policy !== undefined) return { ...policy, ...why };
  // a plant's policies are scored by the models, and so is then what they are compared with
  const name = ['behaviourByModels', 'behaviour'].find((candidate) => Object.hasOwn(evaluation.references, candidate));
  const kept = name === undefined ? null : evaluation.references[name];
  return { policy: null, cost: kept === null ? null : average(kept.costs), return: kept === null ? null : average(kept.returns), ...why };
}

/** Why a policy is recommended, or none; null where it was not written down. */
export function reasonOf(predicted: Predicted | null): Pick<RecommendedPick, 'reason' | 'sentence'> {
  const { reason = null, sentence } = predicted?.recommendation ?? {};
  return { reason, ...(sentence && { sentence }) };
}

function summarisePolicy(policy: EvaluatedPolicy, promises: readonly (EpisodeScores & { readonly policy: number })[]): PolicySummary {
  const promised = promises.find((promise) => promise.policy === policy.policy);
  return {
    policy: policy.policy,
    sha256: policy.sha256,
    ...summariseScores(policy),
    promised: promised === undefined ? null : summariseScores(promised),
    violations: policy.violations,
    ensembleSpread: policy.ensembleSpread ?? null,
  };
}

function pick(policy: PolicySummary): PickedPolicy {
  return { policy: policy.policy, cost: policy.cost.mean, return: policy.return.mean };
}
