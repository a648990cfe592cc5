import { type Sentence, sentence } from '../sentence/sentence';
import { choiceAt, countAt, fieldsAt, formatAt, listAt, nullOr, numberAt, parseJson, sentenceAt, textAt } from './guards';
import { RunError } from './runError';

/**
 * How far an iteration's models can be believed. iterations/NNN/reliability.json: on the held-out rows of what they learned
 * from. iterations/NNN/reliability-new.json: on what this iteration's policies recorded, before it was learned. Two files,
 * since a file of a run is written once: a replaced one would be unreadable if the trainer died between its two parts.
 */
export interface ReliabilityFile extends RunReliability {
  readonly format: 'ibrl-reliability';
  readonly version: 1;
  readonly iteration: number;
  readonly on: 'held-out' | 'new';
}

/** Free-running errors of the ensemble with the recorded actions, by horizon and variable. */
export interface RunReliability {
  readonly horizons: readonly ReliabilityHorizon[];
  readonly variables: readonly VariableReliability[];
}

export interface ReliabilityHorizon {
  readonly steps: number;
  /** recorded stretches that were judged; 0: none is long enough */
  readonly windows: number;
  /** why there is no window, in English; null where there are some */
  readonly reason: string | null;
  /** the same, to be said in any language; absent in runs of earlier versions */
  readonly sentence?: Sentence;
}

/** Lists by horizon; null where nothing can be said. Errors are in standard deviations of the variable. */
export interface VariableReliability {
  readonly name: string;
  readonly source: 'learned' | 'known' | 'reward';
  /** judged in its logarithm */
  readonly logarithmic: boolean;
  /** over the recordings that the models learned from, in the (logarithmic) unit; 0: it never changes */
  readonly standardDeviation: number;
  /** root mean square error of the members' mean */
  readonly error: readonly (number | null)[];
  /** of the forecast “stays as it is” */
  readonly naive: readonly (number | null)[];
  /** root mean square of the members' standard deviation */
  readonly spread: readonly (number | null)[];
  /** share of the windows whose truth lies within the members' standard deviation plus the residual spread, 0 … 1 */
  readonly within: readonly (number | null)[];
}

/** One iteration's models, as `show` tells of them. */
export interface IterationReliability {
  readonly iteration: number;
  readonly heldOut: RunReliability;
  /** null before this iteration's policies were deployed */
  readonly new: RunReliability | null;
}

/** reliability.json and reliability-new.json. @throws RunError invalid-file */
export function parseReliability(text: string, where = 'reliability.json'): ReliabilityFile {
  const file = fieldsAt(parseJson(text, where), where);
  const horizons = listAt(file['horizons'], `${where}: horizons`, horizonAt, 100);
  return {
    ...formatAt(file, 'ibrl-reliability', where),
    iteration: countAt(file['iteration'], `${where}: iteration`),
    on: choiceAt(file['on'], ['held-out', 'new'] as const, `${where}: on`),
    horizons,
    variables: listAt(file['variables'], `${where}: variables`, (value, at) => variableAt(value, at, horizons.length), 10_000),
  };
}

function horizonAt(value: unknown, where: string): ReliabilityHorizon {
  const horizon = fieldsAt(value, where);
  return {
    steps: countAt(horizon['steps'], `${where}.steps`),
    windows: countAt(horizon['windows'], `${where}.windows`),
    reason: nullOr(textAt)(horizon['reason'], `${where}.reason`),
    ...(horizon['sentence'] === undefined ? {} : { sentence: sentenceAt(horizon['sentence'], `${where}.sentence`) }),
  };
}

function variableAt(value: unknown, where: string, horizons: number): VariableReliability {
  const variable = fieldsAt(value, where);
  const numbers = (name: 'error' | 'naive' | 'spread' | 'within'): (number | null)[] => {
    const list = listAt(variable[name], `${where}.${name}`, nullOr(numberAt), 100);
    if (list.length !== horizons) throw new RunError('invalid-file', sentence('{0}.{1} has {2} numbers for {3} horizons. The file is damaged or was written by another program.', where, name, list.length, horizons));
    return list;
  };
  return {
    name: textAt(variable['name'], `${where}.name`),
    source: choiceAt(variable['source'], ['learned', 'known', 'reward'] as const, `${where}.source`),
    logarithmic: choiceAt(String(variable['logarithmic']), ['true', 'false'] as const, `${where}.logarithmic`) === 'true',
    standardDeviation: numberAt(variable['standardDeviation'], `${where}.standardDeviation`),
    error: numbers('error'),
    naive: numbers('naive'),
    spread: numbers('spread'),
    within: numbers('within'),
  };
}
