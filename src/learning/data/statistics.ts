/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Standard deviation of the values themselves: sqrt(Σ (x − mean)² / n), two passes; NaN of nothing.
 * What a scale is made of; an uncertainty uses `standardError`.
 */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(sumOfSquares(values) / values.length);
}

/**
 * Standard error of the mean: sqrt(Σ (x − mean)² / (n − 1) / n). A single value says nothing about its error: 0 then,
 * so that a table never holds NaN.
 */
export function standardError(values: ArrayLike<number>): number {
  const count = values.length;
  if (count < 2) return 0;
  return Math.sqrt(sumOfSquares(values) / (count - 1) / count);
}

/**
 * Percentile by linear interpolation between order statistics (method R-7 of Hyndman and Fan, 1996, the default of R,
 * NumPy and d3).
 *
 * @param percent 0 … 100
 * @throws RangeError without values or outside 0 … 100
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  return percentileOfSorted(Float64Array.from(values).sort(), percent);
}

/** As `percentile`, of values already sorted ascending. */
export function percentileOfSorted(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) throw new RangeError('A percentile needs at least one value.');
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`A percentile lies between 0 and 100, not at ${percent}.`);
  const position = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(position);
  const low = sorted[below];
  const fraction = position - below;
  return fraction === 0 ? low : low + fraction * (sorted[below + 1] - low);
}

/**
 * p10, the limit of the worst decile: one episode in ten is at least this bad. The bad side of a cost is the high one
 * (its 90th percentile), that of a return the low one (its 10th).
 */
export function worstDecile(values: ArrayLike<number>, kind: 'cost' | 'return'): number {
  return percentile(values, kind === 'cost' ? 90 : 10);
}

/**
 * Mean of one number for each rollout, and how far it may be off:
 *
 *     spread² = (sample variance over members of their means) + (sample variance over starts of their means) / starts
 *
 * What the members of an ensemble disagree on does not shrink with their number, since each may be the wrong one; what
 * the choice of starts leaves open does. With a single member or start that part is not known and counts 0.
 *
 * @param values [members × starts]
 * @throws RangeError when the values are not members × starts
 */
export function ensembleMean(values: ArrayLike<number>, members: number, starts: number): { readonly mean: number; readonly spread: number } {
  if (values.length !== members * starts || values.length === 0) throw new RangeError(`${values.length} values are not those of ${members} members and ${starts} starts.`);
  const ofMembers = new Float64Array(members);
  const ofStarts = new Float64Array(starts);
  for (let member = 0; member < members; member++) {
    for (let start = 0; start < starts; start++) {
      ofMembers[member] += values[member * starts + start] / starts;
      ofStarts[start] += values[member * starts + start] / members;
    }
  }
  return { mean: mean(ofMembers), spread: Math.sqrt(standardError(ofMembers) ** 2 * members + standardError(ofStarts) ** 2) };
}

function sumOfSquares(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return sum;
}
