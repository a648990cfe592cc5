import type { Episode } from '../learning/data/batch';
import { toScaled } from '../learning/data/scaling';
import { writeWindow, windowColumns } from '../learning/data/window';
import { pairPolicies } from '../learning/diff/pairPolicies';
import { type PolicyDiff, policyDiff, type Support } from '../learning/diff/policyDiff';
import { type FrameSample, recordedActions, sampleFrames } from '../learning/diff/sample';
import { recommendPolicy } from '../learning/evaluation/recommendation';
import { countViolations } from '../learning/evaluation/violations';
import { BehaviourDensity, type BehaviourModel } from '../learning/model/behaviour';
import { createPolicyController } from '../learning/policy/policyController';
import { type Prediction, predict } from '../learning/search/prediction';
import { drawStarts } from '../learning/search/starts';
import type { Predicted, PredictedPolicy } from '../run/contract';
import { iterationFiles } from '../run/paths';
import type { IterationContext } from './context';
import type { Models } from './modelsFile';
import { rolloutPlan } from './planning';
import type { Policies } from './searching';

/** Rollouts of each policy and member when the models are asked for their promise. */
const PREDICTED_STARTS = 16;
/** Frames that a policy diff compares actions on. */
const DIFF_FRAMES = 2_000;

/**
 * What the models promise of every policy, before anything is decided: rollouts as long as the evaluation's episodes,
 * from first frames of recorded ones. And what each policy would change against its warm-start parent, or β at first.
 */
export function predictPolicies(context: IterationContext, models: Models, policies: Policies, earlier: Policies | null, parents: readonly number[]): Predicted {
  const { experiment, output, iteration, batch, engine, random } = context;
  output.begin(iteration, 'predicting');
  const starts = drawStarts(batch, PREDICTED_STARTS, { from: 'first', firstShare: 1 }, random.fork('prediction', iteration));
  const prediction = predict(
    engine,
    { ...rolloutPlan(context, models), behaviour: null, members: models.members.length, horizon: experiment.deployment.evaluateSteps, pessimism: 'none', terms: { objective: false, soft: false, violation: false, diversity: null } },
    batch, starts, experiment.search.discount,
    policies.definitions.map((definition) => definition.network), models.members.map((member) => member.network), null,
  );
  const scored = policies.definitions.map((_, index) => predictedPolicy(context, prediction, index, policies.sha256[index]));
  const deployed = scored.slice(0, experiment.policies.count);
  const recommended = recommendPolicy(deployed.map(({ returns }) => returns.reduce((sum, value) => sum + value, 0) / returns.length));
  const predicted: Predicted = {
    format: 'ibrl-predicted', version: 1, iteration, steps: prediction.steps, policies: deployed, probe: scored[experiment.policies.count], behaviour: null,
    recommended: (recommended ?? 0) + 1,
  };
  output.json(iterationFiles.predicted(iteration), predicted, iteration);
  output.leaveIfAsked();
  output.file(iterationFiles.diff(iteration), `${JSON.stringify(iterationDiff(context, models, policies, earlier, parents))}\n`, iteration);
  output.end(iteration, 'predicting');
  return predicted;
}

function predictedPolicy({ experiment, description, frame }: IterationContext, prediction: Prediction, index: number, sha256: string): PredictedPolicy {
  const rollouts = prediction.members * prediction.starts;
  const of = (values: Float64Array) => Array.from(values.subarray(index * rollouts, (index + 1) * rollouts));
  const width = description.states.length;
  const frames = prediction.steps + 1;
  const episodes = Array.from({ length: rollouts }, (_, rollout): Episode => {
    const from = (index * rollouts + rollout) * frames * width;
    return { iteration: 0, policy: 0, frames, states: Float64Array.from(prediction.states.subarray(from, from + frames * width)), actions: new Float64Array(0), rewards: new Float64Array(0) };
  });
  const { outside, share, worst } = countViolations(description.states.map((variable) => variable.name), frame.bounds, episodes);
  return { policy: index < experiment.policies.count ? index + 1 : 0, sha256, costs: of(prediction.costs), returns: of(prediction.returns), violations: { steps: outside, share, worst } };
}

