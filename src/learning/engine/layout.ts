import { EngineError } from './engineError';
import type { Extent, InputId, Program, ValueId } from './program';

/** Copies of a tensor with the given extent. */
export function unitsOf(program: Program, extent: Extent): number {
  return extent === 'policy' ? program.policies : extent === 'member' ? program.members : 1;
}

/** How many units of a program are trained. */
export function trainedUnits(program: Program): number {
  return program.parameters.reduce((sum, { trainable, extent }) => sum + (trainable ? unitsOf(program, extent) : 0), 0);
}

/** Parameters of a dense network with the given layer sizes, weights and biases. */
export function parameterCountOf(sizes: readonly number[]): number {
  let count = 0;
  for (let layer = 1; layer < sizes.length; layer++) count += (sizes[layer - 1] + 1) * sizes[layer];
  return count;
}

/** What there is of each parameter of a network; of one that is not trained the value alone. */
export type ParameterArray = 'value' | 'gradient' | 'firstMoment' | 'secondMoment';

/** Index of a network by its name. @throws EngineError `unknown-name`, also for arrays that only a trained network has */
export function parameterIndex(program: Program, name: string, of: ParameterArray): number {
  const index = program.parameters.findIndex((block) => block.name === name);
  if (index < 0) throw new EngineError('unknown-name', `The program has no network “${name}”; it has ${program.parameters.map((block) => `“${block.name}”`).join(', ')}.`);
  if (of !== 'value' && !program.parameters[index].trainable) throw new EngineError('unknown-name', `Network “${name}” is not trained: it has no ${of}.`);
  return index;
}

/** The input behind a value. @throws EngineError `unknown-name` */
export function inputOf(program: Program, value: ValueId): InputId {
  const operation = program.values[value]?.operation;
  if (operation?.kind !== 'input') throw new EngineError('unknown-name', `Value ${value} is not an input.`);
  return operation.input;
}

/** @throws EngineError `unknown-name` unless the value is computed once, in the prologue or epilogue */
export function requireReadable(program: Program, value: ValueId): void {
  const scope = program.values[value]?.scope;
  if (scope !== 'prologue' && scope !== 'epilogue') throw new EngineError('unknown-name', `Value ${value} cannot be read: only those of the prologue and epilogue can.`);
}

/**
 * How the kernel cuts the starts into strips of lanes, batch last. The strip is part of the result's bits, so the
 * program alone decides it: 16 lanes for up to 16 starts, else 32. Of the last one only half is computed where that holds
 * the rest.
 */
export function stripsOf(starts: number): { readonly lanes: number; readonly lastLanes: number; readonly strips: number } {
  const lanes = starts <= 16 ? 16 : 32;
  const strips = Math.ceil(starts / lanes);
  return { lanes, lastLanes: starts - (strips - 1) * lanes <= 16 ? 16 : lanes, strips };
}
