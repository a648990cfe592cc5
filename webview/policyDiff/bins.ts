import { roundStep } from '../series/scale';

/** How often changes of a size occur. */
export interface Bins {
  /** of the first bin; bins are `width` wide and the middle one is centred on 0 */
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
  /** index of the bin around 0: no change to speak of */
  readonly zero: number;
  /** of the axis, symmetric */
  readonly end: number;
}

/** Bins on either side of the one around 0. */
const side = 16;

/**
 * Bins of −end … end, where `end` is round and holds every change of every list.
 * @param all lists that share the axis
 * @param least  the axis reaches at least so far
 */
export function sharedEnd(all: readonly (readonly number[])[], least: number): number {
  const largest = all.reduce((most, values) => values.reduce((size, value) => Math.max(size, Math.abs(value)), most), least);
  const step = roundStep(largest, 4);
  return Math.ceil(largest / step - 1e-9) * step;
}

export function binsOf(changes: readonly number[], end: number): Bins {
  const width = (2 * end) / (2 * side + 1);
  const counts = Array.from({ length: 2 * side + 1 }, () => 0);
  for (const change of changes) counts[Math.min(2 * side, Math.max(0, Math.floor((change + end) / width)))]++;
  return { from: -end, width, counts, zero: side, end };
}

/** The height that a full bar stands for: that of the highest bin but the one around 0, which is cut off there. */
export function fullHeight({ counts, zero }: Bins): number {
  return counts.reduce((most, count, index) => (index === zero ? most : Math.max(most, count)), 1);
}

/** The value below which so large a share of the sizes lies. @param values at least one */
export function sizeQuantile(values: readonly number[], share: number): number {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  return sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))];
}
