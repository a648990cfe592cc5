import type { ActionVariable, StateVariable, SystemDescription } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import type { Batch } from './batch';
import { stateColumn } from './batch';
import { DataError } from './dataError';
import { mean, standardDeviation } from './statistics';

/**
 * How a variable is brought to a dimensionless number, fixed for the whole run: z = (T(x) − middle) / unit with
 * T(x) = ln(max(x, logFloor)) or x. Bounded variables: middle of the bounds, unit = width / √12.
 */
export interface VariableScale {
  readonly name: string;
  readonly middle: number;
  readonly unit: number;
  readonly logFloor: number | null;
}

/** Every scale of a run, fitted once to the first batch and then frozen. */
export interface Scales {
  /** of the states, in the description's order */
  readonly states: readonly VariableScale[];
  /** of a state's change from one sample to the next, T(x′) − T(x): middle 0, so that "no change" stays 0 */
  readonly changes: readonly VariableScale[];
  /** of the actions: their range becomes [−1, 1] */
  readonly actions: readonly VariableScale[];
  /** a reward of this size counts as 1 in the loss */
  readonly reward: number;
}

/** No unit is smaller than this share of the physical width: a narrow first batch must do no harm. */
const SMALLEST_SHARE = 0.05;

/**
 * Fits the scales of a run.
 *
 * - A bounded state: middle and width / √12 of its bounds (the standard deviation of a uniform variable on them).
 * - Any other state: mean and standard deviation over the first batch; the unit is at least 5 % of the physical width.
 * - A change: root mean square over the first batch, at least 5 % of the physical width / √12.
 *
 * All of it after the logarithm, for a variable that has one.
 *
 * @param bounds by state name, in units
 * @param rewardScale null: the system's own, or else that of the recorded rewards
 * @throws DataError `bad-number` for recordings that are not finite, `bad-bounds`, `unknown-column`
 */
export function fitScales(
  description: SystemDescription,
  firstBatch: Batch,
  bounds: Readonly<Record<string, readonly [number, number]>>,
  rewardScale: number | null,
): Scales {
  return {
    states: description.states.map((variable) => {
      const bound = bounds[variable.name];
      if (bound !== undefined) return spanScale(variable, bound[0], bound[1]);
      const values = transformed(firstBatch, variable);
      const smallest = SMALLEST_SHARE * physicalWidth(variable);
      return { name: variable.name, middle: mean(values), unit: positive(Math.max(standardDeviation(values), smallest)), logFloor: variable.logFloor };
    }),
    changes: description.states.map((variable) => {
      const smallest = (SMALLEST_SHARE * physicalWidth(variable)) / Math.sqrt(12);
      return { name: variable.name, middle: 0, unit: positive(Math.max(rootMeanSquareChange(firstBatch, variable), smallest)), logFloor: variable.logFloor };
    }),
    actions: description.actions.map(actionScale),
    reward: rewardScale ?? description.reward.scale ?? recordedRewardScale(firstBatch),
  };
}

/** max(mean |r|, standard deviation of r) over the batch's transitions: what a reward of ordinary size is. 1 where all are 0. */
export function recordedRewardScale(batch: Batch): number {
  const rewards = batch.episodes.flatMap((episode) => [...episode.rewards.subarray(1)]);
  if (rewards.length === 0) return 1;
  return positive(Math.max(mean(rewards.map(Math.abs)), standardDeviation(rewards)));
}

/**
 * The scale of a variable that is spread uniformly from `low` to `high`: also the unit of diversity.
 * @throws DataError `bad-bounds` unless low < high (after the logarithm)
 */
export function spanScale(variable: Pick<StateVariable, 'name' | 'logFloor'>, low: number, high: number): VariableScale {
  const bottom = transform(low, variable.logFloor);
  const top = transform(high, variable.logFloor);
  if (!(bottom < top && Number.isFinite(top - bottom))) {
    throw new DataError('bad-bounds', sentence('The bounds of {0} are [{1}, {2}]: give a lower end below the upper one.', variable.name, low, high));
  }
  return { name: variable.name, middle: bottom + (top - bottom) / 2, unit: (top - bottom) / Math.sqrt(12), logFloor: variable.logFloor };
}

/** An action's range as [−1, 1]. */
export function actionScale(action: Pick<ActionVariable, 'name' | 'range'>): VariableScale {
  const [low, high] = action.range;
  if (!(low < high)) throw new DataError('bad-bounds', sentence('The range of {0} is [{1}, {2}]: give a lower end below the upper one.', action.name, low, high));
  return { name: action.name, middle: low + (high - low) / 2, unit: (high - low) / 2, logFloor: null };
}

/** z = (T(x) − middle) / unit */
export function toScaled(scale: VariableScale, value: number): number {
  return (transform(value, scale.logFloor) - scale.middle) / scale.unit;
}

/** The inverse of `toScaled`; a value below the logarithm's floor comes back as the floor. */
export function fromScaled(scale: VariableScale, scaled: number): number {
  const value = scale.middle + scale.unit * scaled;
  return scale.logFloor === null ? value : Math.exp(value);
}

/** T(x) = ln(max(x, logFloor)), or x without a floor. */
export function transform(value: number, logFloor: number | null): number {
  return logFloor === null ? value : Math.log(Math.max(value, logFloor));
}

function physicalWidth(variable: StateVariable): number {
  const width = transform(variable.range[1], variable.logFloor) - transform(variable.range[0], variable.logFloor);
  return Number.isFinite(width) && width > 0 ? width : 0;
}

/** A variable that never moves and has no physical width still needs a finite unit; any will do, since z is 0. */
function positive(unit: number): number {
  return unit > 0 ? unit : 1;
}

function transformed(batch: Batch, variable: StateVariable): Float64Array {
  const values = stateColumn(batch, columnOf(batch, variable.name));
  if (values.length === 0) throw new DataError('too-few-rows', sentence('The first batch is empty: record at least one episode.'));
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new DataError('bad-number', sentence('{0} is {1} in the recordings: remove or repair that row.', variable.name, values[i]));
    values[i] = transform(values[i], variable.logFloor);
  }
  return values;
}

function rootMeanSquareChange(batch: Batch, variable: StateVariable): number {
  const values = transformed(batch, variable);
  let sum = 0;
  let count = 0;
  let first = 0;
  for (const episode of batch.episodes) {
    for (let row = first + 1; row < first + episode.frames; row++) {
      sum += (values[row] - values[row - 1]) ** 2;
      count++;
    }
    first += episode.frames;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}

function columnOf(batch: Batch, name: string): number {
  const column = batch.stateNames.indexOf(name);
  if (column < 0) throw new DataError('unknown-column', sentence('The recordings have no column {0}; they have {1}.', name, batch.stateNames.join(', ')));
  return column;
}
