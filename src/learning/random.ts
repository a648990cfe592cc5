import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A seeded generator of random numbers. Streams are named: `fork` gives a new one that depends on the seed and the
 * name only, never on how many numbers were drawn before, so a resumed run draws what an uninterrupted one does.
 */
export class Random {
  private readonly generator;
  private spare = Number.NaN;

  constructor(private readonly seed: number) {
    this.generator = xoroshiro128plus(seed | 0);
    for (let i = 0; i < 4; i++) this.generator.next();
  }

  /** An independent stream for the given names. */
  fork(...names: readonly (string | number)[]): Random {
    let hash = 0x811c9dc5 ^ this.seed;
    for (const character of names.join('\u0000') + '\u0001') hash = mix(Math.imul(hash ^ character.charCodeAt(0), 0x01000193));
    return new Random(mix(hash ^ Math.imul(this.seed, 0x9e3779b1)));
  }

  /** Uniform on [0, 1), 53 bits. */
  next(): number {
    const high = this.generator.next() >>> 5;
    const low = this.generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** Uniform on [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Uniform integer on 0 … count − 1. */
  integer(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Standard normal, by the polar method (only sqrt and log, which every JavaScript engine computes alike). */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const r = x * x + y * y;
      if (r >= 1 || r === 0) continue;
      const k = Math.sqrt((-2 * Math.log(r)) / r);
      this.spare = k * y;
      return k * x;
    }
  }

  /** Exponential with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(hash: number): number {
  let h = hash | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
