import type { AdamSettings, Engine, Execution, GradientNorms } from './engine';
import { EngineError } from './engineError';
import { gradientFlow } from './gradientFlow';
import { gradientNormsOf, optimiseOnHost, type ParameterState } from './hostOptimiser';
import { adjoint, evaluate } from './referenceOperations';
import { type Cell, evaluateTerms } from './referenceTerms';
import type { Operation, Program, Scope, Value, ValueId } from './program';
import { gatherOnHost, type InputTables, requireTables } from './rowTable';
import { inputOf, type ParameterArray, parameterCountOf, parameterIndex, requireReadable, unitsOf } from './layout';

/**
 * The oracle: plain loops in float64, one operation after the other, adjoints by the chain rule. Written from the
 * program and not from the kernel's instructions, so that the two can be held against each other.
 */
export class ReferenceEngine implements Engine {
  readonly name = 'reference';
  readonly arithmetic = 'float64';
  readonly threads = 1;
  open(program: Program, tables: InputTables = new Map()): ReferenceExecution {
    return new ReferenceExecution(program, tables);
  }
  dispose(): void {}
}

export class ReferenceExecution implements Execution {
  private readonly inputs: Float64Array[];
  private readonly parameters: ParameterState<Float64Array>[];
  private readonly termWeights: Float64Array;
  private readonly cells: Cell[] = [];
  private readonly flow;
  private termValues: Float64Array;
  private norms: number[] = [];

  constructor(readonly program: Program, private readonly tables: InputTables = new Map()) {
    requireTables(program, tables);
    const { policies, members, starts, steps } = program;
    this.flow = gradientFlow(program);
    this.inputs = program.inputs.map((input) => new Float64Array((input.extent === 'member' ? members : 1) * (input.perStep ? steps : 1) * input.rows * starts));
    this.parameters = program.parameters.map((block) => {
      const make = () => new Float64Array(unitsOf(program, block.extent) * parameterCountOf(block.sizes));
      return { value: make(), gradient: make(), firstMoment: make(), secondMoment: make() };
    });
    this.termWeights = new Float64Array(program.terms.length).fill(1);
    this.termValues = new Float64Array(program.terms.length * policies * members);
    for (let policy = 0; policy < policies; policy++) for (let member = 0; member < members; member++) this.cells.push(this.makeCell(policy, member));
  }

  write(input: ValueId, values: ArrayLike<number>): void {
    const index = inputOf(this.program, input);
    fill(this.inputs[index], values, `Input “${this.program.inputs[index].name}”`);
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
    for (const cell of this.cells) this.forward(cell);
    const gradient = mode !== 'forward';
    if (gradient) this.clearAdjoints();
    const nowhere = new Float64Array(this.program.starts);
    this.termValues = evaluateTerms(this.program, this.cells, this.termWeights, (value, cell, adjoint) => (adjoint && !this.flow.values[value] ? nowhere : this.at(value, cell, this.program.steps, adjoint)), gradient);
    if (!gradient) return;
    for (const cell of this.cells) this.backward(cell);
    this.norms = optimiseOnHost(this.program, this.parameters, mode === 'update' ? (settings as AdamSettings) : null);
  }

  readParameters(name: string, of: ParameterArray = 'value'): Float32Array {
    return Float32Array.from(this.parameters[parameterIndex(this.program, name, of)][of]);
  }

  /** As `readParameters`, in full precision: for checks against finite differences. */
  readExact(name: string, of: ParameterArray = 'value'): Float64Array {
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
    const { program } = this;
    const index = program.series.findIndex((series) => series.name === name);
    if (index < 0) throw new EngineError('unknown-name', `The program has no series “${name}”.`);
    const row = program.series[index].rows * program.starts;
    const count = program.series[index].past + program.steps;
    const result = new Float32Array(this.cells.length * count * row);
    this.cells.forEach((cell, c) => {
      for (let r = 0; r < count; r++) result.set(cell.series[index].subarray((count - 1 - r) * row, (count - r) * row), (c * count + r) * row);
    });
    return result;
  }

  readValue(value: ValueId): Float32Array {
    requireReadable(this.program, value);
    const size = this.program.values[value].rows * this.program.starts;
    const result = new Float32Array(this.cells.length * size);
    this.cells.forEach((cell, c) => result.set(this.at(value, cell, this.program.steps), c * size));
    return result;
  }

  dispose(): void {}

  private makeCell(policy: number, member: number): Cell {
    const { program } = this;
    const size = (value: Value) => value.rows * program.starts;
    const owned = (value: Value) => !['input', 'slice', 'window'].includes(value.operation.kind);
    const copies = (value: Value) => (owned(value) ? Array.from({ length: value.scope === 'step' ? program.steps : 1 }, () => new Float64Array(size(value))) : []);
    const values = program.values.map(copies);
    for (const { id, operation } of program.values)
      if (operation.kind === 'constant') operation.values.forEach((constant, row) => values[id][0].fill(constant, row * program.starts, (row + 1) * program.starts));
    const series = () => program.series.map(({ rows, past }) => new Float64Array((past + program.steps) * rows * program.starts));
    return { policy, member, values, adjoints: program.values.map(copies), series: series(), seriesAdjoints: series() };
  }

