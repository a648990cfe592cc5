import { type Arena, Arenas } from './arenas';
import { type AdamSettings, adamNumbers, type Engine, EngineError, type Execution, type ParameterArray } from './engine';
import { SEGMENTS } from './instructions';
import { PHASE } from './kernelInstance';
import { inputOf, parameterCountOf, parameterIndex, requireReadable, unitsOf } from './layout';
import { lower, type Lowered } from './lower';
import type { Program, ValueId } from './program';
import { ThreadPool } from './threads';

/** The kernel in WebAssembly, on one thread or several. Runs block the calling thread. */
export class WasmEngine implements Engine {
  readonly name = 'wasm';
  readonly arithmetic = 'portable';
  private readonly pool: ThreadPool;
  private readonly arenas: Arenas;

  /**
   * @param kernel the bytes of kernel.wasm
   * @param threads including the calling one
   * @param helperFile the script of a helper thread; needed for more than one thread
   */
  constructor(kernel: Uint8Array<ArrayBuffer>, readonly threads: number, helperFile: string) {
    if (!Number.isInteger(threads) || threads < 1 || threads > 256) throw new RangeError(`Threads must be a whole number from 1 to 256, not ${threads}.`);
    const module = new WebAssembly.Module(kernel);
    this.pool = new ThreadPool(module, threads, helperFile);
    this.arenas = new Arenas(module, this.pool);
  }

  open(program: Program): WasmExecution {
    return new WasmExecution(program, this.arenas, this.pool);
  }

  dispose(): void {
    this.pool.dispose();
  }
}

export class WasmExecution implements Execution {
  private readonly lowered: Lowered;
  private arena: Arena | null;
  private readonly stale = new Set<'policy' | 'member' | 'shared'>();
  /** inputs that weigh a term: lanes beyond the last start must count nothing */
  private readonly weights: ReadonlySet<ValueId>;

  constructor(readonly program: Program, private readonly arenas: Arenas, private readonly pool: ThreadPool) {
    this.lowered = lower(program, arenas.panelRows, pool.threads);
    const { words, lanes } = this.lowered;
    this.arena = arenas.take(this.lowered.floats);
    const { floats } = this.arena;
    new Int32Array(floats.buffer, floats.byteOffset, words.length).set(words);
    this.weights = new Set(program.terms.map((term) => term.weight));
    for (const [value, offset] of this.lowered.constants) {
      const { operation } = program.values[value];
      if (operation.kind === 'constant') operation.values.forEach((number, row) => floats.fill(number, offset + row * lanes, offset + (row + 1) * lanes));
    }
    program.terms.forEach((term, index) => {
      if (term.kind === 'diversity') floats.set(term.rowWeights, this.lowered.rowWeights[index] as number);
    });
    this.writeTermWeights(program.terms.map(() => 1));
    for (const extent of this.lowered.packs) this.stale.add(extent);
  }

  write(input: ValueId, values: ArrayLike<number>): void {
    const { program, lowered } = this;
    const { floats } = this.opened();
    const index = inputOf(program, input);
    const { name, rows, extent, perStep } = program.inputs[index];
    const { lanes, strips } = lowered;
    const { starts } = program;
    const members = extent === 'member' ? program.members : 1;
    const steps = perStep ? program.steps : 1;
    requireLength(values, members * steps * rows * starts, `Input “${name}”`);
    const zeros = this.weights.has(input);
    let to = lowered.inputs[index];
    for (let member = 0; member < members; member++)
      for (let strip = 0; strip < strips; strip++) {
        const first = strip * lanes;
        const count = Math.min(lanes, starts - first);
        for (let row = 0; row < steps * rows; row++, to += lanes) {
          const from = (member * steps * rows + row) * starts + first;
          for (let lane = 0; lane < count; lane++) floats[to + lane] = values[from + lane];
          for (let lane = count; lane < lanes; lane++) floats[to + lane] = zeros ? 0 : values[from];
        }
      }
  }

  writeParameters(name: string, values: ArrayLike<number>, of: ParameterArray = 'value'): void {
    const { block, count, placed } = this.parameterBlock(name, of);
    const { floats } = this.opened();
    const units = unitsOf(this.program, block.extent);
    const own = parameterCountOf(block.sizes);
    requireLength(values, units * own, `Network “${name}”`);
    let from = 0;
    for (let unit = 0; unit < units; unit++)
      for (const { weights, inputs, outputs, padded } of placed.layers)
        for (let row = 0; row <= inputs; row++) {
          const to = this.parameterOffset(placed, of) + unit * count + weights + row * padded;
          for (let output = 0; output < outputs; output++) floats[to + output] = values[from++];
        }
    this.stale.add(block.extent);
  }

  writeTermWeights(weights: ArrayLike<number>): void {
    requireLength(weights, this.program.terms.length, 'The terms’ weights');
    this.opened().floats.set(weights, this.lowered.termWeights);
  }

