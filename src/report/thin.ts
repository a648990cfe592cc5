import { finish } from './pieces';

/**
 * Chooses which samples of a series to draw so that no extreme is lost: of each stretch the least and the largest
 * value of every series stay, and so do the first and the last sample.
 *
 * @param series  series of equal length that are drawn over the same axis
 * @param limit   samples to keep at most, roughly; at least 2 × number of series + 2
 * @returns indices, rising
 */
export function thin(series: readonly ArrayLike<number>[], limit: number): number[] {
  return finish(thinPieces(series, limit, Number.POSITIVE_INFINITY));
}

/** As `thin`, piece by piece. @param most numbers looked at in a piece, beyond which no other stretch of a series is begun */
export function* thinPieces(series: readonly ArrayLike<number>[], limit: number, most: number): Generator<void, number[]> {
  const length = series.length === 0 ? 0 : series[0].length;
  if (length <= limit) return Array.from({ length }, (_, index) => index);
  const stretches = Math.max(1, Math.floor((limit - 2) / (2 * series.length)));
  const kept = new Set([0, length - 1]);
  let looked = 0;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches);
    const to = Math.floor(((stretch + 1) * length) / stretches);
    for (const values of series) {
      keepExtremes(values, from, to, kept);
      looked += to - from;
      if (looked < most) continue;
      yield;
      looked = 0;
    }
  }
  return [...kept].sort((a, b) => a - b);
}

/** Of `from` … `to − 1`; the first of equal ones. */
function keepExtremes(values: ArrayLike<number>, from: number, to: number, kept: Set<number>): void {
  let least = from;
  let largest = from;
  let low = values[from];
  let high = low;
  for (let index = from + 1; index < to; index++) {
    const value = values[index];
    if (value < low) {
      low = value;
      least = index;
    }
    if (value > high) {
      high = value;
      largest = index;
    }
  }
  kept.add(least).add(largest);
}
