import type { ActionVariable, SystemDescription } from '../../experiment/experiment';
import { joined, type Sentence, sentence } from '../../sentence/sentence';
import { mean } from '../data/statistics';
import type { BehaviourModel } from '../model/behaviour';
import type { PolicyDefinition, PolicyInput } from '../policy/definition';
import type { Network } from '../policy/network';
import { parameterCount } from '../policy/network';
import type { BoundConstraint } from '../safety/bounds';
import type { PolicyDiff } from './policyDiff';
import type { Estimate, PredictedDiff } from './predictedDiff';

/** What a card tells of: a searched policy, or β by its mean action. */
export interface CardSubject {
  readonly kind: 'policy' | 'behaviour';
  readonly network: Network;
  readonly history: number;
  readonly inputs: readonly PolicyInput[];
  readonly actions: readonly ActionVariable[];
  readonly constraints: readonly BoundConstraint[];
  /** of states and actions, by name, where they are known */
  readonly units: Readonly<Record<string, string>>;
}

/** Which side of a comparison the card's numbers are taken from. */
export interface CardNumbers {
  readonly side: 'before' | 'after';
  readonly diff: PolicyDiff;
  /** null: not predicted */
  readonly predicted: PredictedDiff | null;
}

export function policySubject(definition: PolicyDefinition, description: SystemDescription | null = null): CardSubject {
  return { kind: 'policy', ...definition, units: unitsOf(description) };
}

export function behaviourSubject(model: BehaviourModel, description: SystemDescription): CardSubject {
  return { kind: 'behaviour', network: model.network, history: model.history, inputs: model.inputs, actions: description.actions, constraints: [], units: unitsOf(description) };
}

/**
 * A policy as a short text for people, one fact a line and always in the same order, so that a text editor's comparison of two
 * cards shows what changes, in any language. It holds no time, path or name.
 * @param numbers null: only what the policy is, nothing of what it does
 */
export function policyCard(subject: CardSubject, numbers: CardNumbers | null = null): Sentence {
  const { kind, network, history, inputs, actions, constraints, units } = subject;
  const seen = inputs.map(({ scale }) => scale.name + unitText(units[scale.name] ?? '')).join(', ');
  const lines = [
    kind === 'policy' ? sentence('Policy') : sentence('Behaviour policy β, estimated from the recordings: its mean action'),
    sentence('Network: {0}, {1}, {2} parameters', network.sizes.join(' - '), network.activation, parameterCount(network.sizes)),
    history === 1 ? sentence('Sees: the present frame of {0}', seen) : sentence('Sees: the last {0} frames of {1}', history, seen),
    sentence('Acts on:'),
    ...actions.map(({ name, unit, range, maxChange }) =>
      indented(maxChange === null ? sentence('{0}: {1} to {2}, as fast as it likes', name, number(range[0]), withUnit(range[1], unit)) : sentence('{0}: {1} to {2}, by at most {3} a sample', name, number(range[0]), withUnit(range[1], unit), withUnit(maxChange, unit)))),
    constraints.length === 0 ? sentence('Keeps in bounds: nothing') : sentence('Keeps in bounds:'),
    ...constraints.map(({ variable, action, gain, low, high }) => indented(sentence('{0}: {1} to {2}, by {3} ({4} per unit)', variable, number(low), withUnit(high, units[variable] ?? ''), action, number(gain)))),
    sentence('Largest weight: {0}', number(network.parameters.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0))),
  ];
  return joined([...lines, ...(numbers === null ? [] : [...recordedLines(numbers), ...predictedLines(numbers)]), sentence('')], '\n');
}

function recordedLines({ diff, side }: CardNumbers): Sentence[] {
  return [
    sentence('On {0} recorded frames:', diff.sample.row.length),
    ...diff.actions.flatMap((action) => {
      const values = action[side];
      const { mean: move, p90, max } = action.slew[side];
      return [
        indented(sentence('{0}: mean {1}, from {2} to {3}; at an end of its range in {4}', action.name, number(mean(values)), number(Math.min(...values)), withUnit(Math.max(...values), action.unit), percent(action.saturated[side]))),
        indented(sentence('{0} moves in a sample: mean {1}, nine in ten below {2}, at most {3}', action.name, number(move), number(p90), withUnit(max, action.unit))),
      ];
    }),
    ...diff.margins.map(({ variable, least }) => marginLine(variable, least[side])),
    ...(diff.support === null ? [] : [indented(sentence('supported by the recordings: {0}', percent(diff.support.share[side])))]),
  ];
}

function predictedLines({ predicted, side }: CardNumbers): Sentence[] {
  if (predicted === null) return [];
  const own = predicted[side];
  return [
    sentence('Predicted over {0} steps, by {1} models from {2} starts:', predicted.steps, predicted.members, predicted.starts),
    indented(sentence('cost per step: {0}', estimateText(own.cost))),
    indented(sentence('return: {0}', estimateText(own.return))),
    ...own.margins.map(({ variable, least }) => marginLine(variable, least)),
  ];
}

function unitsOf(description: SystemDescription | null): Record<string, string> {
  return Object.fromEntries([...(description?.states ?? []), ...(description?.actions ?? [])].map(({ name, unit }) => [name, unit]));
}

function indented(line: Sentence): Sentence {
  return sentence('  {0}', line);
}

function marginLine(variable: string, least: number): Sentence {
  return indented(sentence('{0}: nearest to a bound {1} of their width', variable, percent(least)));
}

function estimateText({ mean: value, spread }: Estimate): Sentence {
  return sentence('{0}, spread {1}', number(value), number(spread));
}

/** What is no number stays so when the card is kept. */
function number(value: number): number | string {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : String(value);
}

function percent(share: number): Sentence {
  return sentence('{0} %', number(100 * share));
}

function withUnit(value: number, unit: string): Sentence {
  return sentence('{0}{1}', number(value), unitText(unit));
}

/** Nothing for a number without a unit, which descriptions call 1. */
function unitText(unit: string): string {
  return unit === '' || unit === '1' ? '' : ` ${unit}`;
}
