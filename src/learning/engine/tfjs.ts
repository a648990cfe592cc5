import { sentence } from '../../sentence/sentence';
import type { AdamSettings, Engine, Execution, GradientNorms } from './engine';
import { EngineError } from './engineError';
import { gradientNormsOf, optimiseOnHost, type ParameterState } from './hostOptimiser';
import { gatherOnHost, type InputTables, requireTables } from './rowTable';
import { inputOf, type ParameterArray, parameterCountOf, parameterIndex, requireReadable, unitsOf } from './layout';
import type { Extent, Program, Scope, Value, ValueId } from './program';
import { type Tensor, type TensorFlow, TfjsOperations } from './tfjsOperations';
import { evaluateTerms } from './tfjsTerms';

/**
 * Programs on the TensorFlow.js API, gradients by its own differentiation: a second opinion on the kernel's, and the way
 * to TensorFlow where somebody has it. Its bits are its backend's. One process has one TensorFlow.js and computes on one
 * thread of ours; a backend may use threads of its own.
 */
export class TfjsEngine implements Engine {
  readonly name = 'tfjs';
  readonly arithmetic = 'float32';
  readonly threads = 1;

  private constructor(private readonly tf: TensorFlow, readonly backend: string) {}

  /**
   * @param tf      the API with the backend registered
   * @param backend its name there: cpu, wasm, tensorflow
   * @throws EngineError `unavailable`
   */
  static async create(tf: TensorFlow, backend: string): Promise<TfjsEngine> {
    let started = false;
    try {
      started = await tf.setBackend(backend);
    } catch (cause) {
      throw new EngineError('unavailable', sentence('TensorFlow.js cannot start its backend “{0}”.', backend), { cause });
    }
    if (!started) throw new EngineError('unavailable', sentence('TensorFlow.js cannot start its backend “{0}”.', backend));
    return new TfjsEngine(tf, backend);
  }

  open(program: Program, tables: InputTables = new Map()): TfjsExecution {
    return new TfjsExecution(this.tf, this.backend, program, tables);
  }

  dispose(): void {}
}

export class TfjsExecution implements Execution {
  private readonly operations: TfjsOperations;
  private readonly inputs: { readonly numbers: Float32Array; tensors: Tensor[] | null }[];
  private readonly parameters: ParameterState<Float32Array>[];
  private readonly termWeights: Float32Array;
  private termValues: Float64Array;
  private norms: number[] = [];
  /** What of the last run can be read: series by their times, oldest first, and values. */
  private readonly kept = { series: [] as Tensor[][], values: new Map<ValueId, Tensor>() };

  constructor(private readonly tf: TensorFlow, private readonly backend: string, readonly program: Program, private readonly tables: InputTables) {
    requireTables(program, tables);
    const { policies, members, starts, steps } = program;
    this.operations = new TfjsOperations(tf);
    this.inputs = program.inputs.map(({ extent, perStep, rows }) => ({ numbers: new Float32Array((extent === 'member' ? members : 1) * (perStep ? steps : 1) * rows * starts), tensors: null }));
    this.parameters = program.parameters.map(({ extent, sizes }) => {
      const make = () => new Float32Array(unitsOf(program, extent) * parameterCountOf(sizes));
      return { value: make(), gradient: make(), firstMoment: make(), secondMoment: make() };
    });
    this.termWeights = new Float32Array(program.terms.length).fill(1);
    this.termValues = new Float64Array(program.terms.length * policies * members);
  }

  write(input: ValueId, values: ArrayLike<number>): void {
    const index = inputOf(this.program, input);
    fill(this.inputs[index].numbers, values, `Input “${this.program.inputs[index].name}”`);
    this.forgetInput(index);
  }

  gather(rows: Int32Array): void {
    gatherOnHost(this.program, this.tables, rows, (input, values) => this.write(input, values));
  }

  writeParameters(name: string, values: ArrayLike<number>, of: ParameterArray = 'value'): void {
    fill(this.parameters[parameterIndex(this.program, name, of)][of], values, `Network “${name}”`);
  }

  writeTermWeights(weights: ArrayLike<number>): void {
    fill(this.termWeights, weights, 'The terms’ weights');
  }

