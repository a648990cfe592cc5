/**
 * With which earlier policy each new one is compared: its warm-start parent where it has one, else the one whose actions
 * differ least, by the mean of |Δa| in shares of each action's range; ties to the lower index.
 *
 * @param current, earlier  actions of each policy on the same frames, [frames × actions], in units
 * @param ranges  of the actions, in units
 * @param parents index into `earlier` for each new policy, or null
 * @returns index into `earlier` for each new policy
 * @throws RangeError without an earlier policy
 */
export function pairPolicies(
  current: readonly Float64Array[],
  earlier: readonly Float64Array[],
  ranges: readonly (readonly [number, number])[],
  parents: readonly (number | null)[],
): number[] {
  if (earlier.length === 0) throw new RangeError('There is no earlier policy to compare with.');
  return current.map((actions, k) => {
    const parent = parents[k] ?? null;
    if (parent !== null && parent >= 0 && parent < earlier.length) return parent;
    const changes = earlier.map((other) => meanChange(actions, other, ranges));
    return changes.reduce((best, change, i) => (change < changes[best] ? i : best), 0);
  });
}

/** Mean over frames and actions of |a − b|, as a share of the actions' ranges. */
export function meanChange(a: Float64Array, b: Float64Array, ranges: readonly (readonly [number, number])[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const [low, high] = ranges[i % ranges.length];
    sum += Math.abs(a[i] - b[i]) / (high - low);
  }
  return sum / a.length;
}
