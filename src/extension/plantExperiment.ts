import { hasOtherMeaning } from '../experiment/rules/variables';
import type { Recording } from './csvSample';

/** What becomes of a column. */
export type ColumnRole = 'state' | 'action' | 'exogenous' | 'time' | 'unused';

/**
 * An experiment on recordings: variables after the columns, ranges around what was recorded, a reward to be
 * written, which begins as keeping the first state where it is on average.
 * @param files names of the recordings, relative to the experiment
 * @param roles by heading; at least one state and one action
 */
export function plantExperiment(name: string, files: readonly string[], recording: Recording, roles: ReadonlyMap<string, ColumnRole>): string {
  const columns = recording.columns.filter(({ heading }) => isVariable(roles.get(heading)));
  const names = variableNames(columns.map(({ heading }) => heading));
  const variables = columns.map(({ heading, low, high }, index) => `  ${names[index]}: { role: ${roles.get(heading)}, range: [${rangeAround(low, high).join(', ')}] }`);
  const renamed = columns.flatMap(({ heading }, index) => (heading === names[index] ? [] : [`    ${names[index]}: ${JSON.stringify(heading)}`]));
  const time = recording.columns.find(({ heading }) => roles.get(heading) === 'time');
  const inputs = columns.flatMap(({ heading }, index) => (roles.get(heading) === 'action' ? [] : [names[index]]));
  const first = columns.findIndex(({ heading }) => roles.get(heading) === 'state');
  const { low, high } = columns[first];
  const middle = Number(((low + high) / 2).toPrecision(3));
  const width = Number((spanOf(low, high) || 1).toPrecision(2));
  return [
    '# A plant that is known by its recordings only. Check ranges and units, and write the reward that you mean.',
    'ibrl: 1',
    `name: ${JSON.stringify(name)}`,
    'seed: 1',
    'iterations: 3',
    '',
    'system:',
    '  kind: plant',
    '',
    '# around what was recorded; add unit: where there is one, and next: where a formula is known',
    'variables:',
    ...variables,
    '',
    'data:',
    `  files: [${files.map((file) => JSON.stringify(file)).join(', ')}]`,
    ...(renamed.length > 0 ? ['  columns:', ...renamed] : []),
    ...(time === undefined ? [] : [`  time: ${JSON.stringify(time.heading)}`]),
    `  samplingTime: ${recording.samplingTime ?? 1}`,
    ...(time === undefined ? [] : [`  episodes: { gap: ${3 * (recording.samplingTime ?? 1)} }`]),
    '',
    `# what is good: here, ${names[first]} near the middle of what was recorded`,
    `reward: -((${names[first]} - ${middle}) / ${width})^2`,
    '',
    'safety:    { soft: { weight: 0.1 } }',
    `policies:  { count: 3, history: 3, inputs: [${inputs.join(', ')}] }`,
    `models:    { members: 4, history: 3, inputs: [${inputs.join(', ')}] }`,
    'search:    { horizon: 30, members: one }',
    'deployment: { approval: manual }',
    '',
  ].join('\n');
}

function isVariable(role: ColumnRole | undefined): boolean {
  return role === 'state' || role === 'action' || role === 'exogenous';
}

/** Headings as formulas can name them, each once. */
function variableNames(headings: readonly string[]): string[] {
  const taken = new Set<string>();
  return headings.map((heading) => {
    const plain = heading.replaceAll(/[^A-Za-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '');
    const stem = (/^[A-Za-z]/.test(plain) ? plain : `v_${plain}`).slice(0, 50);
    let name = stem;
    for (let suffix = 2; taken.has(name) || hasOtherMeaning(name); suffix++) name = `${stem}_${suffix}`;
    taken.add(name);
    return name;
  });
}

/** A tenth of the width more on both sides, in few digits; around what hardly changes, one unit. */
function rangeAround(low: number, high: number): [number, number] {
  const width = spanOf(low, high);
  const margin = width === 0 ? 1 : width / 10;
  const step = 10 ** Math.floor(Math.log10(width || 1) - 1);
  const round = (value: number, way: (value: number) => number): number => Number((way(value / step) * step).toPrecision(9));
  return [round(low - margin, Math.floor), round(high + margin, Math.ceil)];
}

/** 0 where the ends are the same but for rounding. */
function spanOf(low: number, high: number): number {
  const width = high - low;
  return width > 1e-6 * Math.max(1, Math.abs(low), Math.abs(high)) ? width : 0;
}
