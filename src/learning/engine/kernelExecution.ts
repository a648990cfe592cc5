import { ADAM_NUMBERS, type AdamSettings, adamNumbers, type Execution, type GradientNorms } from './engine';
import { EngineError } from './engineError';
import { type KernelArena, PHASE, Plan } from './kernelArena';
import { inputOf, type ParameterArray, parameterCountOf, parameterIndex, requireReadable, unitsOf } from './layout';
import { lower, type Lowered } from './lower';
import { KeptTables } from './keptTables';
import { pad16 } from './networkRegions';
import type { Extent, Program, ValueId } from './program';
import { type InputTables, noTables } from './rowTable';
import { verifyProgram } from './verifyProgram';
import { verifyWords } from './verifyWords';

/** In the order of the segments that pack their weights, which are the first ones. */
const EXTENTS: readonly Extent[] = ['policy', 'member', 'shared'];

/** The kernel as an engine has it. */
export interface Kernel {
  /** outputs in a panel of packed weights, as the kernel was built */
  readonly panelRows: number;
  readonly threads: number;
  /** what activations may take, and what an arena can, in bytes */
  readonly memory: { readonly activations: number; readonly arena: number };
  /** Gives a cleared arena of so many floats. @throws EngineError `out-of-memory` */
  readonly take: (floats: number) => KernelArena;
}

/** A program on the kernel, wherever that runs: lowers it, and copies numbers between the host's order and the arena's. */
export class KernelExecution implements Execution {
  private readonly lowered: Lowered;
  private arena: KernelArena | null;
  /** of each extent, whether its packed weights are older than its parameters */
  private readonly stale = [false, false, false];
  /** inputs that weigh a term: lanes beyond the last start must count nothing */
  private readonly weights: ReadonlySet<ValueId>;
  private readonly plan = new Plan();
  /** what is being copied, used again and again: a search writes its starts in every update */
  private staging = new Float32Array(16);
  private readonly adam = new Float32Array(ADAM_NUMBERS);
  private readonly kept: KeptTables | null;
  /** where they begin in the arena, behind the program */
  private readonly keptAt: number;
  /** rows were chosen that the kernel has not gathered yet */
  private chosen = false;
  /** of each trained network: norm and fault of each unit */
  private readonly stats: readonly (Float64Array | null)[];

  /** @throws ProgramError, or EngineError: `out-of-memory`, or `invalid-program` when its words are not sound */
  constructor(readonly program: Program, { panelRows, threads, memory, take }: Kernel, tables: InputTables = new Map()) {
    verifyProgram(program);
    this.kept = tables.size > 0 ? new KeptTables(program, tables) : null;
    const aside = this.kept === null ? 0 : this.kept.floats + 16;
    this.lowered = lower(program, panelRows, threads, { activations: Math.floor(memory.activations / 4), arena: Math.floor(memory.arena / 4) - aside });
    const { words, lanes, floats } = this.lowered;
    this.keptAt = pad16(floats);
    this.arena = take(this.kept === null ? floats : this.keptAt + this.kept.floats);
    try {
      verifyWords(words, { program, floats, threads, panelRows });
    } catch (error) {
      this.arena.close();
      throw error;
    }
    this.arena.write(0, words);
    this.weights = new Set(program.terms.map((term) => term.weight));
    for (const [value, offset] of this.lowered.constants) {
      const { operation } = program.values[value];
      if (operation.kind === 'constant') this.arena.write(offset, Float32Array.from({ length: operation.values.length * lanes }, (_, i) => operation.values[Math.floor(i / lanes)]));
    }
    program.terms.forEach((term, index) => {
      if (term.kind === 'diversity') this.opened().write(this.lowered.rowWeights[index] as number, Float32Array.from(term.rowWeights));
    });
    this.writeTermWeights(program.terms.map(() => 1));
    this.kept?.write(this.arena, this.keptAt, this.lowered);
    for (const extent of this.lowered.packs) this.stale[EXTENTS.indexOf(extent)] = true;
    this.stats = program.parameters.map(({ trainable, extent }) => (trainable ? new Float64Array(2 * unitsOf(program, extent)) : null));
  }

