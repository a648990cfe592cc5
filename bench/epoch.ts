import type { Engine, Execution } from '../src/learning/engine/engine';
import { parameterCountOf } from '../src/learning/engine/layout';
import type { RowTable } from '../src/learning/engine/rowTable';
import { transitionProgram } from '../src/learning/model/transitionModel';
import { seededUniform } from './uniform';

/** One epoch of fitting a transition model: every full batch of `rows` shuffled rows once, a step of Adam each. */
export interface EpochWorkload {
  readonly kind: 'epoch';
  readonly name: string;
  readonly rows: number;
  readonly batch: number;
  /** of the network: inputs, hidden layers, targets */
  readonly sizes: readonly number[];
}

export const EPOCH: EpochWorkload = { kind: 'epoch', name: 'epoch', rows: 10_000, batch: 256, sizes: [30, 128, 128, 7] };

/** Multiply-adds counted twice: forward, to the weights, and back to the inputs of each layer but the first. */
export function epochOperations({ rows, batch, sizes }: EpochWorkload): number {
  const layers = sizes.slice(1).map((outputs, layer) => sizes[layer] * outputs);
  return Math.floor(rows / batch) * batch * 2 * (3 * layers.reduce((sum, weights) => sum + weights, 0) - layers[0]);
}

/** Its numbers, with a seed: inputs [rows × inputs], targets [rows × targets], the network's parameters, and the rows in the order of the epoch. */
export function epochNumbers({ rows, batch, sizes }: EpochWorkload): { readonly inputs: number[]; readonly targets: number[]; readonly network: number[]; readonly order: number[] } {
  const uniform = seededUniform(2);
  const targetCount = sizes[sizes.length - 1];
  const inputs = Array.from({ length: rows * sizes[0] }, uniform);
  const targets = Array.from({ length: rows * targetCount }, (_, i) => Math.sin(3 * inputs[Math.floor(i / targetCount) * sizes[0] + (i % targetCount)]));
  const network = sizes.slice(1).flatMap((outputs, layer) => [
    ...Array.from({ length: sizes[layer] * outputs }, () => uniform() * Math.sqrt(3 / sizes[layer])),
    ...Array.from({ length: outputs }, () => uniform() * 0.1),
  ]);
  if (network.length !== parameterCountOf(sizes)) throw new RangeError('network');
  const order = Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last--) {
    const other = Math.floor(((uniform() + 1) / 2) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return { inputs, targets, network, order: order.slice(0, Math.floor(rows / batch) * batch) };
}

/** Opens the product's program for a fit. @returns a function that computes an epoch, rows gathered as in a run, and returns the mean loss of its batches */
export function openEpoch(engine: Engine, workload: EpochWorkload): { readonly execution: Execution; readonly step: () => number } {
  const { batch, sizes } = workload;
  const targetCount = sizes[sizes.length - 1];
  const numbers = epochNumbers(workload);
  const scale = { name: 'target', middle: 0, unit: 1, logFloor: null };
  const { program, inputs, targets, weight, network } = transitionProgram(sizes, 1, batch, Array.from({ length: targetCount }, () => ({ name: 'target', predict: 'value' as const, scale })), 0, 'relu');
  const tableOf = (values: readonly number[], width: number): RowTable => ({ numbers: Float32Array.from(values), firsts: Int32Array.from({ length: workload.rows }, (_, row) => row * width), width });
  const execution = engine.open(program, new Map([[inputs, [tableOf(numbers.inputs, sizes[0])]], [targets, [tableOf(numbers.targets, targetCount)]]]));
  execution.writeParameters(network, numbers.network);
  execution.write(weight, new Float32Array(batch).fill(1 / batch));
  const order = Int32Array.from(numbers.order);
  let updates = 0;
  const step = (): number => {
    let loss = 0;
    for (let first = 0; first < order.length; first += batch) {
      execution.gather(order.subarray(first, first + batch));
      execution.run('update', { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clip: 1e9, step: ++updates });
      loss += execution.readTerms()[0];
    }
    return (loss * batch) / order.length;
  };
  return { execution, step };
}
