import { behaviourActions, behaviourSupport } from '../../learning/diff/behaviourSide';
import { pairPolicies } from '../../learning/diff/pairPolicies';
import { behaviourSubject, type CardSubject, policyCard, policySubject } from '../../learning/diff/policyCard';
import { type PolicyDiff, policyDiff, sampledStates, type Support } from '../../learning/diff/policyDiff';
import { type PredictedDiff, predictedDiff, type Rollouts } from '../../learning/diff/predictedDiff';
import { type FrameSample, recordedActions, sampleFrames } from '../../learning/diff/sample';
import { createPolicyController } from '../../learning/policy/policyController';
import type { Starts } from '../../learning/search/starts';
import { english, type Sentence } from '../../sentence/sentence';
import type { IterationContext } from '../context';
import type { Models } from './modelsFile';
import type { Policies } from './searching';

/** Frames that an iteration's diffs compare actions on. */
const DIFF_FRAMES = 2_000;

/** Two controllers side by side: on recorded frames, in the models, and as texts. */
export interface Comparison {
  readonly diff: PolicyDiff;
  /** null: one of them cannot be rolled out through these models */
  readonly predicted: PredictedDiff | null;
  /** in English */
  readonly cards: { readonly before: string; readonly after: string };
  /** the cards, to be said in any language */
  readonly sentences: { readonly before: Sentence; readonly after: Sentence };
}

/** One side of a comparison. */
export interface Side {
  readonly subject: CardSubject;
  /** on the sampled frames, [frames × actions], in units */
  readonly actions: Float64Array;
  /** null: cannot be rolled out */
  readonly rollouts: Rollouts | null;
}

/** diff.json of an iteration: every deployed policy against what it comes from. */
export interface IterationDiff {
  readonly format: 'ibrl-iteration-diff';
  readonly version: 1;
  readonly iteration: number;
  readonly pairs: readonly ({
    readonly policy: number;
    readonly against: { readonly kind: 'policy'; readonly iteration: number; readonly policy: number } | { readonly kind: 'behaviour' };
  } & Comparison)[];
}

/** Compares two sides on the same frames and starts. */
export function compare({ description, frame, batch }: Pick<IterationContext, 'description' | 'frame' | 'batch'>, sample: FrameSample, starts: Starts, support: Support | null, before: Side, after: Side, states = sampledStates(batch, sample)): Comparison {
  const diff = policyDiff(description, frame.bounds, batch, sample, before.actions, after.actions, support, states);
  const predicted = before.rollouts === null || after.rollouts === null ? null : predictedDiff(description, frame.bounds, starts, before.rollouts, after.rollouts);
  const card = (side: 'before' | 'after') => policyCard((side === 'before' ? before : after).subject, { side, diff, predicted });
  const sentences = { before: card('before'), after: card('after') };
  return { diff, predicted, cards: { before: english(sentences.before), after: english(sentences.after) }, sentences };
}

/** What the models promise of the policies of a diff. */
export interface Promises {
  readonly starts: Starts;
  readonly policies: readonly Rollouts[];
  readonly earlier: readonly Rollouts[];
  readonly behaviour: Rollouts;
}

/**
 * @param earlier the policies of the iteration before; null: there are none, and β is what is compared with
 * @param parents of each policy among them
 */
export function iterationDiff(context: IterationContext, models: Models, policies: Policies, earlier: Policies | null, parents: readonly number[], promises: Promises): IterationDiff {
  const { experiment, iteration, batch, description, frame } = context;
  const sample = sampleFrames(batch, DIFF_FRAMES);
  const support = behaviourSupport(models.behaviour, batch, frame.scales);
  const { count, warmStart } = experiment.policies;
  const sidesOf = ({ definitions }: Policies, rollouts: readonly Rollouts[]): Side[] =>
    definitions.slice(0, count).map((definition, index) => ({ subject: policySubject(definition, description), actions: recordedActions(createPolicyController(definition), batch, sample), rollouts: rollouts[index] }));
  const after = sidesOf(policies, promises.policies);
  const behaviour: Side | null = earlier === null ? { subject: behaviourSubject(models.behaviour, description), actions: behaviourActions(models.behaviour, batch, frame.scales, sample), rollouts: promises.behaviour } : null;
  const before = earlier === null ? [] : sidesOf(earlier, promises.earlier);
  const partners = before.length === 0 ? [] : pairPolicies(after.map((side) => side.actions), before.map((side) => side.actions), description.actions.map((action) => action.range), after.map((_, index) => (warmStart ? parents[index] : null)));
  const states = sampledStates(batch, sample);
  const pairs = after.map((side, index): IterationDiff['pairs'][number] => ({
    policy: index + 1,
    against: behaviour !== null ? { kind: 'behaviour' } : { kind: 'policy', iteration: iteration - 1, policy: partners[index] + 1 },
    ...compare(context, sample, promises.starts, support, behaviour ?? before[partners[index]], side, states),
  }));
  return { format: 'ibrl-iteration-diff', version: 1, iteration, pairs };
}
