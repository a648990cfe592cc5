/** Where values of an axis lie in pixels. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly at: (value: number) => number;
}

/** @param from, to pixels of `min` and `max` */
export function linear(min: number, max: number, from: number, to: number): Scale {
  const width = max - min || 1;
  return { min, max, at: (value) => from + ((value - min) / width) * (to - from) };
}

/** The round step for about so many parts: 1, 2, 2.5 or 5 times a power of ten. */
export function roundStep(width: number, parts: number): number {
  const rough = width / Math.max(1, parts);
  if (!(rough > 1e-300) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
}

/** Round numbers within the axis, at most about so many. */
export function ticks(min: number, max: number, most: number): number[] {
  const step = roundStep(max - min, most);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Decimals that tell multiples of a step apart. */
export function stepDecimals(step: number): number {
  for (let decimals = 0; decimals < 8; decimals++) if (Math.abs(Math.round(step * 10 ** decimals) / 10 ** decimals - step) < step * 1e-6) return decimals;
  return 8;
}
