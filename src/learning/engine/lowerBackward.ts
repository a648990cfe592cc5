import type { gradientFlow } from './gradientFlow';
import { type Emitter, INSTRUCTION, KIND, type Operand, type Region } from './instructions';
import type { NetworkRegions } from './networkRegions';
import { operandsOf, type Program, type Scope, type Value, type ValueId } from './program';

interface Context {
  readonly program: Program;
  readonly flow: ReturnType<typeof gradientFlow>;
  readonly emitter: Emitter;
  readonly home: (value: ValueId) => Operand;
  readonly networks: readonly NetworkRegions[];
  readonly seriesRegions: readonly Region[];
  readonly seriesAdjoints: readonly (Region | null)[];
}

/**
 * Writes the backward segments: each scope's operations in reverse order, each adding to the adjoints of its operands.
 * A first contribution stores, later ones accumulate; only adjoints that are also written from outside their scope's
 * pass (by the terms of the loss, or by every step) are zeroed beforehand.
 */
export class Backward {
  private readonly adjointRegions = new Map<Region, Region>();
  /** rows of an adjoint region that hold something in the pass being written */
  private readonly filled = new Map<Region, Uint8Array>();
  private readonly unused: Region;

  constructor(private readonly context: Context) {
    const { emitter, seriesRegions, seriesAdjoints } = context;
    seriesRegions.forEach((region, index) => {
      const adjoint = seriesAdjoints[index];
      if (adjoint) this.adjointRegions.set(region, adjoint);
    });
    this.unused = emitter.region('cell', 1);
  }

  /** Where a value's adjoint is; for a value that no gradient reaches, a place that nobody reads. */
  adjoint(value: ValueId): Operand {
    const { flow, home, emitter } = this.context;
    if (!flow.values[value]) return { region: this.unused, row: 0 };
    const { region, row } = home(value);
    let adjoint = this.adjointRegions.get(region);
    if (!adjoint) {
      adjoint = emitter.region(region.place === 'scratch' ? 'scratch' : 'cell', region.rows);
      this.adjointRegions.set(region, adjoint);
    }
    return { region: adjoint, row };
  }

  emit(): void {
    const { program, emitter, flow, networks, seriesAdjoints } = this.context;
    this.zeroCrossing();

    emitter.begin('back-epilogue');
    for (const network of networks) {
      const block = network.cellBlock();
      if (block) emitter.zeroFloats(block.operand, block.floats);
    }
    this.reverse('epilogue');

    emitter.begin('back-step');
    program.series.forEach((series, index) => {
      const adjoint = seriesAdjoints[index];
      if (!adjoint || !flow.values[series.next]) return;
      const source = { region: adjoint, row: -series.rows };
      const target = this.adjoint(series.next);
      if (target.region === source.region && target.row === source.row) return;
      this.contribute(series.next, series.rows, (operand, accumulate) => emitter.elementwise('E_COPY', operand, [source], series.rows, { accumulate }));
    });
    this.reverse('step');

    emitter.begin('back-prologue');
    program.series.forEach((series, index) => {
      const adjoint = seriesAdjoints[index];
      if (!adjoint || series.initial === null || !flow.values[series.initial]) return;
      const rows = series.rows * series.past;
      this.contribute(series.initial, rows, (operand, accumulate) => emitter.elementwise('E_COPY', operand, [{ region: adjoint, row: 0 }], rows, { accumulate }));
    });
    this.reverse('prologue');
  }

  /** At the end of the forward pass: adjoints of series, of terms' values, and of what the step body reads from outside. */
  private zeroCrossing(): void {
    const { program, emitter, flow, seriesAdjoints } = this.context;
    emitter.begin('epilogue');
    program.series.forEach((series, index) => {
      const adjoint = seriesAdjoints[index];
      if (adjoint) emitter.zero({ region: adjoint, row: 0 }, series.rows * (series.past + program.steps));
    });
    const crossing = new Set<Region>();
    const cross = (value: ValueId) => {
      const region = this.adjoint(value).region;
      if (flow.values[value] && region.place === 'cell') crossing.add(region);
    };
    for (const term of program.terms) if (term.kind === 'sum') cross(term.value);
    for (const value of program.values) for (const operand of operandsOf(value.operation)) if (program.values[operand].scope !== value.scope) cross(operand);
    for (const region of crossing) {
      emitter.zero({ region, row: 0 }, region.rows);
      this.filled.set(region, new Uint8Array(region.rows).fill(1));
    }
  }

  private reverse(scope: Scope): void {
    const { program, flow } = this.context;
    for (let i = program.values.length - 1; i >= 0; i--) {
      const value = program.values[i];
      if (value.scope !== scope || !flow.values[value.id] || ['slice', 'window', 'input', 'constant'].includes(value.operation.kind)) continue;
      if (this.complete(value)) this.emitAdjoint(value);
    }
  }

  /** Zeroes the rows that nothing contributed to. @returns false when nothing contributed at all */
  private complete(value: Value): boolean {
    const { region, row } = this.adjoint(value.id);
    if (region.place === 'series') return true;
    const filled = this.rowsOf(region).subarray(row, row + value.rows);
    if (!filled.includes(1)) return false;
    this.zeroUnfilled(region, row, value.rows);
    return true;
  }

  private rowsOf(region: Region): Uint8Array {
    let filled = this.filled.get(region);
    if (!filled) this.filled.set(region, (filled = new Uint8Array(region.rows)));
    return filled;
  }

  private zeroUnfilled(region: Region, row: number, rows: number): void {
    const filled = this.rowsOf(region);
    for (let from = row, end = from; from < row + rows; from = end) {
      while (end < row + rows && filled[end] === filled[from]) end++;
      if (!filled[from]) this.context.emitter.zero({ region, row: from }, end - from);
    }
    filled.fill(1, row, row + rows);
  }

