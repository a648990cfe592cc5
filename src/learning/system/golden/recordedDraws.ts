import type { BenchmarkDraws } from '../benchmarkDraws';

/** Names of the draws in reference data. */
export const drawNames = [
  'seq_len',
  'seq_r',
  'seq_z',
  'flip_u',
  'e_g',
  'e_v',
  'u_g',
  'u_v',
  'b_g',
  'b_v',
  'n_alpha',
  'n_c',
] as const;

type DrawName = (typeof drawNames)[number];

/**
 * Hands out the draws of one step after another, and notices draws that the reference did not make.
 */
export class RecordedDraws implements BenchmarkDraws {
  private available = new Map<DrawName, number>();
  private readonly used = new Set<DrawName>();
  private readonly absent: DrawName[] = [];

  /** Loads the draws of the next step; a draw that the reference did not make is left out or NaN. */
  load(draws: (name: DrawName) => number | undefined): void {
    this.available = new Map();
    this.used.clear();
    this.absent.length = 0;
    for (const name of drawNames) {
      const value = draws(name);
      if (value !== undefined && !Number.isNaN(value)) this.available.set(name, value);
    }
  }

  /** Draws of this step that were taken although the reference did not make them. */
  get unrecorded(): readonly DrawName[] {
    return this.absent;
  }

  /** Draws that the reference made in this step and nobody took. */
  get untaken(): DrawName[] {
    return [...this.available.keys()].filter((name) => !this.used.has(name));
  }

  sequenceLength(): number {
    return this.take('seq_len');
  }

  sequenceSlope(): number {
    return this.take('seq_r');
  }

  sequenceRest(): number {
    return this.take('seq_z');
  }

  sequenceTurn(): number {
    return this.take('flip_u');
  }

  gainExponential(): number {
    return this.take('e_g');
  }

  velocityExponential(): number {
    return this.take('e_v');
  }

  gainUniform(): number {
    return this.take('u_g');
  }

  velocityUniform(): number {
    return this.take('u_v');
  }

  gainBernoulli(): number {
    return this.take('b_g');
  }

  velocityBernoulli(): number {
    return this.take('b_v');
  }

  saturatedFatigue(): number {
    return this.take('n_alpha');
  }

  consumptionNoise(): number {
    return this.take('n_c');
  }

  private take(name: DrawName): number {
    const value = this.available.get(name);
    if (value === undefined || this.used.has(name)) this.absent.push(name);
    this.used.add(name);
    return value ?? Number.NaN;
  }
}