  write(input: ValueId, values: ArrayLike<number>): void {
    const { program, lowered } = this;
    const arena = this.opened();
    const index = inputOf(program, input);
    const { name, rows, extent, perStep } = program.inputs[index];
    const { lanes, strips } = lowered;
    const { starts } = program;
    const members = extent === 'member' ? program.members : 1;
    const steps = perStep ? program.steps : 1;
    requireLength(values, members * steps * rows * starts, `Input “${name}”`);
    const zeros = this.weights.has(input);
    const all = members * strips * steps * rows * lanes;
    const floats = this.stage(all);
    const plain = values instanceof Float32Array ? values : Float32Array.from(values);
    // row after row, since values lie that way: for the strips any order is as good
    for (let member = 0, from = 0; member < members; member++)
      for (let row = 0; row < steps * rows; row++)
        for (let strip = 0; strip < strips; strip++) {
          const to = ((member * strips + strip) * steps * rows + row) * lanes;
          const count = Math.min(lanes, starts - strip * lanes);
          copyFloats(plain, from, floats, to, count);
          if (count < lanes) floats.fill(zeros ? 0 : plain[from], to + count, to + lanes);
          from += count;
        }
    arena.write(lowered.inputs[index], floats, all);
  }

  gather(rows: Int32Array): void {
    if (this.kept === null) throw noTables();
    this.kept.choose(this.opened(), this.keptAt, rows);
    this.chosen = true;
  }

  writeParameters(name: string, values: ArrayLike<number>, of: ParameterArray = 'value'): void {
    const { block, placed } = this.parameterBlock(name, of);
    const arena = this.opened();
    const units = unitsOf(this.program, block.extent);
    requireLength(values, units * parameterCountOf(block.sizes), `Network “${name}”`);
    const padded = new Float32Array(units * placed.count);
    eachParameterRow(placed, units, (to, outputs, from) => {
      for (let output = 0; output < outputs; output++) padded[to + output] = values[from + output];
    });
    arena.write(placed[of], padded);
    this.stale[EXTENTS.indexOf(block.extent)] = true;
  }

  writeTermWeights(weights: ArrayLike<number>): void {
    requireLength(weights, this.program.terms.length, 'The terms’ weights');
    this.opened().write(this.lowered.termWeights, Float32Array.from(weights));
  }

  run(mode: 'forward' | 'gradient' | 'update', settings?: AdamSettings): void {
    const { lowered, program, plan } = this;
    const arena = this.opened();
    const cells = program.policies * program.members * lowered.strips;
    const groups = program.members * lowered.strips;
    plan.clear();
    if (this.chosen && this.kept) plan.add(PHASE.gather, this.keptAt, groups);
    for (let segment = 0; segment < EXTENTS.length; segment++) if (this.stale[segment] && lowered.packs.has(EXTENTS[segment])) plan.add(PHASE.pack, segment, unitsOf(program, EXTENTS[segment]));
    const gradient = mode !== 'forward';
    plan.add(PHASE.forward, 0, cells);
    if (lowered.hasDiversity) plan.add(PHASE.distances, 0, groups);
    plan.add(PHASE.terms, gradient ? 1 : 0, 1);
    if (gradient) {
      if (lowered.hasDiversity) plan.add(PHASE.spread, 0, groups);
      plan.add(PHASE.backward, 0, cells);
      plan.add(PHASE.optimise, settings ? 2 : 1, lowered.optimisedUnits);
    }
    if (settings) arena.write(lowered.hyper, adamNumbers(settings, this.adam));
    arena.run(plan);
    this.stale.fill(false);
    this.chosen = false;
    if (settings) for (const { trainable, extent } of program.parameters) if (trainable) this.stale[EXTENTS.indexOf(extent)] = true;
  }

  readParameters(name: string, of: ParameterArray = 'value'): Float32Array {
    const { block, placed } = this.parameterBlock(name, of);
    const units = unitsOf(this.program, block.extent);
    const padded = new Float32Array(units * placed.count);
    this.opened().read(placed[of], padded);
    const result = new Float32Array(units * parameterCountOf(block.sizes));
    eachParameterRow(placed, units, (from, outputs, to) => result.set(padded.subarray(from, from + outputs), to));
    return result;
  }

  readTerms(into = new Float64Array(this.program.terms.length * this.program.policies * this.program.members)): Float64Array {
    this.opened().read(this.lowered.termValues, into);
    return into;
  }

