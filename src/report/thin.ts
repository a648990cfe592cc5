/**
 * Chooses which samples of a series to draw so that no extreme is lost: of each stretch the least and the largest
 * value of every series stay, and so do the first and the last sample.
 *
 * @param series  series of equal length that are drawn over the same axis
 * @param limit   samples to keep at most, roughly; at least 2 × number of series + 2
 * @returns indices, rising
 */
export function thin(series: readonly ArrayLike<number>[], limit: number): number[] {
  const length = series.length === 0 ? 0 : series[0].length;
  if (length <= limit) return Array.from({ length }, (_, index) => index);
  const stretches = Math.max(1, Math.floor((limit - 2) / (2 * series.length)));
  const kept = new Set([0, length - 1]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches);
    const to = Math.floor(((stretch + 1) * length) / stretches);
    for (const values of series) {
      let least = from;
      let largest = from;
      for (let index = from; index < to; index++) {
        if (values[index] < values[least]) least = index;
        if (values[index] > values[largest]) largest = index;
      }
      kept.add(least).add(largest);
    }
  }
  return [...kept].sort((a, b) => a - b);
}
