import type { BoundConstraint } from './bounds';
import { roundDown, roundUp } from './float32';

/** Share of the width that bounds are narrowed by, at each end, before limits are computed from them. */
export const NARROWING = 1e-6;

/** Fewer float32 numbers than this between two bounds, and only float64 can respect them. */
const FEWEST_FLOAT32 = 16;

/**
 * The bounds that limits are computed on: the original ones narrowed by 1e-6 of their width at each end, then rounded
 * inward to float32.
 *
 * Why this is enough in both arithmetics. Let h be the narrowed upper bound, H the largest float32 not above the
 * original, u = 2⁻²⁴ the unit roundoff. Then h ≤ H − 1e-6 width. A limit a = (h − x)/k carries two rounding errors and
 * k a a third, all relative to |h − x| ≤ width, so the exact x + k a is at most h + 3.1 u width < H. Rounding is
 * monotone and H is a float32, so the rounded x + k a is at most H too. The lower end is its mirror image.
 *
 * An end that the system's physical clip respects by itself is moved out of reach: nothing is gained by limiting there.
 * @param reach largest |gain · action|
 */
export function narrowedBounds(bound: BoundConstraint, reach: number): readonly [number, number] {
  const { low, high, clip } = bound;
  const inner = innerFloat32(low, high);
  const margin = NARROWING * (high - low);
  const narrowedLow = inner === null ? low + margin : roundUp(inner[0] + margin);
  const narrowedHigh = inner === null ? high - margin : roundDown(inner[1] - margin);
  const far = 2 * reach + (high - low);
  return [
    clip !== null && low <= Math.min(clip[0], Math.fround(clip[0])) ? Math.fround(clip[0] - far) : narrowedLow,
    clip !== null && high >= Math.max(clip[1], Math.fround(clip[1])) ? Math.fround(clip[1] + far) : narrowedHigh,
  ];
}

/** The outermost float32 numbers inside the bounds, or null when too few lie between them. */
function innerFloat32(low: number, high: number): readonly [number, number] | null {
  const spacing = 2 ** -23 * Math.max(Math.abs(low), Math.abs(high));
  return high - low > FEWEST_FLOAT32 * spacing ? [roundUp(low), roundDown(high)] : null;
}
