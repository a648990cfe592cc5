import type { Sentence } from '../sentence/sentence';
import { SpokenError } from '../sentence/spokenError';

/** A place in a text: zero-based line, and zero-based column in UTF-16 units, as editors count. A leading byte order mark is not counted. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Something that is wrong or doubtful in an experiment file. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: cannot run or means nothing; `warning`: legal but doubtful */
  readonly severity: 'error' | 'warning';
  /** what is wrong and what to do, in a sentence */
  readonly message: string;
  readonly range: Range;
  /** an edit that is surely meant; absent where there is no such edit */
  readonly fix?: Fix;
}

export interface Fix {
  readonly title: string;
  /** the text to replace, which may be another than the finding's own */
  readonly range: Range;
  readonly replacement: string;
}

/** Thrown where an experiment file or one of its values cannot be used. */
export class ExperimentError extends SpokenError {
  override readonly name = 'ExperimentError';

  constructor(
    readonly code: FindingCode,
    said: Sentence | string,
    readonly findings: readonly Finding[] = [],
  ) {
    super(said);
  }
}

export type FindingCode = keyof typeof findingCodes;

/** Every code with what it stands for; the documentation lists them. */
export const findingCodes = {
  // the file as text
  'file-unreadable': 'The file cannot be read.',
  'file-too-large': 'The file is larger than 1 MiB, so it is surely not an experiment.',
  'empty-file': 'The file holds no experiment.',
  'yaml-syntax': 'The file is not valid YAML.',
  'yaml-doubtful': 'Valid YAML, but read otherwise than it looks, such as an unknown tag.',
  'nested-too-deeply': 'Lists or mappings are nested deeper than any experiment needs.',
  'too-many-aliases': 'The file has more than 100 aliases.',
  'alias-unresolved': 'An alias names an anchor that is not there before it.',
  'too-many-findings': 'More findings exist than are listed.',
  'foreign-encoding': 'The file is not UTF-8.',
  // the file against the schema
  'unreadable-key': 'A key is not a plain word.',
  'duplicate-key': 'A key occurs twice in one mapping.',
  'unknown-key': 'A key is not part of the format here; often a spelling mistake or a wrong section.',
  'missing-key': 'A required key is missing.',
  'missing-value': 'A key has no value.',
  'wrong-type': 'A value is of another type, such as a text where a number belongs.',
  'not-finite': 'A number is infinite or not a number.',
  'out-of-range': 'A number, or the length of a text, lies outside of what is allowed.',
  'unknown-value': 'A word is not among the allowed ones.',
  'wrong-length': 'A list has too few or too many entries.',
  'duplicate-entry': 'A list names the same thing twice.',
  // what a plant or a program declares
  'setting-not-for-system': 'A setting means nothing for this kind of system.',
  'plant-needs-approval': 'A plant cannot be deployed to without a person.',
  'variable-name': 'A variable has a name that formulas or recordings cannot use.',
  'missing-role': 'There is no state, or no action.',
  'range-order': 'A physical range does not begin below its end, or is too wide or narrow to compute with.',
  'setting-not-for-role': 'A setting of a variable means nothing for its role, or beside a formula.',
  'max-change-unused': 'The largest change of an action is all of its range.',
  'log-floor-outside-range': 'The floor of a logarithm is not below the end of the range.',
  'formula-syntax': 'A formula cannot be read.',
  'reward-immovable': 'The reward reads nothing that a policy can move.',
  'reward-not-formula': 'Rollouts should be rewarded by a formula, but there is none.',
  'column-shared': 'Two things are in the same column of the recordings.',
  'gap-without-time': 'Episodes should be cut at pauses, but the recordings have no time.',
  'gap-below-sampling-time': 'The longest pause within an episode is shorter than the sampling time.',
  // one field against another
  'unknown-behaviour': 'The system has no such scripted policy.',
  'unknown-variable': 'The system has no such variable or action.',
  'not-a-state': 'An action is named where only a state makes sense.',
  'bound-order': 'A lower bound is not below its upper bound, or the two are too far apart or too near to compute with.',
  'bound-outside-range': 'A bound reaches beyond what the variable can be: a warning where they overlap, else an error.',
  'bound-below-steps': 'A step of an action can be over a million times as wide as a constrained bound, so numbers cannot hold it.',
  'bound-not-exact': 'A bound should be constrained, but no formula ties the variable to exactly one action.',
  'bound-immovable': 'A variable is bounded that no action moves: an error where it should be constrained, else a warning.',
  'bound-one-way': 'Every action moves a constrained variable the same way, so it cannot stay within its bounds.',
  'bound-against-max-change': 'An action may change too slowly for a bound to hold from everywhere.',
  'start-outside-bounds': 'Episodes begin where a bound does not hold.',
  'bounds-share-action': 'Two bounded variables follow the same action, so one may be impossible to hold with the other.',
  'percentiles-order': 'The lower percentile is not below the upper one.',
  'weight-count': 'The list of diversity weights has not one weight for each iteration.',
  'pessimism-one-member': 'Pessimism compares members, but each start sees only one.',
  'pessimism-single-model': 'Pessimism compares members, but there is only one.',
  'no-safety': 'No form of safety is in force.',
  'constrain-without-bounds': 'The policies should be constrained, but there are no bounds.',
  'horizon-beyond-recordings': 'Rollouts are longer than any recorded episode.',
  'history-beyond-recordings': 'The history is longer than any recorded episode.',
  'episode-too-short': 'All that models learn from is one episode, too short to train and to check them.',
  'few-evaluations': 'Too few evaluation episodes for a standard error or a worst decile.',
  'more-policies-than-episodes': 'There are more policies than recorded episodes.',
  'diversity-off': 'A diversity measure is named, but all its weights are 0.',
  'diversity-alone': 'Diversity has a weight, but there is only one policy.',
  'replaces-all': 'As many policies are to be replaced as there are.',
  'replacement-unused': 'Policies are to be replaced, but there is no warm start.',
  'replacement-against-diversity': 'Policies are to be replaced by others while diversity is rewarded.',
  'members-unused': 'There are fewer starts than members, so some members are never used.',
  'setpoint-unseen': 'The setpoint varies, but policies or models do not see it.',
  'soft-without-support': 'The threshold of the soft constraint cannot be met, or rests on too few rows.',
  'quantile-unused': 'A quantile is given beside a log density, which takes its place.',
  // the experiment against its recordings
  'constant-column': 'A state has the same value in every row, so nothing can be learned about it.',
  'action-not-excited': 'An action hardly varies in the recordings, so its effect cannot be learned.',
  'bounds-exclude': 'Two constrained variables follow one action and cannot be within both bounds from where episodes begin.',
  'bounds-unvisited': 'The recordings were never, or almost never, within a bound.',
  'recordings-unusable': 'The recordings cannot be read as the experiment says.',
  // a single value that is set from outside
  'path-unknown': 'A dotted path leads nowhere in the file.',
  'path-behind-alias': 'A value that should be set is shared by other places, as through an alias, so the edit would change them too.',
  'value-syntax': 'A value that should be set is not valid YAML.',
} as const;
