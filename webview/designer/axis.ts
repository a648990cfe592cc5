/** An interval, low before high, in a variable's unit. */
export type Interval = readonly [number, number];

/** The stretch of a variable that a slider shows. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** whether the physical range goes on beyond an end */
  readonly cutLow: boolean;
  readonly cutHigh: boolean;
  /** at most six, rising */
  readonly ticks: readonly number[];
  /** by which keys move a bound */
  readonly step: number;
}

/** Share of the shown stretch that is left free at either side. */
const padding = 0.12;

/**
 * The stretch around what was recorded and what is bounded; all of the physical range where nothing was recorded, or when
 * `wide`. A bound beyond the physical range is shown too.
 */
export function axisOf(physical: Interval, bound: Interval, recorded: Interval | null, wide: boolean): Axis {
  const whole = hull(physical, bound);
  const step = stepOf(physical);
  if (recorded === null || wide) return { low: whole[0], high: whole[1], cutLow: false, cutHigh: false, ticks: ticksOf(whole), step };
  const wanted = hull(bound, [Math.max(recorded[0], whole[0]), Math.min(recorded[1], whole[1])]);
  const margin = padding * Math.max(wanted[1] - wanted[0], step);
  const nearly = (from: number, to: number): boolean => Math.abs(to - from) < 0.05 * (whole[1] - whole[0]);
  const low = wanted[0] - margin <= whole[0] || nearly(whole[0], wanted[0] - margin) ? whole[0] : roundTo(wanted[0] - margin, step);
  const high = wanted[1] + margin >= whole[1] || nearly(whole[1], wanted[1] + margin) ? whole[1] : roundTo(wanted[1] + margin, step);
  return { low, high, cutLow: low > whole[0], cutHigh: high < whole[1], ticks: ticksOf([low, high]), step };
}

/** A hundredth of a range, rounded to 1, 2 or 5 times a power of ten. */
export function stepOf([low, high]: Interval): number {
  return niceNumber((high - low) / 100);
}

/** The multiple of a step next to a value, without the tail that binary fractions leave. */
export function roundTo(value: number, step: number): number {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return Number((Math.round(value / step) * step).toFixed(Math.min(12, decimals)));
}

/** Where a value lies on the axis, 0 … 1, beyond it at its ends. */
export function shareOf({ low, high }: Pick<Axis, 'low' | 'high'>, value: number): number {
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
}

function hull(a: Interval, b: Interval): Interval {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

function niceNumber(size: number): number {
  if (!(size > 0) || !Number.isFinite(size)) return 1;
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const [digit] = [1, 2, 5, 10].filter((candidate) => candidate * power >= size * (1 - 1e-9));
  return Number(((digit ?? 10) * power).toPrecision(1));
}

function ticksOf([low, high]: Interval): number[] {
  const distance = niceNumber((high - low) / 5);
  const ticks: number[] = [];
  for (let value = Math.ceil(low / distance - 1e-9) * distance; value <= high + 1e-9 * distance && ticks.length < 6; value += distance) ticks.push(roundTo(value, distance));
  return ticks;
}
