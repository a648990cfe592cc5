/** Why nobody can compute with an interval, or keep to it with float32: between its ends there are fewer than 16 of them. */
export function widthProblem(low: number, high: number): 'order' | 'wide' | 'narrow' | null {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return low >= high ? 'order' : size > 1e30 ? 'wide' : high - low <= Math.max(1e-30, 2e-6 * size) ? 'narrow' : null;
}

/** The longest step of a variable that follows an action, |gain · action|, in the variable's unit. */
export function longestStep(gain: number, [low, high]: readonly [number, number]): number {
  return Math.abs(gain) * Math.max(Math.abs(low), Math.abs(high));
}

/** Whether a step can be over a million times as wide as the bounds: the last bit of a float32 action alone is then as much as they leave room for. */
export function isBelowSteps(low: number, high: number, step: number): boolean {
  return step > 2 ** 20 * (high - low);
}
