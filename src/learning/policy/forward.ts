import type { Network } from './network';

/** Evaluates a network: inputs from `inputOffset` on, outputs to `outputOffset` on. Allocates nothing. */
export type Forward = (input: ArrayLike<number>, inputOffset: number, output: Float64Array, outputOffset: number) => void;

/**
 * Prepares a network for evaluation in float64: y = b + x W, layer by layer, each sum begun with the bias and taken over
 * the inputs in order. Scratch is allocated here, once; a `Forward` must not be shared between threads.
 */
export function createForward(network: Network): Forward {
  const { sizes, activation, parameters } = network;
  const layers = sizes.length - 1;
  // the hidden layers' values, one buffer for each
  const hidden = sizes.slice(1, -1).map((size) => new Float64Array(size));
  const relu = activation === 'relu';

  return (input, inputOffset, output, outputOffset) => {
    let from = input;
    let fromOffset = inputOffset;
    let weights = 0;
    for (let layer = 0; layer < layers; layer++) {
      const inputs = sizes[layer];
      const outputs = sizes[layer + 1];
      const last = layer === layers - 1;
      const to = last ? output : hidden[layer];
      const toOffset = last ? outputOffset : 0;
      const biases = weights + inputs * outputs;
      for (let o = 0; o < outputs; o++) to[toOffset + o] = parameters[biases + o];
      for (let i = 0; i < inputs; i++) {
        const x = from[fromOffset + i];
        const row = weights + i * outputs;
        for (let o = 0; o < outputs; o++) to[toOffset + o] += x * parameters[row + o];
      }
      if (!last) {
        for (let o = 0; o < outputs; o++) to[o] = relu ? Math.max(0, to[o]) : Math.tanh(to[o]);
      }
      from = to;
      fromOffset = toOffset;
      weights = biases + outputs;
    }
  };
}
