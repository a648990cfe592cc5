import { behaviourActions, behaviourSupport } from '../learning/diff/behaviourSide';
import { behaviourSubject, policySubject } from '../learning/diff/policyCard';
import type { Rollouts } from '../learning/diff/predictedDiff';
import { type FrameSample, recordedActions, sampleFrames } from '../learning/diff/sample';
import type { Engine } from '../learning/engine/engine';
import type { PolicyDefinition } from '../learning/policy/definition';
import { createPolicyController } from '../learning/policy/policyController';
import { PolicyError } from '../learning/policy/policyError';
import { rescaleInputs } from '../learning/policy/rescaleInputs';
import { Random } from '../learning/random';
import { predict } from '../learning/search/prediction';
import type { Starts } from '../learning/search/starts';
import { sentence } from '../sentence/sentence';
import { type Comparison, compare, type Side } from './phases/diffing';
import type { IterationView } from './iterationView';
import { predictBehaviour, promisePlan, promiseStarts, rolloutsOf } from './phases/rollingOut';

/** What can be compared: any policy for the system, or β of the iteration. */
export type Compared = { readonly kind: 'policy'; readonly definition: PolicyDefinition } | { readonly kind: 'behaviour' };

/**
 * Compares any two controllers on an iteration's recordings and models: on at most 5,000 frames, and from the starts that
 * the iteration's promise began at.
 * @throws PolicyError `bad-value` for a policy of another system
 */
export function compareOn(view: IterationView, engine: Engine, before: Compared, after: Compared): Comparison {
  const sample = sampleFrames(view.batch);
  const starts = promiseStarts(view, new Random(view.experiment.seed));
  const side = (compared: Compared): Side => sideOn(view, engine, sample, starts, compared);
  return compare(view, sample, starts, behaviourSupport(view.models.behaviour, view.batch, view.frame.scales), side(before), side(after));
}

/** @throws PolicyError `bad-value` unless the policy sees and steers what the system has, in its order */
export function checkSystem({ states, actions }: PolicyDefinition, { description }: Pick<IterationView, 'description'>): void {
  const [own, theirs] = [[...states, ...actions.map(({ name }) => name)], [...description.states, ...description.actions].map(({ name }) => name)];
  if (own.join('\n') !== theirs.join('\n')) throw new PolicyError('bad-value', sentence('The policy is one for {0}, but the recordings are of {1}. Name a policy of the same system.', own.join(', '), theirs.join(', ')));
}

function sideOn(view: IterationView, engine: Engine, sample: FrameSample, starts: Starts, compared: Compared): Side {
  const { description, models, batch, frame } = view;
  if (compared.kind === 'behaviour') {
    return {
      subject: behaviourSubject(models.behaviour, description),
      actions: behaviourActions(models.behaviour, batch, frame.scales, sample),
      rollouts: predictBehaviour({ ...view, engine }, models, starts),
    };
  }
  const { definition } = compared;
  checkSystem(definition, view);
  return { subject: policySubject(definition, description), actions: recordedActions(createPolicyController(definition), batch, sample), rollouts: rollOut(view, engine, starts, definition) };
}

/** A policy of any run through these models; null where its actions mean something else to them than to itself. */
function rollOut(view: IterationView, engine: Engine, starts: Starts, definition: PolicyDefinition): Rollouts | null {
  const { description, frame, models, batch, experiment } = view;
  const sameRanges = definition.actions.every(({ range }, i) => range.every((end, side) => end === description.actions[i].range[side]));
  const scaleOf = (name: string) => [...frame.scales.states, ...frame.scales.actions].find((scale) => scale.name === name);
  const scales = definition.inputs.map((input) => scaleOf(input.scale.name) ?? input.scale);
  const network = rescaleInputs(definition, scales);
  if (network === null || !sameRanges) return null;
  const plan = {
    ...promisePlan({ ...view, engine }, models),
    // its own largest changes and bounds
    description: { ...description, actions: definition.actions },
    constraints: definition.constraints,
    policy: { sizes: network.sizes, inputs: definition.inputs.map((input) => input.scale.name), history: definition.history, activation: network.activation },
    count: 1,
    policies: 1,
  };
  return rolloutsOf(predict(engine, plan, batch, starts, experiment.search.discount, [network], models.members.map((member) => member.network), null), 0);
}
