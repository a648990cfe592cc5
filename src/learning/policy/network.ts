/**
 * A dense network. Layers follow one another in `parameters`: weights [inputs × outputs] row-major, then biases
 * [outputs]. Hidden layers apply `activation`, the last one nothing.
 */
export interface Network {
  /** inputs, hidden widths, outputs */
  readonly sizes: readonly number[];
  readonly activation: 'tanh' | 'relu';
  readonly parameters: Float32Array;
}

/** Number of parameters of a network of the given layer sizes. */
export function parameterCount(sizes: readonly number[]): number {
  let count = 0;
  for (let i = 1; i < sizes.length; i++) count += (sizes[i - 1] + 1) * sizes[i];
  return count;
}

/** The parameters of networks of one shape, one after the other. */
export function joinedParameters(networks: readonly Network[]): Float32Array {
  const count = parameterCount(networks[0].sizes);
  const all = new Float32Array(count * networks.length);
  networks.forEach((network, index) => all.set(network.parameters, index * count));
  return all;
}
