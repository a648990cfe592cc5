import { mersenne } from 'pure-rand/generator/mersenne';
import type { BenchmarkDraws } from './benchmarkDraws';

/**
 * The draws of the benchmark's Python reference for the same seed: NumPy's legacy generator, an MT19937 with the
 * 1812433253 initialisation, and its legacy distributions.
 */
export class NumpyRandom implements BenchmarkDraws {
  private readonly generator;
  private spare = Number.NaN;

  /** @param seed 32-bit integer, as given to `numpy.random.seed` */
  constructor(seed: number) {
    this.generator = mersenne(seed | 0);
  }

  /** Uniform on [0, 1), 53 bits: `numpy.random.random_sample`. */
  uniform(): number {
    const high = this.generator.next() >>> 5;
    const low = this.generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** Standard normal, polar method; the second number of a pair is kept for the next call. */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const k = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = k * x;
      return k * y;
    }
  }

  sequenceLength(): number {
    for (;;) {
      const drawn = this.generator.next() & 127;
      if (drawn <= 98) return drawn + 1;
    }
  }

  sequenceSlope(): number {
    return this.uniform();
  }

  sequenceRest(): number {
    return this.uniform();
  }

  sequenceTurn(): number {
    return this.uniform();
  }

  gainExponential(): number {
    return -0.1 * Math.log(1 - this.uniform());
  }

  velocityExponential(): number {
    return -0.1 * Math.log(1 - this.uniform());
  }

  gainUniform(): number {
    return this.uniform();
  }

  velocityUniform(): number {
    return this.uniform();
  }

  gainBernoulli(probability: number): number {
    return this.bernoulli(probability);
  }

  velocityBernoulli(probability: number): number {
    return this.bernoulli(probability);
  }

  saturatedFatigue(): number {
    return 2.4 + 0.4 * this.normal();
  }

  consumptionNoise(): number {
    return this.normal();
  }

  /** NumPy compares on the side that makes the rarer outcome the upper tail. */
  private bernoulli(probability: number): number {
    const uniform = this.uniform();
    if (probability <= 0.5) return uniform > 1 - probability ? 1 : 0;
    return uniform <= probability ? 1 : 0;
  }
}