  readGradientNorms(into: GradientNorms = { norm: new Float64Array(this.lowered.optimisedUnits), finite: [] }): GradientNorms {
    const arena = this.opened();
    let unit = 0;
    for (let block = 0; block < this.stats.length; block++) {
      const stats = this.stats[block];
      if (stats === null) continue;
      arena.read(this.lowered.parameters[block].stats, stats);
      for (let at = 0; at < stats.length; at += 2, unit++) {
        into.norm[unit] = stats[at];
        into.finite[unit] = stats[at + 1] === 0;
      }
    }
    return into;
  }

  readSeries(name: string): Float32Array {
    const index = this.program.series.findIndex((series) => series.name === name);
    if (index < 0) throw new EngineError('unknown-name', `The program has no series “${name}”.`);
    const { rows, past } = this.program.series[index];
    const { lanes, strips } = this.lowered;
    const count = past + this.program.steps;
    const strip = count * rows * lanes;
    const start = this.lowered.series[index];
    // the arena holds rows newest first
    return this.collect(count * rows, (policy, member, s) => start + ((policy * this.program.members + member) * strips + s) * strip, (row) => (count - 1 - Math.floor(row / rows)) * rows + (row % rows));
  }

  readValue(value: ValueId): Float32Array {
    requireReadable(this.program, value);
    const { offset, strides } = this.lowered.readable.get(value) as { offset: number; strides: readonly number[] };
    return this.collect(this.program.values[value].rows, (policy, member, strip) => offset + policy * strides[0] + member * strides[1] + strip * strides[2], (row) => row);
  }

  dispose(): void {
    this.arena?.close();
    this.arena = null;
  }

  /**
   * [cells × rows × starts], strips put together again.
   * @param at where the rows of a policy, member and strip begin, one after the other
   * @param source of each row of the result, its row in the arena
   */
  private collect(rows: number, at: (policy: number, member: number, strip: number) => number, source: (row: number) => number): Float32Array {
    const arena = this.opened();
    const { starts, policies, members } = this.program;
    const { lanes, strips } = this.lowered;
    const result = new Float32Array(policies * members * rows * starts);
    const strip = new Float32Array(rows * lanes);
    for (let cell = 0; cell < policies * members; cell++)
      for (let s = 0; s < strips; s++) {
        arena.read(at(Math.floor(cell / members), cell % members, s), strip);
        const count = Math.min(lanes, starts - s * lanes);
        for (let row = 0; row < rows; row++) {
          const from = source(row) * lanes;
          copyFloats(strip, from, result, (cell * rows + row) * starts + s * lanes, count);
        }
      }
    return result;
  }

  private stage(count: number): Float32Array {
    if (this.staging.length < count) this.staging = new Float32Array(count);
    return this.staging;
  }

  /** @throws EngineError `unavailable` once this is disposed: the arena may be another execution's by then */
  private opened(): KernelArena {
    if (this.arena === null) throw new EngineError('unavailable', 'This execution of a program is disposed of: open the program again.');
    return this.arena;
  }

  private parameterBlock(name: string, of: ParameterArray) {
    const index = parameterIndex(this.program, name, of);
    return { block: this.program.parameters[index], placed: this.lowered.parameters[index] };
  }
}

/** Each row of weights and each bias: where it is in the arena's padded block, its numbers, and where it is in the host's order. */
function eachParameterRow({ count, layers }: Lowered['parameters'][number], units: number, visit: (padded: number, outputs: number, plain: number) => void): void {
  let plain = 0;
  for (let unit = 0; unit < units; unit++)
    for (const { weights, inputs, outputs, padded } of layers)
      for (let row = 0; row <= inputs; row++, plain += outputs) visit(unit * count + weights + row * padded, outputs, plain);
}

/** As `out.set(values.subarray(…), to)`, without a view: a few numbers are copied sooner than one is made. */
function copyFloats(values: Float32Array, from: number, out: Float32Array, to: number, count: number): void {
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const source = from + i;
    const target = to + i;
    out[target] = values[source];
    out[target + 1] = values[source + 1];
    out[target + 2] = values[source + 2];
    out[target + 3] = values[source + 3];
    out[target + 4] = values[source + 4];
    out[target + 5] = values[source + 5];
    out[target + 6] = values[source + 6];
    out[target + 7] = values[source + 7];
  }
  for (; i < count; i++) out[to + i] = values[from + i];
}

function requireLength(values: ArrayLike<number>, length: number, what: string): void {
  if (values.length !== length) throw new EngineError('wrong-length', `${what} takes ${length} numbers, not ${values.length}.`);
}
