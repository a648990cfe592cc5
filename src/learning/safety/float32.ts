/** The smallest float32 that is not below `value`. */
export function roundUp(value: number): number {
  return -roundDown(-value);
}

/** The largest float32 that is not above `value`. */
export function roundDown(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : neighbourBelow(nearest);
}

/** The next float32 below one: its bits, read as an integer, are one less, or one more for a negative number. */
function neighbourBelow(value: number): number {
  if (value === 0) return -(2 ** -149);
  const float32 = new Float32Array([value]);
  new Int32Array(float32.buffer)[0] += value > 0 ? -1 : 1;
  return float32[0];
}

/** The float32 next to a value that is within the bounds if the value is, and outside if it is outside; as far as float32 numbers can tell. */
export function roundOnItsSide(value: number, [low, high]: readonly [number, number]): number {
  const nearest = Math.fround(value);
  if (value < low === nearest < low && value > high === nearest > high) return nearest;
  return nearest < value ? roundUp(value) : roundDown(value);
}
