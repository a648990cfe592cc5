import kernel from './kernel/forward.c?wasm';
import type { Network } from './network';

/** Evaluates a network: inputs from `inputOffset` on, outputs to `outputOffset` on. Allocates nothing. */
export type Forward = (input: ArrayLike<number>, inputOffset: number, output: Float64Array, outputOffset: number) => void;

/**
 * Prepares a network for evaluation in float64: y = b + x W, layer by layer, each sum begun with the bias and taken over
 * the inputs in order. The parameters are copied and scratch is allocated here, once; a `Forward` must not be shared
 * between threads. Where there are no vectors in WebAssembly, plain code gives the same bits.
 */
export function createForward(network: Network): Forward {
  const module = compiledKernel();
  return module === null ? plainForward(network) : vectorForward(network, module);
}

/** As `createForward`, and what that is held to. */
export function plainForward({ sizes, activation, parameters }: Network): Forward {
  const values = sizes.map((size) => new Float64Array(size));
  const relu = activation === 'relu';
  return (input, inputOffset, output, outputOffset) => {
    for (let i = 0; i < sizes[0]; i++) values[0][i] = input[inputOffset + i];
    for (let layer = 1, at = 0; layer < sizes.length; layer++) {
      const [from, to] = [values[layer - 1], values[layer]];
      const biases = at + from.length * to.length;
      for (let o = 0; o < to.length; o++) {
        let sum = parameters[biases + o];
        for (let i = 0; i < from.length; i++) sum += from[i] * parameters[at + i * to.length + o];
        to[o] = layer === sizes.length - 1 ? sum : relu ? Math.max(0, sum) : Math.tanh(sum);
      }
      at = biases + to.length;
    }
    output.set(values[sizes.length - 1], outputOffset);
  };
}

const PAGE_BYTES = 65536;
/** Behind the kernel's stack, which is a page, and whatever else is its own. */
const START = 2 * PAGE_BYTES;

/** A memory of the network's own: sizes, then the values of all layers, then the parameters. */
function vectorForward({ sizes, activation, parameters }: Network, module: WebAssembly.Module): Forward {
  const outputs = sizes[sizes.length - 1];
  const valuesAt = START + 8 * sizes.length;
  const outputsAt = valuesAt + 8 * sizes.slice(0, -1).reduce((sum, size) => sum + size, 0);
  const parametersAt = outputsAt + 8 * outputs;
  const pages = Math.ceil((parametersAt + 8 * parameters.length) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { forward } = new WebAssembly.Instance(module, { env: { memory } }).exports as { readonly forward: (sizes: number, layers: number, relu: number, values: number, parameters: number) => void };
  new Int32Array(memory.buffer, START).set(sizes);
  new Float64Array(memory.buffer, parametersAt).set(parameters);
  const first = new Float64Array(memory.buffer, valuesAt, sizes[0]);
  const last = new Float64Array(memory.buffer, outputsAt, outputs);
  const layers = sizes.length - 1;
  const relu = activation === 'relu' ? 1 : 0;
  return (input, inputOffset, output, outputOffset) => {
    for (let i = 0; i < first.length; i++) first[i] = input[inputOffset + i];
    forward(START, layers, relu, valuesAt, parametersAt);
    for (let o = 0; o < last.length; o++) output[outputOffset + o] = last[o];
  };
}

/** Compiled when first asked for; null where it cannot be. */
let compiled: WebAssembly.Module | null | undefined;
function compiledKernel(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  try {
    return (compiled = new WebAssembly.Module(kernel));
  } catch {
    return (compiled = null);
  }
}
