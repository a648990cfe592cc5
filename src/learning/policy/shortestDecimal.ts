/**
 * The shortest decimal that gives the same float32 again, as JSON text. Float32 numbers need at most 9 digits; the
 * usual float64 text of one has 17.
 * @throws RangeError when the number is not finite, which JSON cannot say
 */
export function shortestDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written as a number.`);
  return Object.is(value, -0) ? '-0' : String(roundToShortest(value));
}

/** Exact powers of ten, with which a float32 multiplies exactly: 24 bits by at most 28. */
const TENS = Float64Array.of(1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12);
/** Between these, nine digits end within `TENS` places, and what has none behind the point is a float32 itself. */
const [SMALLEST, LARGEST] = [1e-4, 2 ** 24];

/** The float64 number with the fewest digits that rounds to the same float32 as `value`. */
export function roundToShortest(value: number): number {
  const target = Math.fround(value);
  const size = Math.abs(target);
  if (!(size >= SMALLEST && size < LARGEST)) return roundByText(target);
  if (Number.isInteger(size)) return target;
  // places of the first decimal tried: one digit, or none behind the point
  let places = 0;
  while (size * TENS[places] < 1) places++;
  let most = 8 + places;
  for (let whole = 10; whole <= size; whole *= 10) most--;
  // the text of a decimal is this quotient: both numbers are exact, and a division rounds as reading a text does
  for (; places < most; places++) {
    const candidate = Math.round(size * TENS[places]) / TENS[places];
    if (Math.fround(candidate) === size) return target < 0 ? -candidate : candidate;
  }
  const closest = Math.round(size * TENS[most]) / TENS[most];
  return target < 0 ? -closest : closest;
}

function roundByText(target: number): number {
  // with one digit more the decimal is closer, so what has more than six is known by six; not beside a power of two, where
  // float32 is twice as dense on one side
  const isPower = Number.isInteger(Math.log2(Math.abs(target)));
  for (let digits = isPower || Math.fround(Number(target.toPrecision(6))) === target ? 1 : 7; digits < 9; digits++) {
    const candidate = Number(target.toPrecision(digits));
    if (Math.fround(candidate) === target) return candidate;
  }
  return Number(target.toPrecision(9));
}
