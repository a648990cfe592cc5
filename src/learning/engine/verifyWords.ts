import { sentence } from '../../sentence/sentence';
import { ADAM_NUMBERS } from './engine';
import { EngineError } from './engineError';
import { type ElementwiseKind, ELEMENTWISE_KINDS, HEAD_WORDS, INSTRUCTION, INSTRUCTION_WORDS, KIND, OPTIMISED_WORDS, type Segment, SEGMENTS, SIGN_ROWS, TENSOR_WORDS, TERM_WORDS } from './instructions';
import { stripsOf, trainedUnits } from './layout';
import { pad16 } from './networkRegions';
import type { Program } from './program';

/** Operands that each kind of elementwise operation reads: see EACH in kernel/elementwise.h. */
const READS: Readonly<Record<ElementwiseKind, number>> = {
  E_COPY: 1, E_ADD: 2, E_SUB: 2, E_MUL: 2, E_DIV: 2, E_MIN: 2, E_MAX: 2, E_MADD: 3, E_CLAMP: 3, E_WHERE: 3,
  E_EXP: 1, E_LOG: 1, E_SQRT: 1, E_SQUARE: 1, E_ABS: 1, E_TANH: 1, E_RELU: 1,
  A_NEGATE: 1, A_DIV_B: 3, A_MIN_A: 3, A_MIN_B: 3, A_MAX_A: 3, A_MAX_B: 3, A_CLAMP_A: 4, A_CLAMP_LOW: 3, A_CLAMP_HIGH: 4,
  A_WHERE_B: 2, A_WHERE_C: 2, A_SQRT: 2, A_SQUARE: 2, A_ABS: 2, A_TANH: 2, A_RELU: 2,
};

type Range = readonly [least: number, most: number];
/** What the strides of a tensor are multiplied with: policy, member, strip, step, worker. */
type Indices = readonly [Range, Range, Range, Range, Range];

interface Agreed {
  readonly program: Program;
  /** of the arena, words included */
  readonly floats: number;
  readonly threads: number;
  readonly panelRows: number;
}

/**
 * Proves that the kernel, given these words, reads and writes nothing but its arena behind them, at every policy, member,
 * strip, step and worker, and ends: the kernel itself checks nothing. Numbers are doubles here, so that no product of
 * words can wrap.
 *
 * @throws EngineError `invalid-program`
 */
export function verifyWords(words: Int32Array, agreed: Agreed): void {
  new Verifier(words, agreed).verify();
}

class Verifier {
  private readonly floats: number;
  private readonly lanes: number;
  private readonly cells: number;
  private readonly kept: number;
  private readonly tensors: number;
  private readonly againAt: number;

  constructor(private readonly words: Int32Array, private readonly agreed: Agreed) {
    const { program, floats } = agreed;
    const { lanes, lastLanes, strips } = stripsOf(program.starts);
    demand(words.length >= HEAD_WORDS && words.length <= floats, 'not all are there');
    const shape = [program.policies, program.members, strips, program.steps, lanes, lastLanes];
    demand(shape.every((size, index) => words[1 + index] === size), 'the shape is another');
    this.floats = floats;
    this.lanes = lanes;
    this.cells = program.policies * program.members * strips;
    [this.tensors, this.kept, this.againAt] = [words[0], words[7], words[8]];
    this.requireWords(HEAD_WORDS, this.tensors, TENSOR_WORDS, 'tensors');
    this.requireWords(this.againAt, this.tensors, TENSOR_WORDS, 'tensors of later steps');
    demand(this.kept >= 0 && this.kept <= program.steps, 'kept steps');
  }