  run(mode: 'forward' | 'gradient' | 'update', settings?: AdamSettings): void {
    const { tf, program } = this;
    // of a backend that was started before, this takes effect at once
    if (tf.getBackend() !== this.backend) void tf.setBackend(this.backend);
    this.forgetKept();
    const trained = program.parameters.flatMap(({ trainable }, index) => (trainable ? [index] : []));
    tf.tidy(() => {
      const networks = program.parameters.map(({ extent, sizes }, index) => tf.tensor2d(this.parameters[index].value, [unitsOf(program, extent), parameterCountOf(sizes)]));
      if (mode === 'forward' || trained.length === 0) {
        this.forward(networks);
        return;
      }
      const gradients = tf.grads((...given: Tensor[]) => {
        // the sums, weighed with zero, are a way from the loss to networks that it does not depend on
        const own = networks.map((network, index) => (trained.includes(index) ? given[trained.indexOf(index)] : network));
        return given.reduce<Tensor>((loss, each) => tf.add(loss, tf.mul(tf.sum(each), 0)), this.forward(own));
      })(trained.map((index) => networks[index]));
      trained.forEach((index, i) => this.parameters[index].gradient.set(gradients[i].dataSync()));
    });
    if (mode !== 'forward') this.norms = optimiseOnHost(program, this.parameters, mode === 'update' ? (settings as AdamSettings) : null);
  }

  readParameters(name: string, of: ParameterArray = 'value'): Float32Array {
    return this.parameters[parameterIndex(this.program, name, of)][of].slice();
  }

  readTerms(into = new Float64Array(this.termValues.length)): Float64Array {
    into.set(this.termValues);
    return into;
  }

  readGradientNorms(into?: GradientNorms): GradientNorms {
    return gradientNormsOf(this.program, this.norms, into);
  }

  readSeries(name: string): Float32Array {
    const { policies, members, series, starts, steps } = this.program;
    const index = series.findIndex((each) => each.name === name);
    if (index < 0) throw new EngineError('unknown-name', `The program has no series “${name}”.`);
    const row = series[index].rows * starts;
    const count = series[index].past + steps;
    const result = new Float32Array(policies * members * count * row);
    this.kept.series[index]?.forEach((tensor, time) => {
      const numbers = tensor.dataSync();
      for (let cell = 0; cell < policies * members; cell++) result.set(numbers.subarray(cell * row, (cell + 1) * row), (cell * count + time) * row);
    });
    return result;
  }

  readValue(value: ValueId): Float32Array {
    requireReadable(this.program, value);
    const { policies, members, starts, values } = this.program;
    return Float32Array.from(this.kept.values.get(value)?.dataSync() ?? new Float32Array(policies * members * values[value].rows * starts));
  }

  dispose(): void {
    this.forgetKept();
    this.inputs.forEach((_, index) => this.forgetInput(index));
  }

  /** Values, series and terms, of which what can be read is kept. @returns the loss */
  private forward(networks: readonly Tensor[]): Tensor {
    const { tf, program } = this;
    const { steps, series, values } = program;
    const layers = new Map<string, readonly [weights: Tensor, bias: Tensor]>();
    const lasting = new Map<ValueId, Tensor>();
    const histories: Tensor[][] = series.map(() => []);
    let current = lasting;

    const read = (id: ValueId, step: number): Tensor => {
      const found = current.get(id) ?? lasting.get(id);
      if (found !== undefined) return found;
      const { operation } = values[id];
      // inputs and constants: the rest is there when it is read
      const fixed = operation.kind === 'input' ? this.input(operation.input, step) : this.constant(values[id]);
      (operation.kind === 'input' && program.inputs[operation.input].perStep ? current : lasting).set(id, fixed);
      return fixed;
    };
    const compute = ({ operation, rows }: Value, step: number): Tensor => {
      switch (operation.kind) {
        case 'dense': {
          const key = `${operation.parameters} ${operation.layer}`;
          const layer = layers.get(key) ?? this.layer(networks[operation.parameters], operation.parameters, operation.layer);
          layers.set(key, layer);
          return this.operations.dense(operation.parts.map((part) => read(part, step)), ...layer, operation.activation);
        }
        case 'elementwise': return this.operations.elementwise(operation.operation, operation.operands.map((operand) => read(operand, step)));
        case 'sum-rows': return tf.sum(read(operation.operand, step), 1, true);
        case 'slice': return tf.slice(read(operation.operand, step), [0, operation.from, 0], [-1, rows, -1]);
        case 'concat': return this.operations.concat(operation.operands.map((operand) => read(operand, step)));
        case 'window': return this.operations.concat(histories[operation.series].slice(-operation.frames).reverse());
        default: throw new RangeError(operation.kind);
      }
    };
    const evaluate = (scope: Scope, step: number) => {
      for (const value of values) if (value.scope === scope) current.set(value.id, compute(value, step));
    };

    evaluate('prologue', 0);
    series.forEach(({ initial, past, rows }, index) => {
      for (let frame = past - 1; frame >= 0; frame--) histories[index].push(initial === null ? this.zeros(rows) : tf.slice(read(initial, 0), [0, frame * rows, 0], [-1, rows, -1]));
    });
    for (let step = 0; step < steps; step++) {
      current = new Map();
      evaluate('step', step);
      series.forEach(({ next }, index) => histories[index].push(read(next, step)));
    }
    current = lasting;
    evaluate('epilogue', steps);

    const { values: terms, loss } = evaluateTerms(tf, program, this.termWeights, { value: (id) => read(id, steps), steps: (index) => histories[index].slice(series[index].past) });
    this.termValues = terms;
    this.kept.series = histories.map((rows) => rows.map((row) => tf.keep(row)));
    for (const { id, scope } of values) if (scope === 'prologue' || scope === 'epilogue') this.kept.values.set(id, tf.keep(read(id, steps)));
    return loss;
  }