/** diff.json of an iteration: every deployed policy against what it comes from. */
interface IterationDiff {
  readonly format: 'ibrl-iteration-diff';
  readonly version: 1;
  readonly iteration: number;
  readonly pairs: readonly {
    readonly policy: number;
    readonly against: { readonly kind: 'policy'; readonly iteration: number; readonly policy: number } | { readonly kind: 'behaviour' };
    readonly diff: PolicyDiff;
  }[];
}

function iterationDiff(context: IterationContext, models: Models, policies: Policies, earlier: Policies | null, parents: readonly number[]): IterationDiff {
  const { experiment, iteration, batch, description, frame } = context;
  const sample = sampleFrames(batch, DIFF_FRAMES);
  const support = supportOf(models.behaviour)(context);
  const behaviour = earlier === null ? behaviourActions(context, models.behaviour, sample) : null;
  const { count, warmStart } = experiment.policies;
  const actionsOf = ({ definitions }: Policies) => definitions.slice(0, count).map((definition) => recordedActions(createPolicyController(definition), batch, sample));
  const after = actionsOf(policies);
  const before = earlier === null ? null : actionsOf(earlier);
  const partners = before === null ? null : pairPolicies(after, before, description.actions.map((action) => action.range), after.map((_, index) => (warmStart ? parents[index] : null)));
  const pairs = after.map((actions, index): IterationDiff['pairs'][number] => {
    const partner = partners?.[index] ?? 0;
    return {
      policy: index + 1,
      against: before === null ? { kind: 'behaviour' } : { kind: 'policy', iteration: iteration - 1, policy: partner + 1 },
      diff: policyDiff(description, frame.bounds, batch, sample, before?.[partner] ?? (behaviour as Float64Array), actions, support),
    };
  });
  return { format: 'ibrl-iteration-diff', version: 1, iteration, pairs };
}

/** log β of actions at recorded frames, for the diff. */
function supportOf(model: BehaviourModel): (context: IterationContext) => Support {
  const density = new BehaviourDensity(model.network);
  return ({ batch, frame }) => {
    const columns = windowColumns(model.inputs.map((input) => input.scale.name), batch.stateNames, batch.actionNames);
    const scales = model.inputs.map((input) => input.scale);
    const window = new Float64Array(model.history * columns.length);
    const scaled = new Float64Array(batch.actionNames.length);
    return {
      threshold: model.supportThresholds,
      logDensity(episode, row, action, out) {
        writeWindow(episode, row, model.history, columns, scales, window, 0);
        for (let i = 0; i < scaled.length; i++) scaled[i] = toScaled(frame.scales.actions[i], action[i]);
        density.logDensities(window, scaled, out);
      },
    };
  };
}

/** β's mean actions at sampled frames, within the actions' ranges, in units. */
function behaviourActions({ batch, frame, description }: IterationContext, model: BehaviourModel, sample: FrameSample): Float64Array {
  const density = new BehaviourDensity(model.network);
  const columns = windowColumns(model.inputs.map((input) => input.scale.name), batch.stateNames, batch.actionNames);
  const scales = model.inputs.map((input) => input.scale);
  const window = new Float64Array(model.history * columns.length);
  const width = description.actions.length;
  const [scaled, unused] = [new Float64Array(width), new Float64Array(width)];
  const actions = new Float64Array(sample.rows.length * width);
  for (let i = 0; i < sample.rows.length; i++) {
    writeWindow(batch.episodes[sample.episodes[i]], sample.rows[i], model.history, columns, scales, window, 0);
    density.logDensities(window, scaled, unused);
    for (let j = 0; j < width; j++) {
      const { middle, unit } = frame.scales.actions[j];
      actions[i * width + j] = middle + unit * Math.min(1, Math.max(-1, density.means[j]));
    }
  }
  return actions;
}
