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
      // four sums at a time stay in registers; each is still taken in order
      let o = 0;
      for (; o + 4 <= outputs; o += 4) {
        let sum0 = parameters[biases + o];
        let sum1 = parameters[biases + o + 1];
        let sum2 = parameters[biases + o + 2];
        let sum3 = parameters[biases + o + 3];
        for (let i = 0, at = weights + o; i < inputs; i++, at += outputs) {
          const x = from[fromOffset + i];
          sum0 += x * parameters[at];
          sum1 += x * parameters[at + 1];
          sum2 += x * parameters[at + 2];
          sum3 += x * parameters[at + 3];
        }
        to[toOffset + o] = sum0;
        to[toOffset + o + 1] = sum1;
        to[toOffset + o + 2] = sum2;
        to[toOffset + o + 3] = sum3;
      }
      for (; o < outputs; o++) {
        let sum = parameters[biases + o];
        for (let i = 0, at = weights + o; i < inputs; i++, at += outputs) sum += from[fromOffset + i] * parameters[at];
        to[toOffset + o] = sum;
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
