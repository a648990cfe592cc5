import type { RecordedVariable } from '../../src/messages/designer';
import { t } from '../shared/text';
import { type Interval, roundTo, stepOf } from './axis';
import { inUnit, measured } from './numbers';

/** What recordings say against a bound: beyond them the models would have to guess. */
export interface Hint {
  /** of the bound */
  readonly path: string;
  /** which end it is about */
  readonly end: 'low' | 'high';
  readonly message: string;
  /** the end of the recordings, one step outwards */
  readonly suggested: number;
  /** the bound's present end; the hint goes for good once that is kept */
  readonly kept: number;
}

/**
 * Hints for one bound, of which each end may lie beyond what was recorded by more than a step of its slider.
 * @param physical the variable's range
 * @param sampled the values are only some of those that were recorded
 */
export function boundHints(name: string, unit: string, physical: Interval, [low, high]: Interval, { minimum, maximum }: Pick<RecordedVariable, 'minimum' | 'maximum'>, sampled: boolean): Hint[] {
  const step = stepOf(physical);
  const hints: Hint[] = [];
  const path = `bounds.${name}`;
  // a bound that the recordings never touch is for the validator to say
  if (maximum < low || minimum > high) return hints;
  if (minimum - low > step) {
    hints.push({ path, end: 'low', message: below(inUnit(measured(minimum), unit), inUnit(measured(low), unit), sampled), suggested: outward(minimum, step, -1), kept: low });
  }
  if (high - maximum > step) {
    hints.push({ path, end: 'high', message: above(inUnit(measured(maximum), unit), inUnit(measured(high), unit), sampled), suggested: outward(maximum, step, 1), kept: high });
  }
  return hints;
}

/** By which a hint is remembered as dealt with. */
export function hintKey({ path, end, kept }: Hint): string {
  return `${path} ${end} ${kept}`;
}

function below(least: string, low: string, sampled: boolean): string {
  if (sampled) return t('The sampled recordings begin at {0}. Down to {1} the models would have to guess.', least, low);
  return t('Recordings begin at {0}. Down to {1} the models would have to guess.', least, low);
}

function above(largest: string, high: string, sampled: boolean): string {
  if (sampled) return t('The sampled recordings end at {0}. Up to {1} the models would have to guess.', largest, high);
  return t('Recordings end at {0}. Up to {1} the models would have to guess.', largest, high);
}

function outward(value: number, step: number, side: -1 | 1): number {
  const near = roundTo(value, step);
  return side * near >= side * value ? near : roundTo(near + side * step, step);
}
