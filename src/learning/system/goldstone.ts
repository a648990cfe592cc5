import { at } from './benchmarkState';

/** sin 15°: written out, since the bits of Math.sin differ between JavaScript engines. */
export const sine15 = 0.2588190451025208;

/** Sine of |direction| · 15° for the directions 0 … 6. */
const sines = [0, sine15, 0.5, Math.SQRT1_2, 0.8660254037844386, 0.9659258262890683, 1];

/**
 * Where the value function's fourth-order polynomial has its minimum, for the directions 0 … 6: the largest root of
 * y³ − y = 2 q s with q = √(2/27), s the sine of the direction.
 */
const minimisers = [
  0.9999999999999999, 1.064138980767423, 1.1153550716504106, 1.1547005383792515, 1.1826274907236072, 1.1993318723919442,
  1.204892996301348,
];

/** q = √(2/27), the strength of the polynomial's odd part. */
const oddness = Math.sqrt(2 / 27);

const deepest = minimisers[6];
/** Makes −1 the best value that any direction offers. */
const normaliser = 2 * deepest * deepest - deepest * deepest * deepest * deepest + 8 * oddness * deepest;

/** Effective shifts of at most this size are safe: they let the direction return to zero. */
const safeZone = sine15 / 2;

/** Quarter of a circle in direction steps. */
const strongest = 6;

/** Directions on a whole circle. */
const circle = 24;

/**
 * One move of the mis-calibration's state machine, in place: domain, response and direction of one row, driven by the
 * effective shift.
 *
 * @param state rows of the benchmark
 * @param row index of the row's first number
 * @param effectiveShift within [−1.5, 1.5], no unit
 */
export function moveGoldstone(state: Float64Array, row: number, effectiveShift: number): void {
  const outside = Math.abs(effectiveShift) > safeZone;
  const side = Math.sign(effectiveShift);
  let domain = state[row + at.domain];
  let response = state[row + at.response];
  let direction = state[row + at.direction];

  if (outside && side !== domain) {
    domain = side;
    response = 1;
  }
  if (!outside) direction -= Math.sign(direction);
  else if (direction !== -strongest * domain) direction += response * side;
  if (Math.abs(direction) >= strongest) {
    response = -1;
    direction = strongest + strongest - ((direction + circle) % circle);
  }
  if (direction === 0 && !outside) {
    domain = 1;
    response = 1;
  }

  state[row + at.domain] = domain;
  state[row + at.response] = response;
  state[row + at.direction] = direction;
}

/**
 * How badly an effective shift fits a direction: F = (y⁴ − 2 y² − 8 q s y) / λ, with y the shift after a radial
 * stretch that puts the best shift of each direction on the polynomial's minimum. −1 is best; F(φ, 0) = 0.
 *
 * @param direction integer in −6 … 6
 * @param effectiveShift within [−1.5, 1.5], no unit
 */
export function goldstoneValue(direction: number, effectiveShift: number): number {
  const index = Math.abs(direction);
  const sine = Math.sign(direction) * sines[index];
  const y = stretch(index, effectiveShift);
  const square = y * y;
  return (square * square - 2 * square - 8 * oddness * sine * y) / normaliser;
}

/** Linear up to the best shift's radius, beyond it a power that keeps 2 where it is. */
function stretch(index: number, effectiveShift: number): number {
  const radius = Math.max(sines[index], sine15);
  const minimiser = minimisers[index];
  const size = Math.abs(effectiveShift);
  if (size <= radius) return (effectiveShift * minimiser) / radius;
  const exponent = (2 - radius) / (2 - minimiser);
  // x ** e by exp and log: the bits of Math.pow differ between JavaScript engines
  const power = Math.exp(exponent * Math.log((size - radius) / (2 - radius)));
  return Math.sign(effectiveShift) * (minimiser + (2 - minimiser) * power);
}
