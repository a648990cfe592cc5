import type { ParameterArray } from './layout';
import type { Program, ValueId } from './program';
import type { InputTables } from './rowTable';

/** Runs programs. Everything is copied in and out; no view of an engine's memory is ever handed out. */
export interface Engine {
  readonly name: 'reference' | 'wasm' | 'native' | 'tfjs';
  /**
   * `portable`: float32, IEEE operations in the program's order, the same bits everywhere; `fused`: the same but for one
   * rounding in each multiply-add; `float32`: a backend's own; `float64`: the oracle's.
   */
  readonly arithmetic: 'portable' | 'fused' | 'float32' | 'float64';
  readonly threads: number;
  /** @param tables rows that the execution keeps, to gather inputs from */
  open(program: Program, tables?: InputTables): Execution;
  dispose(): void;
}

/** What an engine keeps of one program's activations unless it is told otherwise; what is beyond is computed again. */
export const ACTIVATION_BYTES = 2 ** 30;

/** One opened program with its memory. */
export interface Execution {
  readonly program: Program;
  /** @param values of an input, [(members ×) (steps ×) rows × starts] */
  write(input: ValueId, values: ArrayLike<number>): void;
  /**
   * Chooses the rows of the execution's tables that its inputs with tables hold in the runs that follow. Where there is a
   * kernel, it copies them as it runs, on all threads.
   * @param rows [members × starts], the same for all tables
   */
  gather(rows: Int32Array): void;
  /** @param values [units × parameters], units = policies, members or 1 by the block's extent */
  writeParameters(name: string, values: ArrayLike<number>, of?: ParameterArray): void;
  /** Weights of the loss terms, in their order; all 1 at first. */
  writeTermWeights(weights: ArrayLike<number>): void;
  /**
   * `forward`: values and terms; `gradient`: gradients too, summed and measured; `update`: and one step of Adam with the
   * given settings, gradients scaled down to `clip`. A unit whose gradient is not finite is left as it is and reported.
   */
  run(mode: 'forward' | 'gradient'): void;
  run(mode: 'update', settings: AdamSettings): void;
  /** [units × parameters] */
  readParameters(name: string, of?: ParameterArray): Float32Array;
  /**
   * The terms without their weights: [terms × policies × members]; a minimum or a diversity stands at member 0.
   * @param into filled and returned, so that a step leaves nothing to collect
   */
  readTerms(into?: Float64Array): Float64Array;
  /** Of each optimised unit (blocks in their order): the gradient's norm before clipping, and whether it was finite. */
  readGradientNorms(into?: GradientNorms): GradientNorms;
  /** All rows of a series: [policies × members × (past + steps) × rows × starts], oldest first. */
  readSeries(name: string): Float32Array;
  /** A prologue's or epilogue's value: [policies × members × rows × starts]. */
  readValue(value: ValueId): Float32Array;
  dispose(): void;
}

export interface GradientNorms {
  readonly norm: Float64Array;
  readonly finite: boolean[];
}

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** number of this step, from 1 */
  readonly step: number;
  /** largest norm of one unit's gradient */
  readonly clip: number;
}

/** Adam's settings as the numbers that an engine reads: lr, β1, β2, 1 − β1, 1 − β2, 1/(1 − β1ⁿ), 1/(1 − β2ⁿ), ε, clip. */
export function adamNumbers<Numbers extends number[] | Float32Array>({ learningRate, beta1, beta2, epsilon, step, clip }: AdamSettings, into: Numbers): Numbers {
  into[0] = learningRate;
  into[1] = beta1;
  into[2] = beta2;
  into[3] = 1 - beta1;
  into[4] = 1 - beta2;
  into[5] = 1 / (1 - powerOf(beta1, step));
  into[6] = 1 / (1 - powerOf(beta2, step));
  into[7] = epsilon;
  into[8] = clip;
  return into;
}

/** How many they are. */
export const ADAM_NUMBERS = 9;

/** base^exponent for whole exponents by squaring: Math.pow differs between JavaScript engines in the last bit. */
function powerOf(base: number, exponent: number): number {
  let result = 1;
  for (let factor = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2), factor *= factor) if (rest % 2 === 1) result *= factor;
  return result;
}
