/** The kernel's instruction set as the lowering writes it; layouts are those of kernel/program.h, numbers those of kernel/kernel.c. */
export const INSTRUCTION = { DENSE: 0, DENSE_INPUT: 1, DENSE_WEIGHTS: 2, ELEMENTWISE: 3, ZERO: 4, PACK: 5 } as const;
export const KIND = { NONE: 0, TANH: 1, RELU: 2, D_TANH: 3, D_RELU: 4, RELU_SIGNS: 6, D_RELU_SIGNS: 7 } as const;
export const ELEMENTWISE_KINDS = [
  'E_COPY', 'E_ADD', 'E_SUB', 'E_MUL', 'E_DIV', 'E_MIN', 'E_MAX', 'E_MADD', 'E_CLAMP', 'E_WHERE',
  'E_EXP', 'E_LOG', 'E_SQRT', 'E_SQUARE', 'E_ABS', 'E_TANH', 'E_RELU',
  'A_NEGATE', 'A_DIV_B', 'A_MIN_A', 'A_MIN_B', 'A_MAX_A', 'A_MAX_B', 'A_CLAMP_A', 'A_CLAMP_LOW', 'A_CLAMP_HIGH',
  'A_WHERE_B', 'A_WHERE_C', 'A_SQRT', 'A_SQUARE', 'A_ABS', 'A_TANH', 'A_RELU',
] as const;
export type ElementwiseKind = (typeof ELEMENTWISE_KINDS)[number];
export const SEGMENTS = ['pack-policy', 'pack-member', 'pack-shared', 'prologue', 'step', 'epilogue', 'back-epilogue', 'again', 'back-step', 'back-prologue'] as const;
export type Segment = (typeof SEGMENTS)[number];

export const TENSOR_WORDS = 6;
export const INSTRUCTION_WORDS = 11;
export const TERM_WORDS = 13;
export const OPTIMISED_WORDS = 8;
/** rows of a layer's output whose signs are in one row of words */
export const SIGN_ROWS = 16;
export const HEAD_WORDS = 9 + TENSOR_WORDS + 2 * SEGMENTS.length + 7;

/**
 * For what a region has copies: `scratch` each worker, `kept` each cell and step (as far as there is room, else as scratch), `cell` each cell, `series` each cell and
 * row, `cell-block` each cell (parameters' gradients), the rest as they say.
 */
export type Place = 'scratch' | 'kept' | 'cell' | 'series' | 'constant' | 'member-input' | 'shared-input' | 'member-step-input' | 'shared-step-input' | 'unit-policy' | 'unit-member' | 'unit-shared' | 'cell-block';

/** Rows of memory whose place is decided first and whose offset later. */
export class Region {
  base = 0;
  /** of element (policy, member, strip, step, worker) = (0, 0, 0, 0, 0), in floats */
  offset = 0;
  strides: readonly [number, number, number, number, number] = [0, 0, 0, 0, 0];
  /** of what is kept: the offset for the first worker, and the distance to the next, in steps that are computed again */
  again: readonly [offset: number, stride: number] | null = null;
  constructor(public place: Place, readonly rows: number, readonly past = 0) {}
}

/** Rows of a region, from `row` on (negative: towards newer rows of a series), or from a number of floats on. */
export interface Operand {
  readonly region: Region;
  readonly row: number;
  readonly floats?: number;
}

interface Instruction {
  operation: number;
  operands: Operand[];
  numbers: number[];
  readonly writes: Operand | null;
  readonly rows: number;
}

/** Collects instructions by segment, with symbolic operands, and turns them into words once everything has its place. */
export class Emitter {
  private readonly segments = new Map<Segment, Instruction[]>(SEGMENTS.map((name) => [name, []]));
  private current: Instruction[] = [];
  private readonly tensors: Operand[] = [];
  private readonly tensorIndex = new Map<Region, Map<number, number>>();
  private transposed = 0;
  private transposedStride = 0;
  readonly regions: Region[] = [];

