import type { Episode } from '../../learning/data/batch';
import type { Rollouts } from '../../learning/diff/predictedDiff';
import { recommendPolicy } from '../../learning/evaluation/recommendation';
import { countViolations } from '../../learning/evaluation/violations';
import { predict } from '../../learning/search/prediction';
import type { Predicted, PredictedPolicy } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import { english } from '../../sentence/sentence';
import type { IterationContext } from '../context';
import { iterationDiff } from './diffing';
import { tellPromiseHealth } from './health';
import type { Models } from './modelsFile';
import { evaluateByModels } from './plantEvaluation';
import { predictBehaviour, promisePlan, promiseStarts, rolloutsOf } from './rollingOut';
import type { Policies } from './searching';

/**
 * What the models promise of every policy and of β, before anything is decided: rollouts as long as the evaluation's
 * episodes, from first frames of recorded ones. What each policy would change against its warm-start parent, or β at
 * first. And which one is recommended, if any.
 */
export function predictPolicies(context: IterationContext, models: Models, policies: Policies, earlier: Policies | null, parents: readonly number[]): Predicted {
  const { experiment, output, iteration, batch, engine, random } = context;
  const { count } = experiment.policies;
  output.begin(iteration, 'predicting');
  const starts = promiseStarts(context, random);
  // behind the policies and the probe those of the iteration before, by today's models
  const definitions = [...policies.definitions, ...(earlier?.definitions.slice(0, count) ?? [])];
  const prediction = predict(
    engine, { ...promisePlan(context, models), policies: definitions.length }, batch, starts, experiment.search.discount,
    definitions.map((definition) => definition.network), models.members.map((member) => member.network), null,
  );
  const rollouts = definitions.map((_, index) => rolloutsOf(prediction, index));
  const behaviour = predictBehaviour(context, models, starts);
  output.leaveIfAsked();
  const diff = iterationDiff(context, models, policies, earlier, parents, { starts, policies: rollouts.slice(0, count), earlier: rollouts.slice(policies.definitions.length), behaviour });

  const scored = policies.definitions.map((_, index) => predictedPolicy(context, rollouts[index], index, policies.sha256[index]));
  const supported = diff.pairs.map((pair) => pair.diff.support?.share.after ?? 0);
  const recommendation = recommendPolicy(
    scored.slice(0, count).map(({ policy, violations }, index) => ({ policy, returns: rollouts[index].returns, violations: violations.steps, supported: supported[index] })),
    behaviour.returns, behaviour.members, behaviour.starts,
  );
  const predicted: Predicted = {
    format: 'ibrl-predicted', version: 1, iteration, steps: prediction.steps, policies: scored.slice(0, count), probe: scored[count],
    behaviour: { costs: [...behaviour.costs], returns: [...behaviour.returns] },
    recommended: recommendation.policy,
    recommendation: { reason: english(recommendation.reason), sentence: recommendation.reason, policies: recommendation.policies },
  };
  output.json(iterationFiles.predicted(iteration), predicted, iteration);
  if (experiment.system.kind === 'plant') evaluateByModels(context, predicted, rollouts);
  output.leaveIfAsked();
  tellPromiseHealth(context, prediction, supported);
  output.file(iterationFiles.diff(iteration), `${JSON.stringify(diff)}\n`, iteration);
  output.end(iteration, 'predicting');
  return predicted;
}

function predictedPolicy({ experiment, description, frame }: IterationContext, { members, starts, steps, costs, returns, states }: Rollouts, index: number, sha256: string): PredictedPolicy {
  const width = description.states.length;
  const frames = steps + 1;
  const episodes = Array.from({ length: members * starts }, (_, rollout): Episode => {
    const from = rollout * frames * width;
    return { iteration: 0, policy: 0, frames, states: new Float64Array(states.subarray(from, from + frames * width)), actions: new Float64Array(0), rewards: new Float64Array(0) };
  });
  const { outside, share, worst } = countViolations(description.states.map((variable) => variable.name), frame.bounds, episodes);
  return { policy: index < experiment.policies.count ? index + 1 : 0, sha256, costs: [...costs], returns: [...returns], violations: { steps: outside, share, worst } };
}