  verify(): void {
    const { program, threads } = this.agreed;
    const { steps } = program;
    const first: Range = [0, 0];
    const after: Range = [steps, steps];
    const each: Range = [0, steps - 1];
    const times: Readonly<Record<Segment, Range>> = {
      'pack-policy': first, 'pack-member': first, 'pack-shared': first, prologue: first, step: each, epilogue: after,
      'back-epilogue': after, again: [this.kept, steps - 1], 'back-step': each, 'back-prologue': first,
    };
    const [policies, members, strips, workers] = [program.policies, program.members, this.words[3], threads].map((count): Range => [0, count - 1]);
    SEGMENTS.forEach((name, index) => {
      const at = 9 + TENSOR_WORDS + 2 * index;
      const [start, count] = [this.words[at], this.words[at + 1]];
      this.requireWords(start, count, INSTRUCTION_WORDS, `segment “${name}”`);
      const units = name === 'pack-policy' ? policies : name === 'pack-member' ? members : first;
      const [least, most] = times[name];
      // steps whose activations are kept have tensors of their own
      for (const [from, to, again] of [[least, Math.min(most, this.kept - 1), false], [Math.max(least, this.kept), most, true]] as const) {
        if (from > to) continue;
        const indices: Indices = index < 3 ? [units, units, first, first, workers] : [policies, members, strips, [from, to], workers];
        for (let i = 0; i < count; i++) this.instruction(start + i * INSTRUCTION_WORDS, again, indices, `“${name}” ${i}`);
      }
    });
    this.endOfHead([policies, members, strips, after, first]);
  }

  private instruction(at: number, again: boolean, indices: Indices, what: string): void {
    const { lanes, words } = this;
    const { panelRows } = this.agreed;
    const a = words.subarray(at + 1, at + INSTRUCTION_WORDS);
    const count = (index: number) => this.requireCount(a[index], what);
    const operand = (index: number, floats: number) => this.tensor(a[index], floats, again, indices, what);
    const activation = (kind: number, index: number, outputs: number) => {
      demand(kind >= KIND.NONE && kind <= KIND.D_RELU_SIGNS, what);
      const signs = kind === KIND.RELU_SIGNS || kind === KIND.D_RELU_SIGNS;
      operand(index, kind <= KIND.RELU ? 0 : signs ? Math.ceil(outputs / SIGN_ROWS) * lanes : outputs * lanes);
    };
    const panels = (outputs: number, inputs: number) => Math.ceil(outputs / panelRows) * panelRows * inputs;
    switch (words[at]) {
      case INSTRUCTION.DENSE: {
        const [outputs, inputs] = [count(5), count(6)];
        operand(0, outputs * lanes);
        operand(1, panels(outputs, inputs));
        operand(2, a[7] === 0 ? outputs : 0);
        operand(3, inputs * lanes);
        return activation(a[8], 4, outputs);
      }
      case INSTRUCTION.DENSE_INPUT: {
        const [outputs, inputs] = [count(4), count(5)];
        operand(0, outputs * lanes);
        operand(1, panels(outputs, inputs));
        operand(3, inputs * lanes);
        return activation(a[7], 2, outputs);
      }
      case INSTRUCTION.DENSE_WEIGHTS: {
        const [inputs, outputs, distance] = [count(4), pad16(count(5)), count(6)];
        operand(0, (inputs - 1) * distance + outputs);
        operand(1, a[7] === 0 ? 0 : outputs);
        operand(2, inputs * lanes);
        operand(3, a[5] * lanes);
        return this.line(9, outputs * lanes, [[0, 0], [0, 0], [0, 0], [0, 0], indices[4]], what);
      }
      case INSTRUCTION.ELEMENTWISE: {
        const kind = ELEMENTWISE_KINDS[a[5]];
        demand(kind !== undefined, what);
        const rows = count(7);
        const reads = READS[kind];
        for (let index = 0; index < 5; index++) operand(index, index > reads ? 0 : (a[8] >> index) & 1 ? lanes : rows * lanes);
        return;
      }
      case INSTRUCTION.ZERO: return operand(0, pad16(count(1)));
      case INSTRUCTION.PACK: {
        const [byOutput, byInput, outputs, inputs] = [count(2), count(3), count(4), count(5)];
        operand(0, panels(outputs, inputs));
        return operand(1, (outputs - 1) * byOutput + (inputs - 1) * byInput + 1);
      }
      default: throw invalid(what);
    }
  }

