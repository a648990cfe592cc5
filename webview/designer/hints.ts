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
 */
export function boundHints(name: string, unit: string, physical: Interval, [low, high]: Interval, { minimum, maximum }: Pick<RecordedVariable, 'minimum' | 'maximum'>): Hint[] {
  const step = stepOf(physical);
  const hints: Hint[] = [];
  const path = `bounds.${name}`;
  // a bound that the recordings never touch is for the validator to say
  if (maximum < low || minimum > high) return hints;
  if (minimum - low > step) {
    hints.push({ path, end: 'low', message: t('Recordings begin at {0}. Down to {1} the models would have to guess.', inUnit(measured(minimum), unit), inUnit(measured(low), unit)), suggested: outward(minimum, step, -1), kept: low });
  }
  if (high - maximum > step) {
    hints.push({ path, end: 'high', message: t('Recordings end at {0}. Up to {1} the models would have to guess.', inUnit(measured(maximum), unit), inUnit(measured(high), unit)), suggested: outward(maximum, step, 1), kept: high });
  }
  return hints;
}

/** By which a hint is remembered as dealt with. */
export function hintKey({ path, end, kept }: Hint): string {
  return `${path} ${end} ${kept}`;
}

function outward(value: number, step: number, side: -1 | 1): number {
  const near = roundTo(value, step);
  return side * near >= side * value ? near : roundTo(near + side * step, step);
}
