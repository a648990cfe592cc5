/** Numbers in [−1, 1), the same for a seed on every machine: a linear congruential generator. */
export function seededUniform(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
}
