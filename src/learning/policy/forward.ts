import bytes from './kernel/forward.c?wasm';
import type { Network } from './network';

/** Evaluates a network: inputs from `inputOffset` on, outputs to `outputOffset` on. Allocates nothing. */
export type Forward = (input: ArrayLike<number>, inputOffset: number, output: Float64Array, outputOffset: number) => void;

/**
 * Prepares a network for evaluation in float64: y = b + x W, layer by layer, each sum begun with the bias and taken over
 * the inputs in order. The parameters are copied here, once; ask one network about many inputs before the next, since only the
 * last one asked is at hand. Where there are no vectors in WebAssembly, plain code gives the same bits.
 */
export function createForward(network: Network): Forward {
  const kernel = startedKernel();
  return kernel === null ? plainForward(network) : vectorForward(network, kernel);
}

/** As `createForward`, and what that is held to. */
export function plainForward({ sizes, activation, parameters: given }: Network): Forward {
  const parameters = Float64Array.from(given);
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
const MOST_PAGES = 16384;
/** Behind the kernel's stack, which is a page, and whatever else is its own. */
const START = 2 * PAGE_BYTES;

/**
 * The kernel of a thread, with room for one network: sizes, then the values of all layers, then the parameters. An instance
 * for each network would be called through a wrapper of its own; calls of a single one V8 compiles into the caller.
 */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly forward: (sizes: number, layers: number, relu: number, values: number, parameters: number) => void;
  /** parameters of the network that is there */
  holds: Float64Array | null;
}

let kernel: Kernel | null | undefined;

/** @returns null where WebAssembly has no vectors */
function startedKernel(): Kernel | null {
  if (kernel !== undefined) return kernel;
  try {
    const memory = new WebAssembly.Memory({ initial: START / PAGE_BYTES, maximum: MOST_PAGES, shared: true });
    const { forward } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports as Pick<Kernel, 'forward'>;
    return (kernel = { memory, forward, holds: null });
  } catch {
    return (kernel = null);
  }
}

function vectorForward({ sizes, activation, parameters }: Network, kernel: Kernel): Forward {
  const { memory } = kernel;
  const valuesAt = START + 8 * sizes.length;
  const outputsAt = valuesAt + 8 * sizes.slice(0, -1).reduce((sum, size) => sum + size, 0);
  const parametersAt = outputsAt + 8 * sizes[sizes.length - 1];
  const missing = parametersAt + 8 * parameters.length - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES)); // whoever has a part of it keeps that
  const own = Float64Array.from(parameters);
  const first = new Float64Array(memory.buffer, valuesAt, sizes[0]);
  const last = new Float64Array(memory.buffer, outputsAt, sizes[sizes.length - 1]);
  const load = () => {
    new Int32Array(memory.buffer, START).set(sizes);
    new Float64Array(memory.buffer, parametersAt).set(own);
    kernel.holds = own;
  };
  const layers = sizes.length - 1;
  const relu = activation === 'relu' ? 1 : 0;
  return (input, inputOffset, output, outputOffset) => {
    if (kernel.holds !== own) load();
    for (let i = 0; i < first.length; i++) first[i] = input[inputOffset + i];
    kernel.forward(START, layers, relu, valuesAt, parametersAt);
    for (let o = 0; o < last.length; o++) output[outputOffset + o] = last[o];
  };
}
