import type { Random } from '../random';

/**
 * Seeds for a number of episodes. The first n seeds are the same for every larger number, so whoever evaluates more
 * episodes keeps the ones already seen, and all policies that are scored with them meet the same noise.
 *
 * @returns [count], 32-bit integers
 */
export function episodeSeeds(random: Random, count: number): Int32Array {
  const seeds = new Int32Array(count);
  for (let i = 0; i < count; i++) seeds[i] = random.integer(0x100000000) | 0;
  return seeds;
}
