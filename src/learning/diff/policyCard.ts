import type { ActionVariable, SystemDescription } from '../../experiment/experiment';
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
 * cards shows what changes. It holds no time, path or name.
 * @param numbers null: only what the policy is, nothing of what it does
 */
export function policyCard(subject: CardSubject, numbers: CardNumbers | null = null): string {
  const { kind, network, history, inputs, actions, constraints, units } = subject;
  const lines = [
    kind === 'policy' ? 'Policy' : 'Behaviour policy β, estimated from the recordings: its mean action',
    `Network: ${network.sizes.join(' - ')}, ${network.activation}, ${parameterCount(network.sizes)} parameters`,
    `Sees: ${history === 1 ? 'the present frame' : `the last ${history} frames`} of ${inputs.map(({ scale }) => scale.name + unitText(units[scale.name] ?? '')).join(', ')}`,
    'Acts on:',
    ...actions.map(({ name, unit, range, maxChange }) => `  ${name}: ${number(range[0])} to ${number(range[1])}${unitText(unit)}, ${maxChange === null ? 'as fast as it likes' : `by at most ${number(maxChange)}${unitText(unit)} a sample`}`),
    constraints.length === 0 ? 'Keeps in bounds: nothing' : 'Keeps in bounds:',
    ...constraints.map(({ variable, action, gain, low, high }) => `  ${variable}: ${number(low)} to ${number(high)}${unitText(units[variable] ?? '')}, by ${action} (${number(gain)} per unit)`),
    `Largest weight: ${number(network.parameters.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0))}`,
  ];
  return [...lines, ...(numbers === null ? [] : [...recordedLines(numbers), ...predictedLines(numbers)]), ''].join('\n');
}

function recordedLines({ diff, side }: CardNumbers): string[] {
  return [
    `On ${diff.sample.row.length} recorded frames:`,
    ...diff.actions.flatMap((action) => {
      const values = action[side];
      const { mean: move, p90, max } = action.slew[side];
      return [
        `  ${action.name}: mean ${number(mean(values))}, from ${number(Math.min(...values))} to ${number(Math.max(...values))}${unitText(action.unit)}; at an end of its range in ${percent(action.saturated[side])}`,
        `  ${action.name} moves in a sample: mean ${number(move)}, nine in ten below ${number(p90)}, at most ${number(max)}${unitText(action.unit)}`,
      ];
    }),
    ...diff.margins.map(({ variable, least }) => `  ${variable}: nearest to a bound ${percent(least[side])} of their width`),
    ...(diff.support === null ? [] : [`  supported by the recordings: ${percent(diff.support.share[side])}`]),
  ];
}

function predictedLines({ predicted, side }: CardNumbers): string[] {
  if (predicted === null) return [];
  const own = predicted[side];
  return [
    `Predicted over ${predicted.steps} steps, by ${predicted.members} models from ${predicted.starts} starts:`,
    `  cost per step: ${estimateText(own.cost)}`,
    `  return: ${estimateText(own.return)}`,
    ...own.margins.map(({ variable, least }) => `  ${variable}: nearest to a bound ${percent(least)} of their width`),
  ];
}

function unitsOf(description: SystemDescription | null): Record<string, string> {
  return Object.fromEntries([...(description?.states ?? []), ...(description?.actions ?? [])].map(({ name, unit }) => [name, unit]));
}

function estimateText({ mean: value, spread }: Estimate): string {
  return `${number(value)}, spread ${number(spread)}`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${number(100 * share)} %`;
}

/** Nothing for a number without a unit, which descriptions call 1. */
function unitText(unit: string): string {
  return unit === '' || unit === '1' ? '' : ` ${unit}`;
}
