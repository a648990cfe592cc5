import type { SystemDescription } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import type { Episode } from '../data/batch';
import { DataError } from '../data/dataError';
import type { VariableScale } from '../data/scaling';
import { spanScale, toScaled } from '../data/scaling';

/** What two rollouts are compared by: states, each in a fixed unit. */
export interface DistanceVariables {
  /** states in a frame */
  readonly stateCount: number;
  /** columns of the compared states */
  readonly columns: readonly number[];
  readonly scales: readonly VariableScale[];
}

/** Identical rollouts would have an infinite gradient without it. */
const SMALLEST_SQUARE = 1e-6;

/**
 * The diversity variables in their unit: width of the bounds, else of the physical range, divided by √12.
 * @throws DataError `unknown-column`, `bad-bounds`
 */
export function distanceVariables(
  description: SystemDescription,
  bounds: Readonly<Record<string, readonly [number, number]>>,
  over: readonly string[],
): DistanceVariables {
  const columns = over.map((name) => {
    const column = description.states.findIndex((variable) => variable.name === name);
    if (column < 0) throw new DataError('unknown-column', sentence('There is no state {0} to compare; there are {1}.', name, description.states.map((variable) => variable.name).join(', ')));
    return column;
  });
  const scales = columns.map((column) => {
    const variable = description.states[column];
    const [low, high] = bounds[variable.name] ?? variable.range;
    return spanScale(variable, low, high);
  });
  return { stateCount: description.states.length, columns, scales };
}

/**
 * Distance of two sequences in dimensionless numbers: sqrt(mean over all entries of (a − b)² + 1e-6), the lock-step
 * Euclidean distance of arXiv 2411.09722 section 3.2 divided by sqrt(steps · variables).
 *
 * @param a, b [steps × variables], scaled, of the same length
 * @throws RangeError when the lengths differ or are 0
 */
export function rolloutDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) throw new RangeError(`Rollouts of ${a.length} and ${b.length} numbers cannot be compared.`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length + SMALLEST_SQUARE);
}

/**
 * Distances of all pairs, each averaged over rollouts from the same starts: d_ij, [K × K], symmetric, 0 on the diagonal.
 * @param rollouts rollouts[k][n]: that of policy k from start n, [steps × variables], scaled
 */
export function distanceMatrix(rollouts: readonly (readonly ArrayLike<number>[])[]): Float64Array {
  const count = rollouts.length;
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      if (rollouts[i].length !== rollouts[j].length || rollouts[i].length === 0) throw new RangeError(`Policies ${i + 1} and ${j + 1} were not run from the same starts.`);
      let sum = 0;
      for (let n = 0; n < rollouts[i].length; n++) sum += rolloutDistance(rollouts[i][n], rollouts[j][n]);
      matrix[i * count + j] = matrix[j * count + i] = sum / rollouts[i].length;
    }
  }
  return matrix;
}

/** As `distanceMatrix`, of recorded episodes: episodes[k][n] is policy k from the seed n. The start itself is not compared. */
export function episodeDistances(variables: DistanceVariables, episodes: readonly (readonly Episode[])[]): Float64Array {
  return distanceMatrix(episodes.map((ofPolicy) => ofPolicy.map((episode) => scaledRollout(variables, episode))));
}

/** The nearest partner of every policy, ties to the lower index; −1 for a policy that is alone. */
export function nearestPartners(matrix: ArrayLike<number>): Int32Array {
  const count = Math.round(Math.sqrt(matrix.length));
  return Int32Array.from({ length: count }, (_, i) => {
    let nearest = -1;
    for (let j = 0; j < count; j++) {
      if (j !== i && (nearest < 0 || matrix[i * count + j] < matrix[i * count + nearest])) nearest = j;
    }
    return nearest;
  });
}

/** MinLSED: mean over i of min over j ≠ i of d_ij; 0 for one policy. */
export function minLsed(matrix: ArrayLike<number>): number {
  const partners = nearestPartners(matrix);
  if (partners.length < 2) return 0;
  return partners.reduce((sum, j, i) => sum + matrix[i * partners.length + j], 0) / partners.length;
}

/** Distance of the closest pair, min over i < j of d_ij; 0 for one policy. */
export function closestPair(matrix: ArrayLike<number>): number {
  const partners = nearestPartners(matrix);
  if (partners.length < 2) return 0;
  return partners.reduce((least, j, i) => Math.min(least, matrix[i * partners.length + j]), Infinity);
}

/** LSED: mean over all pairs of d_ij; 0 for one policy. */
export function meanLsed(matrix: ArrayLike<number>): number {
  const count = Math.round(Math.sqrt(matrix.length));
  if (count < 2) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) sum += matrix[i * count + j];
  }
  return (2 * sum) / (count * (count - 1));
}

function scaledRollout(variables: DistanceVariables, episode: Episode): Float64Array {
  const width = variables.columns.length;
  const out = new Float64Array((episode.frames - 1) * width);
  for (let row = 1; row < episode.frames; row++) {
    for (let i = 0; i < width; i++) out[(row - 1) * width + i] = toScaled(variables.scales[i], episode.states[row * variables.stateCount + variables.columns[i]]);
  }
  return out;
}
