/**
 * The scale of a weight's slider: position 0 is a weight of 0, positions 1 … `lastPosition` go from 0.0001 to 1, each a
 * twentieth of a decade further.
 */
const perDecade = 20;
const firstDecade = -4;
const decades = 4;
export const lastPosition = 1 + perDecade * decades;

/** Weights below which a name stands. */
export const weightTicks = [0.0001, 0.001, 0.01, 0.1, 1] as const;

/** The position next to a weight; 0 for none, and the ends for what lies beyond. */
export function positionOf(weight: number): number {
  if (!(weight > 0)) return 0;
  return Math.min(lastPosition, Math.max(1, Math.round(1 + perDecade * (Math.log10(weight) - firstDecade))));
}

/** Two significant digits, as people type weights. */
export function weightAt(position: number): number {
  if (position < 1) return 0;
  return Number((10 ** (firstDecade + (Math.min(position, lastPosition) - 1) / perDecade)).toPrecision(2));
}
