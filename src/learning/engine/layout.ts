import { EngineError } from './engine';
import type { Extent, Program } from './program';

/** Copies of a tensor with the given extent. */
export function unitsOf(program: Program, extent: Extent): number {
  return extent === 'policy' ? program.policies : extent === 'member' ? program.members : 1;
}

/** Parameters of a dense network with the given layer sizes, weights and biases. */
export function parameterCountOf(sizes: readonly number[]): number {
  let count = 0;
  for (let layer = 1; layer < sizes.length; layer++) count += (sizes[layer - 1] + 1) * sizes[layer];
  return count;
}

/** Index of a network by its name. @throws EngineError `unknown-name` */
export function parameterIndex(program: Program, name: string): number {
  const index = program.parameters.findIndex((block) => block.name === name);
  if (index < 0) throw new EngineError('unknown-name', `The program has no network “${name}”; it has ${program.parameters.map((block) => `“${block.name}”`).join(', ')}.`);
  return index;
}

/**
 * How the kernel cuts the starts into strips of lanes, batch last. The strip is part of the result's bits, so the
 * program alone decides it: 16 lanes for up to 16 starts, else 32.
 */
export function stripsOf(starts: number): { readonly lanes: number; readonly strips: number } {
  const lanes = starts <= 16 ? 16 : 32;
  return { lanes, strips: Math.ceil(starts / lanes) };
}