  constructor(readonly lanes: number) {}

  begin(segment: Segment): void {
    this.current = this.segments.get(segment) as Instruction[];
  }

  region(where: Place, rows: number, past = 0): Region {
    const region = new Region(where, rows, past);
    this.regions.push(region);
    return region;
  }

  emit(operation: number, operands: Operand[], numbers: number[], writes: Operand | null, rows: number): void {
    this.current.push({ operation, operands, numbers, writes, rows });
  }

  zero(y: Operand, rows: number): void {
    this.emit(INSTRUCTION.ZERO, [y], [rows * this.lanes], y, rows);
  }

  zeroFloats(y: Operand, floats: number): void {
    this.emit(INSTRUCTION.ZERO, [y], [floats], null, 0);
  }

  elementwise(kind: ElementwiseKind, y: Operand, operands: readonly Operand[], rows: number, options: { accumulate?: boolean; broadcast?: readonly boolean[]; broadcastResult?: boolean } = {}): void {
    let mask = options.broadcastResult ? 1 : 0;
    options.broadcast?.forEach((flag, index) => (mask |= flag ? 2 << index : 0));
    const padded = [y, ...operands];
    while (padded.length < 5) padded.push(y);
    this.emit(INSTRUCTION.ELEMENTWISE, padded, [ELEMENTWISE_KINDS.indexOf(kind), options.accumulate ? 1 : 0, rows, mask], y, options.broadcastResult ? 1 : rows);
  }

  /**
   * Lets the instruction that last wrote exactly these rows apply an activation's derivative at `result` in the same
   * pass. @returns whether it could
   */
  fuseDerivative(gradient: Operand, rows: number, kind: number, result: Operand): boolean {
    for (let i = this.current.length - 1; i >= 0; i--) {
      const instruction = this.current[i];
      const written = instruction.writes;
      if (!written || written.region !== gradient.region || written.row + instruction.rows <= gradient.row || gradient.row + rows <= written.row) continue;
      if (instruction.operation !== INSTRUCTION.DENSE_INPUT || written.row !== gradient.row || instruction.rows !== rows || instruction.numbers[3] !== KIND.NONE) return false;
      instruction.numbers[3] = kind;
      instruction.operands[2] = result;
      return true;
    }
    return false;
  }

  /**
   * Where backward passes read of a layer's output only on which side of zero it is, lets the layer keep that instead, two
   * bits for each number. Outputs that are read for more stay whole.
   */
  keepSigns(): void {
    for (const layer of this.listed('step')) {
      if (layer.operation !== INSTRUCTION.DENSE || layer.numbers[3] !== KIND.RELU) continue;
      const [{ region, row }] = layer.operands;
      if (region.place !== 'scratch' || row !== 0 || layer.rows !== region.rows) continue;
      const readers = this.listed('back-step').filter(({ operands }) => operands.some((operand) => operand.region === region));
      const derivative = ({ operation, operands, numbers }: Instruction) => operation === INSTRUCTION.DENSE_INPUT && numbers[3] === KIND.D_RELU && operands.every((operand, index) => (operand.region === region) === (index === 2));
      if (readers.length === 0 || !readers.every(derivative)) continue;
      const signs = { region: this.region('kept', Math.ceil(region.rows / SIGN_ROWS)), row: 0 };
      layer.numbers[3] = KIND.RELU_SIGNS;
      layer.operands[4] = signs;
      for (const reader of readers) {
        reader.numbers[3] = KIND.D_RELU_SIGNS;
        reader.operands[2] = signs;
      }
    }
  }