  run(mode: 'forward' | 'gradient' | 'update', settings?: AdamSettings): void {
    const { lowered, program } = this;
    const cells = program.policies * program.members * lowered.strips;
    const groups = program.members * lowered.strips;
    for (const extent of this.stale) if (lowered.packs.has(extent)) this.phase(PHASE.pack, SEGMENTS.indexOf(`pack-${extent}`), unitsOf(program, extent));
    this.stale.clear();
    const gradient = mode !== 'forward';
    this.phase(PHASE.forward, 0, cells);
    if (lowered.hasDiversity) this.phase(PHASE.distances, 0, groups);
    this.phase(PHASE.terms, gradient ? 1 : 0, 1);
    if (!gradient) return;
    if (lowered.hasDiversity) this.phase(PHASE.spread, 0, groups);
    this.phase(PHASE.backward, 0, cells);
    if (settings) this.opened().floats.set(adamNumbers(settings), lowered.hyper);
    this.phase(PHASE.optimise, mode === 'update' ? 2 : 1, lowered.optimisedUnits);
    if (mode === 'update') for (const { trainable, extent } of program.parameters) if (trainable) this.stale.add(extent);
  }

  readParameters(name: string, of: ParameterArray = 'value'): Float32Array {
    const { block, count, placed } = this.parameterBlock(name, of);
    const { floats } = this.opened();
    const units = unitsOf(this.program, block.extent);
    const result = new Float32Array(units * parameterCountOf(block.sizes));
    let to = 0;
    for (let unit = 0; unit < units; unit++)
      for (const { weights, inputs, outputs, padded } of placed.layers)
        for (let row = 0; row <= inputs; row++, to += outputs) {
          const from = this.parameterOffset(placed, of) + unit * count + weights + row * padded;
          result.set(floats.subarray(from, from + outputs), to);
        }
    return result;
  }

  readTerms(): Float64Array {
    const from = this.lowered.termValues / 2;
    return this.opened().doubles.slice(from, from + this.program.terms.length * this.program.policies * this.program.members);
  }

  readGradientNorms(): { norm: Float64Array; finite: boolean[] } {
    const { doubles } = this.opened();
    const norm: number[] = [];
    const finite: boolean[] = [];
    this.program.parameters.forEach(({ trainable, extent }, index) => {
      if (!trainable) return;
      for (let unit = 0; unit < unitsOf(this.program, extent); unit++) {
        const at = this.lowered.parameters[index].stats / 2 + 2 * unit;
        norm.push(doubles[at]);
        finite.push(doubles[at + 1] === 0);
      }
    });
    return { norm: Float64Array.from(norm), finite };
  }

  readSeries(name: string): Float32Array {
    const index = this.program.series.findIndex((series) => series.name === name);
    if (index < 0) throw new EngineError('unknown-name', `The program has no series “${name}”.`);
    const { rows, past } = this.program.series[index];
    const { lanes } = this.lowered;
    const count = past + this.program.steps;
    const strip = count * rows * lanes;
    // the arena holds rows newest first
    return this.gather(count * rows, (policy, member, s, row) => {
      const cell = policy * this.program.members + member;
      const frame = count - 1 - Math.floor(row / rows);
      return this.lowered.series[index] + (cell * this.lowered.strips + s) * strip + (frame * rows + (row % rows)) * lanes;
    });
  }

  readValue(value: ValueId): Float32Array {
    requireReadable(this.program, value);
    const { offset, strides } = this.lowered.readable.get(value) as { offset: number; strides: readonly number[] };
    return this.gather(this.program.values[value].rows, (policy, member, strip, row) => offset + policy * strides[0] + member * strides[1] + strip * strides[2] + row * this.lowered.lanes);
  }

  dispose(): void {
    if (this.arena) this.arenas.giveBack(this.arena);
    this.arena = null;
  }

  /** [cells × rows × starts], strips put together again. */
  private gather(rows: number, at: (policy: number, member: number, strip: number, row: number) => number): Float32Array {
    const { floats } = this.opened();
    const { starts, policies, members } = this.program;
    const { lanes, strips } = this.lowered;
    const result = new Float32Array(policies * members * rows * starts);
    let to = 0;
    for (let policy = 0; policy < policies; policy++)
      for (let member = 0; member < members; member++)
        for (let row = 0; row < rows; row++, to += starts)
          for (let strip = 0; strip < strips; strip++) {
            const from = at(policy, member, strip, row);
            result.set(floats.subarray(from, from + Math.min(lanes, starts - strip * lanes)), to + strip * lanes);
          }
    return result;
  }

  /** @throws EngineError `unavailable` once this is disposed: the arena may be another execution's by then */
  private opened(): Arena {
    if (this.arena === null) throw new EngineError('unavailable', 'This execution of a program is disposed of: open the program again.');
    return this.arena;
  }

  private parameterBlock(name: string, of: ParameterArray) {
    const index = parameterIndex(this.program, name, of);
    const block = this.program.parameters[index];
    const placed = this.lowered.parameters[index];
    return { block, placed, count: placed.count };
  }

  private parameterOffset(placed: Lowered['parameters'][number], of: ParameterArray): number {
    return placed[of];
  }

  private phase(phase: number, mode: number, count: number): void {
    const { number, task } = this.opened();
    this.pool.run(number, task, phase, mode, count);
  }
}

function requireLength(values: ArrayLike<number>, length: number, what: string): void {
  if (values.length !== length) throw new EngineError('wrong-length', `${what} takes ${length} numbers, not ${values.length}.`);
}
