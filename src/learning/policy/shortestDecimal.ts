/**
 * The shortest decimal that gives the same float32 again, as JSON text. Float32 numbers need at most 9 digits; the
 * usual float64 text of one has 17.
 * @throws RangeError when the number is not finite, which JSON cannot say
 */
export function shortestDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written as a number.`);
  return Object.is(value, -0) ? '-0' : String(roundToShortest(value));
}

/** The float64 number with the fewest digits that rounds to the same float32 as `value`. */
export function roundToShortest(value: number): number {
  const target = Math.fround(value);
  // with one digit more the decimal is closer, so what has more than six is known by six; not beside a power of two, where
  // float32 is twice as dense on one side
  const isPower = Number.isInteger(Math.log2(Math.abs(target)));
  for (let digits = isPower || Math.fround(Number(target.toPrecision(6))) === target ? 1 : 7; digits < 9; digits++) {
    const candidate = Number(target.toPrecision(digits));
    if (Math.fround(candidate) === target) return candidate;
  }
  return Number(target.toPrecision(9));
}
