/** The state of an optimisation between two updates: enough to go on with the same bits, elsewhere and later. */
export interface Snapshot {
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** A number list of a snapshot. @throws RangeError when it is missing */
export function snapshotNumbers(snapshot: Snapshot, name: string): readonly number[] {
  const numbers = snapshot.numbers[name];
  if (numbers === undefined) throw new RangeError(`The checkpoint has no “${name}”: it was made by another version. Start the run again.`);
  return numbers;
}

/** An array of a snapshot. @throws RangeError when it is missing or has another length than expected */
export function snapshotArray(snapshot: Snapshot, name: string, length: number): Float32Array {
  const array = snapshot.arrays[name];
  if (array?.length !== length) throw new RangeError(`The checkpoint's “${name}” has ${array?.length ?? 'no'} numbers, not ${length}: it was made for another experiment. Start the run again.`);
  return array;
}

/** Learning rate that falls from `rate` to 0 along half a cosine. @param share of the updates done, 0 … 1 */
export function cosineRate(rate: number, share: number): number {
  return rate * 0.5 * (1 + cosinePi(Math.min(1, Math.max(0, share))));
}

/**
 * cos(π x) for x in [0, 1] from sin by its series around the nearest zero or end: Math.cos differs between JavaScript
 * engines in the last bit, and the learning rate is part of the result.
 */
function cosinePi(x: number): number {
  if (x > 0.5) return -cosinePi(1 - x);
  const y = (Math.PI * x) ** 2;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 12; n++) {
    term *= -y / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}
