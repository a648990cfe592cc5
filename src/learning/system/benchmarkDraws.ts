import type { Random } from '../random';

/**
 * The random numbers of the Industrial Benchmark, each drawn exactly where the reference draws it, so that recorded
 * draws can take the generator's place. One step draws the setpoint process (if it varies), then in the order below.
 */
export interface BenchmarkDraws {
  /** a new setpoint sequence: its length, a uniform integer on 1 … 99 */
  sequenceLength(): number;
  /** a new setpoint sequence: its slope, uniform on [0, 1) */
  sequenceSlope(): number;
  /** a new setpoint sequence: below 0.1 the setpoint rests; uniform on [0, 1) */
  sequenceRest(): number;
  /** at the edge of the setpoint's range: above 0.5 the process turns round; uniform on [0, 1) */
  sequenceTurn(): number;
  /** exponential with mean 0.1 */
  gainExponential(): number;
  /** exponential with mean 0.1 */
  velocityExponential(): number;
  /** uniform on [0, 1) */
  gainUniform(): number;
  /** uniform on [0, 1) */
  velocityUniform(): number;
  /** 1 with the given probability, else 0 */
  gainBernoulli(probability: number): number;
  /** 1 with the given probability, else 0 */
  velocityBernoulli(probability: number): number;
  /** normal with mean 2.4 and standard deviation 0.4; drawn only while a latent fatigue is saturated */
  saturatedFatigue(): number;
  /** standard normal */
  consumptionNoise(): number;
}

/**
 * Draws from a seeded generator. Saturated fatigue has a stream of its own: it is drawn for some policies and not for
 * others, and must not shift the noise that policies with the same seed share.
 */
export class RandomDraws implements BenchmarkDraws {
  private readonly noise: Random;
  private readonly saturation: Random;
  private readonly setpoint: Random;

  constructor(random: Random) {
    this.noise = random.fork('noise');
    this.saturation = random.fork('saturation');
    this.setpoint = random.fork('setpoint');
  }

  sequenceLength(): number {
    return 1 + this.setpoint.integer(99);
  }

  sequenceSlope(): number {
    return this.setpoint.next();
  }

  sequenceRest(): number {
    return this.setpoint.next();
  }

  sequenceTurn(): number {
    return this.setpoint.next();
  }

  gainExponential(): number {
    return this.noise.exponential(0.1);
  }

  velocityExponential(): number {
    return this.noise.exponential(0.1);
  }

  gainUniform(): number {
    return this.noise.next();
  }

  velocityUniform(): number {
    return this.noise.next();
  }

  gainBernoulli(probability: number): number {
    return this.noise.next() < probability ? 1 : 0;
  }

  velocityBernoulli(probability: number): number {
    return this.noise.next() < probability ? 1 : 0;
  }

  saturatedFatigue(): number {
    return 2.4 + 0.4 * this.saturation.normal();
  }

  consumptionNoise(): number {
    return this.noise.normal();
  }
}