  /** The weights [cells × inputs × outputs] and the bias [cells × outputs × 1] of a layer. */
  private layer(network: Tensor, index: number, layer: number): readonly [Tensor, Tensor] {
    const { tf } = this;
    const { extent, sizes } = this.program.parameters[index];
    const [inputs, outputs] = sizes.slice(layer, layer + 2);
    const from = parameterCountOf(sizes.slice(0, layer + 1));
    const part = (begin: number, rows: number, columns: number) => this.toCells(tf.slice(network, [0, begin], [-1, rows * columns]), extent, [rows, columns]);
    return [part(from, inputs, outputs), part(from + inputs * outputs, outputs, 1)];
  }

  /** [units × …] with a copy for each cell: [cells × shape]. */
  private toCells(tensor: Tensor, extent: Extent, shape: readonly [number, number]): Tensor {
    const { members, policies } = this.program;
    const [ownPolicies, ownMembers] = [extent === 'policy' ? policies : 1, extent === 'member' ? members : 1];
    const size = shape[0] * shape[1];
    const copies = this.tf.tile(tensor.reshape([ownPolicies, ownMembers, size]), [policies / ownPolicies, members / ownMembers, 1]);
    return copies.reshape([policies * members, ...shape]);
  }

  /** An input in all cells; it stays until it is written again. */
  private input(index: number, step: number): Tensor {
    const { tf, program } = this;
    const { extent, perStep, rows } = program.inputs[index];
    const input = this.inputs[index];
    const count = perStep ? program.steps : 1;
    input.tensors ??= tf.tidy(() => {
      const units = unitsOf(program, extent);
      const all = tf.tensor(input.numbers.slice(), [units, count, rows * program.starts]);
      return Array.from({ length: count }, (_, t) => tf.keep(this.toCells(tf.slice(all, [0, t, 0], [-1, 1, -1]), extent, [rows, program.starts])));
    });
    return input.tensors[perStep ? step : 0];
  }

  private constant({ operation }: Value): Tensor {
    const { policies, members, starts } = this.program;
    const numbers = operation.kind === 'constant' ? operation.values : [];
    return this.tf.tile(this.tf.tensor3d([...numbers], [1, numbers.length, 1]), [policies * members, 1, starts]);
  }

  private zeros(rows: number): Tensor {
    const { policies, members, starts } = this.program;
    return this.tf.zeros([policies * members, rows, starts]);
  }

  private forgetKept(): void {
    for (const rows of this.kept.series) this.tf.dispose(rows);
    this.tf.dispose([...this.kept.values.values()]);
    this.kept.series = [];
    this.kept.values.clear();
  }

  private forgetInput(index: number): void {
    this.tf.dispose(this.inputs[index].tensors ?? []);
    this.inputs[index].tensors = null;
  }
}

function fill(target: Float32Array, values: ArrayLike<number>, what: string): void {
  if (values.length !== target.length) throw new EngineError('wrong-length', `${what} takes ${target.length} numbers, not ${values.length}.`);
  target.set(values);
}
