import { type AdamSettings, adamNumbers, type GradientNorms } from './engine';
import { parameterCountOf, trainedUnits, unitsOf } from './layout';
import type { Program } from './program';

/** A network's parameters with what Adam keeps of them, [units × parameters] each, in the engine's precision. */
export interface ParameterState<Numbers extends Float32Array | Float64Array> {
  readonly value: Numbers;
  readonly gradient: Numbers;
  readonly firstMoment: Numbers;
  readonly secondMoment: Numbers;
}

/**
 * Adam (arXiv 1412.6980) in plain loops, on gradients scaled down to `clip` unit by unit; a unit whose gradient is not
 * finite is left as it is.
 *
 * @param settings null: the gradients are measured only
 * @returns the gradients' norms before clipping, by trained network and unit
 */
export function optimiseOnHost(program: Program, states: readonly ParameterState<Float32Array | Float64Array>[], settings: AdamSettings | null): number[] {
  const norms: number[] = [];
  program.parameters.forEach((block, index) => {
    if (!block.trainable) return;
    const count = parameterCountOf(block.sizes);
    const { value, gradient, firstMoment, secondMoment } = states[index];
    for (let unit = 0; unit < unitsOf(program, block.extent); unit++) {
      const from = unit * count;
      let squares = 0;
      for (let i = from; i < from + count; i++) squares += gradient[i] * gradient[i];
      const norm = Math.sqrt(squares);
      norms.push(norm);
      if (settings === null || !Number.isFinite(norm)) continue;
      const [rate, beta1, beta2, rest1, rest2, correction1, correction2, epsilon, clip] = adamNumbers(settings, new Array<number>());
      const scale = norm > clip ? clip / norm : 1;
      for (let i = from; i < from + count; i++) {
        const g = gradient[i] * scale;
        firstMoment[i] = beta1 * firstMoment[i] + rest1 * g;
        secondMoment[i] = beta2 * secondMoment[i] + rest2 * g * g;
        value[i] -= (rate * firstMoment[i] * correction1) / (Math.sqrt(secondMoment[i] * correction2) + epsilon);
      }
    }
  });
  return norms;
}

/** What `optimiseOnHost` returned, as an execution tells it. @param into what is filled; left out: made */
export function gradientNormsOf(program: Program, norms: readonly number[], into: GradientNorms = { norm: new Float64Array(trainedUnits(program)), finite: [] }): GradientNorms {
  norms.forEach((norm, unit) => {
    into.norm[unit] = norm;
    into.finite[unit] = Number.isFinite(norm);
  });
  return into;
}
