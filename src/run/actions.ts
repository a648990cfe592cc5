import type { RunReader } from './reader';
import { countAt, fieldsAt, formatAt, intervalAt, listAt, nullOr, numberAt, parseJson, textAt } from './guards';
import { iterationFiles } from './paths';

/** What the policies of an iteration do with every actuator on recorded frames, in its unit. */
export interface IterationActions {
  readonly iteration: number;
  /** recorded frames that they were asked at */
  readonly frames: number;
  readonly actuators: readonly ActuatorUse[];
}

export interface ActuatorUse {
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  /** largest change from one sample to the next that is allowed; null: none */
  readonly maxChange: number | null;
  readonly policies: readonly PolicyUse[];
}

export interface PolicyUse {
  readonly policy: number;
  /** how far its action is from the recorded one a sample before */
  readonly slew: { readonly mean: number; readonly p90: number; readonly max: number };
  /** share of the frames at an end of the range, 0 … 1 */
  readonly saturated: number;
}

/** Of the latest iteration that says so in its diff.json; null before. @throws RunError when that is missing or damaged */
export function latestActions(reader: RunReader): IterationActions | null {
  for (let iteration = reader.description.iterations; iteration > 0; iteration--) {
    const path = iterationFiles.diff(iteration);
    if (reader.has(path)) return parseActions(reader.readText(path), path);
  }
  return null;
}

function parseActions(text: string, where: string): IterationActions {
  const file = fieldsAt(parseJson(text, where), where);
  formatAt(file, 'ibrl-iteration-diff', where);
  const pairs = listAt(file['pairs'], `${where}: pairs`, (value, at) => {
    const pair = fieldsAt(value, at);
    const diff = fieldsAt(pair['diff'], `${at}.diff`);
    const frames = listAt(fieldsAt(diff['sample'], `${at}.diff.sample`)['row'], `${at}.diff.sample.row`, countAt).length;
    return { policy: countAt(pair['policy'], `${at}.policy`), frames, actions: listAt(diff['actions'], `${at}.diff.actions`, fieldsAt) };
  });
  const [first] = pairs;
  const actuators = (first?.actions ?? []).map((action, index): ActuatorUse => {
    const at = `${where}: pairs[0].diff.actions[${index}]`;
    return {
      name: textAt(action['name'], `${at}.name`),
      unit: textAt(action['unit'], `${at}.unit`),
      range: intervalAt(action['range'], `${at}.range`),
      maxChange: nullOr(numberAt)(action['maxChange'], `${at}.maxChange`),
      policies: pairs.map(({ policy, actions }) => ({ policy, ...useAt(actions[index], `${where}: policy ${policy}, ${index}`) })),
    };
  });
  return { iteration: countAt(file['iteration'], `${where}: iteration`), frames: first?.frames ?? 0, actuators };
}

function useAt(value: unknown, where: string): Pick<PolicyUse, 'slew' | 'saturated'> {
  const action = fieldsAt(value, where);
  const slew = fieldsAt(fieldsAt(action['slew'], `${where}.slew`)['after'], `${where}.slew.after`);
  const number = (name: string): number => numberAt(slew[name], `${where}.slew.after.${name}`);
  return {
    slew: { mean: number('mean'), p90: number('p90'), max: number('max') },
    saturated: numberAt(fieldsAt(action['saturated'], `${where}.saturated`)['after'], `${where}.saturated.after`),
  };
}
