import { type IterationActions, latestActions } from '../run/actions';
import type { RunReader } from '../run/reader';
import { number, percent } from './diffText';
import { table } from './output';

/** As `latestActions`; what cannot be read of them is a sentence, since all else can be shown. */
export function readableActions(reader: RunReader): IterationActions | string | null {
  try {
    return latestActions(reader);
  } catch (error) {
    return `What the policies do with the actuators is left out. ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What the latest policies do with each actuator: unit, range and largest change beside how fast they move it. */
export function describeActions({ iteration, frames, actuators }: IterationActions): string {
  const rows = actuators.flatMap(({ name, unit, range, maxChange, policies }) => policies.map(({ policy, slew, saturated }) => [
    `${name}, policy ${policy}`, unit, `${number(range[0])} to ${number(range[1])}`, maxChange === null ? 'any' : number(maxChange),
    number(slew.mean), number(slew.p90), number(slew.max), percent(saturated),
  ]));
  const headings = ['', 'unit', 'range', 'most a sample', 'moves in a sample: mean', 'nine in ten below', 'at most', 'at an end of the range'];
  return `Actions of iteration ${iteration}, on ${frames} recorded frames; moves are from the recorded action a sample before\n${table(headings, rows)}`;
}
