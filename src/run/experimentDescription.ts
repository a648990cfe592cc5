import { sentence } from '../sentence/sentence';
import { choiceAt, countAt, fieldsAt, formatAt, listAt, nullOr, numberAt, parseJson, textAt } from './guards';
import { RunError } from './runError';

/** `ibrl describe FILE --json`: an experiment's variables, and how the batch that it begins with is distributed. */
export interface ExperimentDescription {
  readonly format: 'ibrl-description';
  readonly version: 1;
  /** the experiment's name */
  readonly name: string;
  /** kind of the system */
  readonly system: string;
  /** of the first batch; null where only a run makes it: of a simulator program */
  readonly batch: {
    readonly episodes: number;
    /** frames: transitions + episodes */
    readonly rows: number;
    readonly transitions: number;
    /** transitions of the longest episode */
    readonly longestEpisode: number;
  } | null;
  /** states, then disturbances, then actions */
  readonly variables: readonly DescribedVariable[];
}

export interface DescribedVariable {
  readonly name: string;
  readonly role: 'state' | 'exogenous' | 'action';
  readonly unit: string;
  /** the physical range */
  readonly range: readonly [number, number];
  /** of an action, from sample to sample; null: any, or no action */
  readonly maxChange: number | null;
  /** as the experiment sets them, percentiles resolved on the batch; null: none, or not known without it */
  readonly bounds: readonly [number, number] | null;
  /** null without a batch */
  readonly recorded: RecordedDistribution | null;
}

/** In the variable's unit. */
export interface RecordedDistribution {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly p5: number;
  readonly p95: number;
  /** rows in equal bins from minimum to maximum; a single one where all values are equal */
  readonly counts: readonly number[];
}

const mostVariables = 10_000;
const mostBins = 1000;

/** What `ibrl describe --json` printed. @throws RunError invalid-file */
export function parseExperimentDescription(text: string, where = 'the description'): ExperimentDescription {
  const file = fieldsAt(parseJson(text, where), where);
  return {
    ...formatAt(file, 'ibrl-description', where),
    name: textAt(file['name'], `${where}: name`),
    system: textAt(file['system'], `${where}: system`),
    batch: nullOr(batchAt)(file['batch'], `${where}: batch`),
    variables: listAt(file['variables'], `${where}: variables`, variableAt, mostVariables),
  };
}

function batchAt(value: unknown, where: string): NonNullable<ExperimentDescription['batch']> {
  const batch = fieldsAt(value, where);
  const count = (name: 'episodes' | 'rows' | 'transitions' | 'longestEpisode'): number => countAt(batch[name], `${where}.${name}`);
  return { episodes: count('episodes'), rows: count('rows'), transitions: count('transitions'), longestEpisode: count('longestEpisode') };
}

function variableAt(value: unknown, where: string): DescribedVariable {
  const variable = fieldsAt(value, where);
  return {
    name: textAt(variable['name'], `${where}.name`),
    role: choiceAt(variable['role'], ['state', 'exogenous', 'action'] as const, `${where}.role`),
    unit: textAt(variable['unit'], `${where}.unit`),
    range: intervalAt(variable['range'], `${where}.range`),
    maxChange: nullOr(numberAt)(variable['maxChange'], `${where}.maxChange`),
    bounds: nullOr(intervalAt)(variable['bounds'], `${where}.bounds`),
    recorded: nullOr(distributionAt)(variable['recorded'], `${where}.recorded`),
  };
}

function intervalAt(value: unknown, where: string): readonly [number, number] {
  const list = listAt(value, where, numberAt, 2);
  if (list.length !== 2 || list[0] > list[1]) throw new RunError('invalid-file', sentence('{0} is not [low, high].', where));
  return [list[0], list[1]];
}

function distributionAt(value: unknown, where: string): RecordedDistribution {
  const recorded = fieldsAt(value, where);
  const number = (name: 'minimum' | 'maximum' | 'mean' | 'standardDeviation' | 'p5' | 'p95'): number => numberAt(recorded[name], `${where}.${name}`);
  return {
    minimum: number('minimum'), maximum: number('maximum'), mean: number('mean'), standardDeviation: number('standardDeviation'), p5: number('p5'), p95: number('p95'),
    counts: listAt(recorded['counts'], `${where}.counts`, countAt, mostBins),
  };
}