  /** A value's numbers (or its adjoint's) in a cell at a step; slices and windows are views. */
  private at(id: ValueId, cell: Cell, step: number, adjoints = false): Float64Array {
    const { program } = this;
    const { rows, scope, operation } = program.values[id];
    const size = rows * program.starts;
    switch (operation.kind) {
      case 'input': {
        const input = program.inputs[operation.input];
        const block = (input.extent === 'member' ? cell.member : 0) * (input.perStep ? program.steps : 1) + (input.perStep ? step : 0);
        return this.inputs[operation.input].subarray(block * size, (block + 1) * size);
      }
      case 'slice': {
        const from = operation.from * program.starts;
        return this.at(operation.operand, cell, step, adjoints).subarray(from, from + size);
      }
      case 'window': {
        const from = (program.steps - step) * program.series[operation.series].rows * program.starts;
        return (adjoints ? cell.seriesAdjoints : cell.series)[operation.series].subarray(from, from + size);
      }
      default:
        return (adjoints ? cell.adjoints : cell.values)[id][scope === 'step' ? step : 0];
    }
  }

  private nextRow(series: number, cell: Cell, step: number, adjoints: boolean): Float64Array {
    const size = this.program.series[series].rows * this.program.starts;
    const from = (this.program.steps - step - 1) * size;
    return (adjoints ? cell.seriesAdjoints : cell.series)[series].subarray(from, from + size);
  }

  private network(operation: Extract<Operation, { kind: 'dense' }>, cell: Cell, of: 'value' | 'gradient'): { weights: Float64Array; sizes: readonly number[] } {
    const block = this.program.parameters[operation.parameters];
    const count = parameterCountOf(block.sizes);
    const unit = block.extent === 'policy' ? cell.policy : block.extent === 'member' ? cell.member : 0;
    const all = this.parameters[operation.parameters][of];
    let start = unit * count;
    for (let layer = 0; layer < operation.layer; layer++) start += (block.sizes[layer] + 1) * block.sizes[layer + 1];
    const sizes = block.sizes.slice(operation.layer, operation.layer + 2);
    return { weights: all.subarray(start, start + (sizes[0] + 1) * sizes[1]), sizes };
  }

  private forward(cell: Cell): void {
    const { program } = this;
    this.evaluateScope('prologue', cell, 0);
    program.series.forEach(({ initial }, index) => {
      cell.series[index].fill(0);
      if (initial !== null) cell.series[index].set(this.at(initial, cell, 0), program.steps * program.series[index].rows * program.starts);
    });
    for (let step = 0; step < program.steps; step++) {
      this.evaluateScope('step', cell, step);
      program.series.forEach(({ next }, index) => this.nextRow(index, cell, step, false).set(this.at(next, cell, step)));
    }
    this.evaluateScope('epilogue', cell, program.steps);
  }

  private evaluateScope(scope: Scope, cell: Cell, step: number): void {
    for (const value of this.program.values) {
      if (value.scope !== scope) continue;
      const weights = value.operation.kind === 'dense' ? this.network(value.operation, cell, 'value').weights : null;
      evaluate(value, this.program.starts, (id) => this.at(id, cell, step), weights);
    }
  }

  private clearAdjoints(): void {
    for (const cell of this.cells) {
      for (const copies of cell.adjoints) for (const copy of copies) copy.fill(0);
      for (const series of cell.seriesAdjoints) series.fill(0);
    }
    for (const state of this.parameters) state.gradient.fill(0);
  }

  private backward(cell: Cell): void {
    const { program } = this;
    this.adjointScope('epilogue', cell, program.steps);
    for (let step = program.steps - 1; step >= 0; step--) {
      program.series.forEach(({ next }, index) => {
        if (this.flow.values[next]) addTo(this.at(next, cell, step, true), this.nextRow(index, cell, step, true));
      });
      this.adjointScope('step', cell, step);
    }
    program.series.forEach(({ initial, rows }, index) => {
      if (initial === null || !this.flow.values[initial]) return;
      addTo(this.at(initial, cell, 0, true), cell.seriesAdjoints[index].subarray(program.steps * rows * program.starts));
    });
    this.adjointScope('prologue', cell, 0);
  }

  private adjointScope(scope: Scope, cell: Cell, step: number): void {
    const { program, flow } = this;
    for (let i = program.values.length - 1; i >= 0; i--) {
      const value = program.values[i];
      if (value.scope !== scope || !flow.values[value.id]) continue;
      const dense = value.operation.kind === 'dense' ? value.operation : null;
      adjoint(
        value,
        program.starts,
        (id) => this.at(id, cell, step),
        (id) => (flow.values[id] ? this.at(id, cell, step, true) : null),
        dense && this.network(dense, cell, 'value').weights,
        dense && program.parameters[dense.parameters].trainable ? this.network(dense, cell, 'gradient').weights : null,
      );
    }
  }
}

function addTo(target: Float64Array, source: Float64Array): void {
  for (let i = 0; i < source.length; i++) target[i] += source[i];
}

function fill(target: Float64Array, values: ArrayLike<number>, what: string): void {
  if (values.length !== target.length) throw new EngineError('wrong-length', `${what} takes ${target.length} numbers, not ${values.length}.`);
  target.set(values);
}
