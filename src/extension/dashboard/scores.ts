import type { IterationScores, Lack, PolicyScoreView, ScoreView } from '../../messages/dashboard';
import type { EpisodeScores, EvaluatedPolicy, Evaluation, Predicted, PredictedPolicy } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import { spreadOf, summariseScores } from '../../run/summary';
import type { RunCache } from './runCache';

/** Every iteration of which something is promised or known, in order. */
export function scoresOf(cache: RunCache): IterationScores[] {
  const { iterations } = cache.reader.description;
  const found: IterationScores[] = [];
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const predicted = cache.predicted(iterationFiles.predicted(iteration), iteration);
    const evaluation = cache.evaluation(iterationFiles.evaluation(iteration), iteration);
    if (predicted !== null || evaluation !== null) found.push(scoresOnce(iteration, predicted, evaluation));
  }
  return found;
}

/** by what they were made of: files that were parsed once */
const made = new WeakMap<Evaluation | Predicted, { readonly predicted: Predicted | null; readonly scores: IterationScores }>();

function scoresOnce(iteration: number, predicted: Predicted | null, evaluation: Evaluation | null): IterationScores {
  const source = evaluation ?? predicted;
  const known = source && made.get(source);
  if (known && known.predicted === predicted) return known.scores;
  const scores = iterationScores(iteration, predicted, evaluation);
  if (source !== null) made.set(source, { predicted, scores });
  return scores;
}

/** Reads what `scoresOf` needs of files and nobody has read yet, each file a piece. */
export function* scorePieces(cache: RunCache): Generator<void> {
  let before = cache.read;
  for (let iteration = 1; iteration <= cache.reader.description.iterations; iteration++) {
    for (const read of [() => cache.predicted(iterationFiles.predicted(iteration), iteration), () => cache.evaluation(iterationFiles.evaluation(iteration), iteration)]) {
      read();
      if (cache.read === before) continue;
      before = cache.read;
      yield;
    }
  }
}

function lackingOf({ recommendation }: Predicted): Lack[] {
  return [...new Set(recommendation?.policies.flatMap(({ verdict }) => (verdict === 'candidate' ? [] : [verdict])))];
}

function iterationScores(iteration: number, predicted: Predicted | null, evaluation: Evaluation | null): IterationScores {
  // where the models tell the scores, these are the promise itself
  const promises = evaluation?.by === 'models' ? null : predicted;
  const indices = (evaluation?.policies ?? predicted?.policies ?? []).map(({ policy }) => policy);
  const policies = indices.map((policy) => policyScore(policy, promises?.policies, evaluation?.policies));
  const probe = evaluation?.probe ?? predicted?.probe;
  const promisedMeans = policies.flatMap(({ promised }) => (promised === null ? [] : [promised.mean]));
  return {
    iteration,
    by: evaluation === null ? null : (evaluation.by ?? 'episodes'),
    mean: evaluation && meanOfPolicies(evaluation.policies),
    promisedMean: promisedMeans.length > 0 ? average(promisedMeans) : null,
    policies,
    probe: probe ? policyScore(0, promises?.probe ? [promises.probe] : undefined, evaluation?.probe ? [evaluation.probe] : undefined) : null,
    recommended: (evaluation ?? predicted)?.recommended ?? null,
    lacking: predicted === null || predicted.recommended !== null ? [] : lackingOf(predicted),
    references: Object.entries(evaluation?.references ?? {}).map(([name, { costs }]) => ({ name, cost: average(costs) })),
    episodes: evaluation?.policies[0]?.costs.length ?? 0,
    steps: evaluation?.steps ?? 0,
    coverage: evaluation?.coverage ?? null,
  };
}

function policyScore(policy: number, promised: readonly PredictedPolicy[] | undefined, evaluated: readonly EvaluatedPolicy[] | undefined): PolicyScoreView {
  const promise = promised?.find((one) => one.policy === policy);
  const real = evaluated?.find((one) => one.policy === policy);
  return {
    policy,
    real: real ? scoreOf(real) : null,
    promised: promise ? scoreOf(promise) : null,
    violations: (real ?? promise)?.violations.steps ?? 0,
  };
}

function scoreOf(scores: EpisodeScores): ScoreView {
  const { mean, standardError } = summariseScores(scores).cost;
  return { mean, standardError };
}

/** All policies ran on the same episodes, so the spread is that of the episodes' means over the policies. */
function meanOfPolicies(policies: readonly EvaluatedPolicy[]): ScoreView {
  const episodes = Math.min(...policies.map(({ costs }) => costs.length));
  const { mean, standardError } = spreadOf(Array.from({ length: episodes }, (_, episode) => average(policies.map(({ costs }) => costs[episode]))), 'higher');
  return { mean, standardError };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
