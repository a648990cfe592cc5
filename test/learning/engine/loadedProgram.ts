import type { Execution } from '../../../src/learning/engine/engine';
import { parameterCountOf, unitsOf } from '../../../src/learning/engine/layout';
import type { Program, ValueId } from '../../../src/learning/engine/program';
import { Random } from '../../../src/learning/random';

export interface LoadedProgram {
  readonly program: Program;
  readonly termWeights: readonly number[];
  /** Writes the same numbers into any engine's execution. */
  readonly load: (execution: Execution) => void;
}

/**
 * A program with seeded numbers of order one in all inputs, networks and weights of terms. Inputs that weigh a term are
 * named `weight…` and hold positive numbers that sum to about one.
 */
export function loadedProgram(program: Program, seed: number): LoadedProgram {
  const numbers = new Random(seed).fork('numbers');
  const noise = (count: number, size: number) => Float32Array.from({ length: count }, () => size * numbers.normal());
  const { members, starts, steps } = program;
  const inputs = new Map<ValueId, Float32Array>();
  for (const { id, operation } of program.values) {
    if (operation.kind !== 'input') continue;
    const { name, rows, extent, perStep } = program.inputs[operation.input];
    const count = (extent === 'member' ? members : 1) * (perStep ? steps : 1) * rows * starts;
    inputs.set(id, name.startsWith('weight') ? Float32Array.from({ length: count }, () => numbers.uniform(0.5, 1.5) / starts / members) : noise(count, 1));
  }
  const parameters = program.parameters.map(({ name, sizes, extent }) => ({ name, values: noise(unitsOf(program, extent) * parameterCountOf(sizes), 0.5) }));
  const termWeights = program.terms.map(() => Math.fround(numbers.uniform(0.5, 1.5)));
  return {
    program,
    termWeights,
    load(execution) {
      for (const [id, values] of inputs) execution.write(id, values);
      for (const { name, values } of parameters) execution.writeParameters(name, values);
      execution.writeTermWeights(termWeights);
    },
  };
}