  /** Lets `write` store into or add to the adjoint of `target`, whichever is right; `rows` are those of the operation. */
  private contribute(target: ValueId, rows: number, write: (operand: Operand, accumulate: boolean, broadcastResult: boolean) => void): void {
    const { program, flow } = this.context;
    if (!flow.values[target]) return;
    const own = program.values[target].rows;
    const operand = this.adjoint(target);
    const broadcastResult = own === 1 && rows > 1;
    if (operand.region.place === 'series') return write(operand, true, broadcastResult);
    const filled = this.rowsOf(operand.region).subarray(operand.row, operand.row + own);
    if (broadcastResult || filled.includes(1)) {
      this.zeroUnfilled(operand.region, operand.row, own);
      return write(operand, true, broadcastResult);
    }
    filled.fill(1);
    write(operand, false, false);
  }

  private emitAdjoint(value: Value): void {
    const { operation, rows } = value;
    const { emitter, program } = this.context;
    const g = this.adjoint(value.id);
    switch (operation.kind) {
      case 'dense': return this.emitDense(value, operation, g);
      case 'elementwise': return this.emitElementwise(value, operation, g);
      case 'sum-rows': {
        const own = program.values[operation.operand].rows;
        return this.contribute(operation.operand, own, (operand, accumulate) => emitter.elementwise('E_COPY', operand, [g], own, { accumulate, broadcast: [own > 1] }));
      }
      case 'concat': {
        let row = g.row;
        for (const operand of operation.operands) {
          const source = { region: g.region, row };
          const own = program.values[operand].rows;
          row += own;
          const target = this.adjoint(operand);
          if (target.region === source.region && target.row === source.row) continue;
          this.contribute(operand, own, (target, accumulate) => emitter.elementwise('E_COPY', target, [source], own, { accumulate }));
        }
        return;
      }
      default: throw new RangeError(`${rows} rows of ${operation.kind} have no adjoint of their own.`);
    }
  }

  private emitDense(value: Value, operation: Extract<Value['operation'], { kind: 'dense' }>, g: Operand): void {
    const { emitter, program, networks, home } = this.context;
    const network = networks[operation.parameters];
    if (operation.activation !== 'none') {
      const tanh = operation.activation === 'tanh';
      if (!emitter.fuseDerivative(g, value.rows, tanh ? KIND.D_TANH : KIND.D_RELU, home(value.id))) emitter.elementwise(tanh ? 'A_TANH' : 'A_RELU', g, [g, home(value.id)], value.rows);
    }
    let from = 0;
    operation.parts.forEach((part, index) => {
      const own = program.values[part].rows;
      const gradient = network.gradient(operation.layer, from);
      if (gradient) emitter.emit(INSTRUCTION.DENSE_WEIGHTS, [gradient.weights, gradient.bias, home(part), g], [own, value.rows, gradient.padded, index === 0 ? 1 : 0], null, 0);
      const start = from;
      this.contribute(part, own, (operand, accumulate) => {
        const panels = network.transposedPanels(operation.layer, start, own);
        emitter.emit(INSTRUCTION.DENSE_INPUT, [operand, panels, operand, g], [own, value.rows, accumulate ? 1 : 0, KIND.NONE], operand, own);
      });
      from += own;
    });
  }

  private emitElementwise(value: Value, operation: Extract<Value['operation'], { kind: 'elementwise' }>, g: Operand): void {
    const { emitter, program, home } = this.context;
    const { rows } = value;
    const [a, b, c] = operation.operands;
    /** adds kind(g, reads…) to the adjoint of `target` */
    const add = (target: ValueId, kind: Parameters<Emitter['elementwise']>[0], ...reads: ValueId[]) =>
      this.contribute(target, rows, (operand, accumulate, broadcastResult) =>
        emitter.elementwise(kind, operand, [g, ...reads.map(home)], rows, { accumulate, broadcastResult, broadcast: [false, ...reads.map((read) => program.values[read].rows === 1 && rows > 1)] }),
      );
    switch (operation.operation) {
      case 'add': add(a, 'E_COPY'); return add(b, 'E_COPY');
      case 'subtract': add(a, 'E_COPY'); return add(b, 'A_NEGATE');
      case 'multiply': add(a, 'E_MUL', b); return add(b, 'E_MUL', a);
      case 'divide': add(a, 'E_DIV', b); return add(b, 'A_DIV_B', value.id, b);
      case 'minimum': add(a, 'A_MIN_A', a, b); return add(b, 'A_MIN_B', b, a);
      case 'maximum': add(a, 'A_MAX_A', a, b); return add(b, 'A_MAX_B', b, a);
      case 'affine': add(a, 'E_MUL', b); add(b, 'E_MUL', a); return add(c, 'E_COPY');
      case 'clamp': add(a, 'A_CLAMP_A', a, b, c); add(b, 'A_CLAMP_LOW', a, b); return add(c, 'A_CLAMP_HIGH', a, b, c);
      case 'where': add(b, 'A_WHERE_B', a); return add(c, 'A_WHERE_C', a);
      case 'exp': return add(a, 'E_MUL', value.id);
      case 'log': return add(a, 'E_DIV', a);
      case 'sqrt': return add(a, 'A_SQRT', value.id);
      case 'square': return add(a, 'A_SQUARE', a);
      case 'abs': return add(a, 'A_ABS', a);
      case 'tanh': return add(a, 'A_TANH', value.id);
      case 'relu': return add(a, 'A_RELU', value.id);
    }
  }
}
