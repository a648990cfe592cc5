import type { Network } from './network';

/** Evaluates a network: inputs from `inputOffset` on, outputs to `outputOffset` on. Allocates nothing. */
export type Forward = (input: ArrayLike<number>, inputOffset: number, output: Float64Array, outputOffset: number) => void;

/**
 * Prepares a network for evaluation in float64: y = b + x W, layer by layer, each sum begun with the bias and taken over
 * the inputs in order. The parameters are copied and scratch is allocated here, once; a `Forward` must not be shared
 * between threads.
 */
export function createForward({ sizes, activation, parameters }: Network): Forward {
  // of each layer, the inputs' among them: float64 throughout, so that the sums are compiled for one kind of array
  const values = sizes.map((size) => new Float64Array(size));
  const layers: Float64Array[] = [];
  for (let layer = 1, at = 0; layer < sizes.length; layer++) {
    const count = (sizes[layer - 1] + 1) * sizes[layer];
    layers.push(Float64Array.from(parameters.subarray(at, at + count)));
    at += count;
  }
  const relu = activation === 'relu';

  return (input, inputOffset, output, outputOffset) => {
    const first = values[0];
    for (let i = 0; i < first.length; i++) first[i] = input[inputOffset + i];
    for (let layer = 0; layer < layers.length; layer++) {
      const to = values[layer + 1];
      sumInputs(values[layer], layers[layer], to);
      if (layer === layers.length - 1) break;
      if (relu) for (let o = 0; o < to.length; o++) to[o] = Math.max(0, to[o]);
      else for (let o = 0; o < to.length; o++) to[o] = Math.tanh(to[o]);
    }
    const last = values[layers.length];
    for (let o = 0; o < last.length; o++) output[outputOffset + o] = last[o];
  };
}

/** to = b + from W. @param layer weights [inputs × outputs] row-major, then biases [outputs] */
function sumInputs(from: Float64Array, layer: Float64Array, to: Float64Array): void {
  const inputs = from.length;
  const outputs = to.length;
  const biases = inputs * outputs;
  // eight sums at a time stay in registers; each is still taken in order
  let o = 0;
  for (; o + 8 <= outputs; o += 8) {
    let sum0 = layer[biases + o];
    let sum1 = layer[biases + o + 1];
    let sum2 = layer[biases + o + 2];
    let sum3 = layer[biases + o + 3];
    let sum4 = layer[biases + o + 4];
    let sum5 = layer[biases + o + 5];
    let sum6 = layer[biases + o + 6];
    let sum7 = layer[biases + o + 7];
    for (let i = 0, at = o; i < inputs; i++, at += outputs) {
      const x = from[i];
      sum0 += x * layer[at];
      sum1 += x * layer[at + 1];
      sum2 += x * layer[at + 2];
      sum3 += x * layer[at + 3];
      sum4 += x * layer[at + 4];
      sum5 += x * layer[at + 5];
      sum6 += x * layer[at + 6];
      sum7 += x * layer[at + 7];
    }
    to[o] = sum0;
    to[o + 1] = sum1;
    to[o + 2] = sum2;
    to[o + 3] = sum3;
    to[o + 4] = sum4;
    to[o + 5] = sum5;
    to[o + 6] = sum6;
    to[o + 7] = sum7;
  }
  for (; o < outputs; o++) {
    let sum = layer[biases + o];
    for (let i = 0, at = o; i < inputs; i++, at += outputs) sum += from[i] * layer[at];
    to[o] = sum;
  }
}
