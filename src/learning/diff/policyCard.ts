import type { PolicyDefinition } from '../policy/definition';
import { parameterCount } from '../policy/network';
import type { PolicyDiff } from './policyDiff';

/**
 * A policy as a short text for people, one fact a line, so that two cards can be compared line by line.
 * @param diff what changes against an earlier policy, or null
 */
export function policyCard(definition: PolicyDefinition, diff: PolicyDiff | null = null): string {
  const { network, history, inputs, actions, constraints } = definition;
  const lines = [
    `Network: ${network.sizes.join(' - ')}, ${network.activation}, ${parameterCount(network.sizes)} parameters`,
    `Sees: ${history === 1 ? 'the present frame' : `the last ${history} frames`} of ${inputs.map((input) => input.scale.name).join(', ')}`,
    'Acts on:',
    ...actions.map(({ name, unit, range, maxChange }) => `  ${name}: ${number(range[0])} to ${number(range[1])}${unitText(unit)}${maxChange === null ? '' : `, by at most ${number(maxChange)} a sample`}`),
    constraints.length === 0 ? 'Keeps in bounds: nothing' : 'Keeps in bounds:',
    ...constraints.map(({ variable, action, gain, low, high }) => `  ${variable}: ${number(low)} to ${number(high)}, by ${action} (${number(gain)} per unit)`),
    `Largest weight: ${number(network.parameters.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0))}`,
  ];
  return [...lines, ...(diff === null ? [] : diffLines(diff)), ''].join('\n');
}

function diffLines(diff: PolicyDiff): string[] {
  return [
    `Change over ${diff.sample.row.length} recorded frames:`,
    ...diff.actions.map(
      ({ name, unit, change, saturated }) =>
        `  ${name}: mean ${number(change.mean)}, nine in ten below ${number(change.p90)}, at most ${number(change.max)}${unitText(unit)}; at an end of its range ${percent(saturated.before)} before, ${percent(saturated.after)} after`,
    ),
    ...diff.margins.map(({ variable, least }) => `  ${variable}: nearest to a bound ${percent(least.before)} of the width before, ${percent(least.after)} after`),
    ...(diff.support === null ? [] : [`  supported by the recordings: ${percent(diff.support.share.before)} of the frames before, ${percent(diff.support.share.after)} after`]),
  ];
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