  /** Writes the segment that computes a step's kept values again: what of the step leads to them. Rows of series are all there. */
  emitAgain(): void {
    const needed = new Set(this.regions.filter(({ place }) => place === 'kept'));
    const again = this.listed('again');
    for (const instruction of [...this.listed('step')].reverse()) {
      const { numbers, operands, operation, writes } = instruction;
      const signs = operation === INSTRUCTION.DENSE && numbers[3] === KIND.RELU_SIGNS;
      if (!(writes !== null && needed.has(writes.region)) && !signs) continue;
      for (const { region } of operands) if (region.place === 'scratch') needed.add(region);
      again.unshift(instruction);
    }
  }

  private listed(segment: Segment): Instruction[] {
    return this.segments.get(segment) as Instruction[];
  }

  /** Regions that the backward segments touch. */
  backwardRegions(): ReadonlySet<Region> {
    const touched = new Set<Region>();
    for (const name of ['back-epilogue', 'back-step', 'back-prologue'] as const)
      for (const instruction of this.segments.get(name) as Instruction[]) for (const { region } of instruction.operands) touched.add(region);
    return touched;
  }

  tensor(operand: Operand): number {
    const at = operand.floats ?? operand.row * this.lanes;
    let offsets = this.tensorIndex.get(operand.region);
    if (!offsets) this.tensorIndex.set(operand.region, (offsets = new Map()));
    let index = offsets.get(at);
    if (index === undefined) {
      index = this.tensors.push(operand) - 1;
      offsets.set(at, index);
    }
    return index;
  }

  setTransposed(offset: number, stride: number): void {
    this.transposed = offset;
    this.transposedStride = stride;
  }

  /** An upper limit of the words that `words` will need. */
  wordLimit(terms: number, networks: number): number {
    let instructions = 0;
    let operands = 3 * terms;
    for (const list of this.segments.values())
      for (const instruction of list) {
        instructions++;
        operands += instruction.operands.length;
      }
    return HEAD_WORDS + 2 * TENSOR_WORDS * operands + INSTRUCTION_WORDS * instructions + TERM_WORDS * terms + OPTIMISED_WORDS * networks + 16;
  }

  words(head: {
    readonly policies: number; readonly members: number; readonly strips: number; readonly steps: number; readonly lastLanes: number; readonly kept: number;
    readonly termWords: readonly (readonly number[])[]; readonly termWeights: number; readonly termValues: number;
    readonly optimised: readonly (readonly number[])[]; readonly hyper: number;
  }): Int32Array {
    const body: number[] = [];
    const encoded = SEGMENTS.map((name) => (this.segments.get(name) as Instruction[]).map(({ operation, operands, numbers }) => {
      const words = [operation, ...operands.map((operand) => this.tensor(operand)), ...numbers];
      while (words.length < INSTRUCTION_WORDS) words.push(0);
      return words;
    }));
    const at = () => HEAD_WORDS + TENSOR_WORDS * this.tensors.length + body.length;
    const segmentWords = encoded.flatMap((list) => {
      const start = at();
      for (const words of list) body.push(...words);
      return [start, list.length];
    });
    const termAt = at();
    for (const words of head.termWords) body.push(...words);
    const optimisedAt = at();
    for (const words of head.optimised) body.push(...words);
    const againAt = at();
    const tensorWords = this.tensors.flatMap(({ region, row, floats }) => [region.offset + (floats ?? row * this.lanes), ...region.strides]);
    const againWords = this.tensors.flatMap(({ region, row }, index) => (region.again === null ? tensorWords.slice(TENSOR_WORDS * index, TENSOR_WORDS * (index + 1)) : [region.again[0] + row * this.lanes, 0, 0, 0, 0, region.again[1]]));
    return Int32Array.from([
      this.tensors.length, head.policies, head.members, head.strips, head.steps, this.lanes, head.lastLanes, head.kept, againAt,
      this.transposed, 0, 0, 0, 0, this.transposedStride,
      ...segmentWords,
      head.termWords.length, termAt, head.termWeights, head.termValues, head.optimised.length, optimisedAt, head.hyper,
      ...tensorWords, ...body, ...againWords,
    ]);
  }
}