  /** What the head says after its segments: terms, optimised blocks and Adam's numbers. */
  private endOfHead(indices: Indices): void {
    const { program } = this.agreed;
    const [terms, termAt, termWeights, termValues, optimised, optimisedAt, hyper] = this.words.subarray(HEAD_WORDS - 7);
    demand(terms === program.terms.length, 'terms');
    this.requireWords(termAt, terms, TERM_WORDS, 'terms');
    this.block(termWeights, terms, 'weights of terms');
    this.doubles(termValues, terms * program.policies * program.members, 'values of terms');
    for (let index = 0; index < terms; index++) this.term(termAt + index * TERM_WORDS, indices, `term ${index}`);
    this.requireWords(optimisedAt, optimised, OPTIMISED_WORDS, 'optimised networks');
    let units = 0;
    for (let index = 0; index < optimised; index++) units += this.optimised(optimisedAt + index * OPTIMISED_WORDS, `optimised network ${index}`);
    demand(units === trainedUnits(program), 'optimised networks');
    this.block(hyper, ADAM_NUMBERS, 'numbers of Adam');
  }

  private term(at: number, [policies, members, strips, after, worker]: Indices, what: string): void {
    const { lanes, words } = this;
    const { program } = this.agreed;
    const [kind, value, adjoint, weight, , count, rows, measure, rowWeights, distances, pulls] = words.subarray(at, at + TERM_WORDS);
    const diversity = kind === 2;
    demand(kind >= 0 && kind <= 2, what);
    if (diversity) {
      demand(count >= 1 && count <= program.policies && measure >= 0 && measure <= 2, what);
      this.block(rowWeights, this.requireCount(rows, what), what);
      this.doubles(distances, program.members * words[3] * count * count, what);
      this.block(pulls, count * count, what);
    }
    const indices: Indices = [diversity ? [0, count - 1] : policies, members, strips, after, worker];
    const floats = diversity ? program.steps * rows * lanes : lanes;
    for (const tensor of [value, adjoint]) this.tensor(tensor, floats, false, indices, what);
    this.tensor(weight, lanes, false, indices, what);
  }

  /** @returns its units */
  private optimised(at: number, what: string): number {
    const { program } = this.agreed;
    const [extent, count, values, cells, gradient, firstMoment, secondMoment, stats] = this.words.subarray(at, at + OPTIMISED_WORDS);
    const units = [program.policies, program.members, 1][extent];
    demand(units !== undefined && count % 16 === 0, what);
    this.requireCount(count, what);
    for (const offset of [values, gradient, firstMoment, secondMoment]) this.block(offset, units * count, what);
    this.block(cells, this.cells * count, what);
    this.doubles(stats, 2 * units, what);
    return units;
  }

  private tensor(index: number, floats: number, again: boolean, indices: Indices, what: string): void {
    demand(index >= 0 && index < this.tensors, what);
    this.line((again ? this.againAt : HEAD_WORDS) + index * TENSOR_WORDS, floats, indices, what);
  }

  /** A tensor's words: `floats` of each of its elements are in the arena. */
  private line(at: number, floats: number, indices: Indices, what: string): void {
    let least = this.words[at];
    let most = least;
    for (let i = 0; i < indices.length; i++) {
      const stride = this.words[at + 1 + i];
      const [from, to] = indices[i];
      least += Math.min(stride * from, stride * to);
      most += Math.max(stride * from, stride * to);
    }
    demand(least >= this.words.length && most + floats <= this.floats, what);
  }

  private block(offset: number, floats: number, what: string): void {
    demand(offset >= this.words.length && offset + floats <= this.floats, what);
  }

  private doubles(offset: number, doubles: number, what: string): void {
    demand(offset % 2 === 0, what);
    this.block(offset, 2 * doubles, what);
  }

  /** A number of rows or floats, no more than an arena has: so every loop ends. */
  private requireCount(count: number, what: string): number {
    demand(count >= 1 && count <= this.floats, what);
    return count;
  }

  private requireWords(start: number, count: number, words: number, what: string): void {
    demand(count >= 0 && start >= HEAD_WORDS && start + count * words <= this.words.length, what);
  }
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw invalid(what);
}

function invalid(what: string): EngineError {
  return new EngineError('invalid-program', sentence('What the kernel is to carry out cannot be right ({0}), so nothing is computed: report this as a mistake of IBRL Studio.', what));
}
