import { sentence } from '../../../sentence/sentence';
import { percentile } from '../../data/statistics';
import { type HealthSign, percent, signOf } from './sign';
import { healthThresholds as limit } from './thresholds';

/**
 * Recordings that visit no new cells although diversity is weighted and most of the grid is still unknown.
 *
 * @param before, after coverage without and with this iteration’s recordings, 0 … 1
 * @param exploring whether this iteration’s search weighed diversity
 * @returns null where nothing is to be explored
 */
export function coverageStalls(before: number, after: number, exploring: boolean): HealthSign | null {
  if (!exploring) return null;
  const gain = after - before;
  return signOf(
    'coverage-stalls', gain < limit.coverageGain.value && after < limit.coverageEnough.value, { gain, coverage: after },
    gain > 0
      ? sentence('Exploration stalls: this deployment visited only {0} of the cells as new ones, and {1} are still unknown. Raise diversity.weight, deploy more or longer episodes, or stop here if the unknown part does not matter.', percent(gain), percent(1 - after))
      : sentence('Exploration stalls: this deployment visited none of the cells as new ones, and {0} are still unknown. Raise diversity.weight, deploy more or longer episodes, or stop here if the unknown part does not matter.', percent(1 - after)),
  );
}

/**
 * Every bounded variable lies at one of its bounds, most of the time: policies have no freedom left, and the bounds decide.
 *
 * @param frames  deployed ones, without the episodes’ first, [frames × bounded variables], in units
 * @param bounds  of the variables, in their order
 * @returns null without bounds or frames
 */
export function boundsBind(frames: ArrayLike<number>, bounds: readonly (readonly [number, number])[]): HealthSign | null {
  const count = bounds.length === 0 ? 0 : frames.length / bounds.length;
  if (count === 0) return null;
  let pressed = 0;
  for (let frame = 0; frame < count; frame++) {
    pressed += bounds.every(([low, high], i) => {
      const near = limit.boundNear.value * (high - low);
      const value = frames[frame * bounds.length + i];
      return value <= low + near || value >= high - near;
    }) ? 1 : 0;
  }
  const share = pressed / count;
  return signOf(
    'bounds-bind', share >= limit.boundShare.value, { share },
    sentence('In {0} of the deployed steps every bounded variable was at one of its bounds: the bounds decide what happens, not the policies, and the recordings show nothing between them. Widen the bounds if the plant allows it, or give policies more inputs or history.', percent(share)),
  );
}

/**
 * New recordings that repeat the old ones: nine of ten new frames have an old one beside them, in states and in the action taken there.
 *
 * @param distances of each new frame to the nearest old one (`nearestDistances`)
 * @returns null without frames
 */
export function recordingsRedundant(distances: ArrayLike<number>): HealthSign | null {
  if (distances.length === 0) return null;
  const distance = percentile(distances, 90);
  return signOf(
    'recordings-redundant', distance < limit.sameFrame.value, { distance },
    sentence('The new recordings repeat the old ones: nine of ten of their frames lie within {0} of a standard deviation of a recorded one. Models learn little from them. Raise diversity.weight, vary the starts, or stop iterating.', percent(limit.sameFrame.value)),
  );
}

/**
 * Distance of each row to the nearest of others: root mean square over the columns.
 * @param rows, others  [rows × width], dimensionless; others has at least one row
 * @returns [rows]
 */
export function nearestDistances(rows: Float64Array, others: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length / width }, (_, row) => {
    let least = Infinity;
    for (let other = 0; other < others.length; other += width) {
      let sum = 0;
      for (let i = 0; i < width && sum < least; i++) sum += (rows[row * width + i] - others[other + i]) ** 2;
      if (sum < least) least = sum;
    }
    return Math.sqrt(least / width);
  });
}
