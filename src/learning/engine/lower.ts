import { gradientFlow } from './gradientFlow';
import { Emitter, INSTRUCTION, KIND, type Operand, type Region } from './instructions';
import { stripsOf, unitsOf } from './layout';
import { Backward } from './lowerBackward';
import { type LoweredParameters, NetworkRegions } from './networkRegions';
import { place } from './place';
import type { Operation, Program, Term, Value, ValueId } from './program';

/** A program as the kernel runs it: words for the arena's start, and where everything lies. Offsets in floats. */
export interface Lowered {
  readonly words: Int32Array;
  readonly floats: number;
  readonly lanes: number;
  readonly strips: number;
  readonly packs: ReadonlySet<'policy' | 'member' | 'shared'>;
  readonly hasDiversity: boolean;
  readonly optimisedUnits: number;
  readonly parameters: readonly LoweredParameters[];
  /** inputs by their index, constants by their value */
  readonly inputs: readonly number[];
  readonly constants: ReadonlyMap<ValueId, number>;
  readonly series: readonly number[];
  /** values of prologue and epilogue: where they lie once the program has run, and their strides per policy, member, strip */
  readonly readable: ReadonlyMap<ValueId, { readonly offset: number; readonly strides: readonly [number, number, number] }>;
  readonly termWeights: number;
  readonly termValues: number;
  /** of each diversity term, where its row weights lie */
  readonly rowWeights: readonly (number | null)[];
  readonly hyper: number;
}

const FORWARD_KIND = {
  add: 'E_ADD', subtract: 'E_SUB', multiply: 'E_MUL', divide: 'E_DIV', minimum: 'E_MIN', maximum: 'E_MAX', affine: 'E_MADD', clamp: 'E_CLAMP', where: 'E_WHERE',
  exp: 'E_EXP', log: 'E_LOG', sqrt: 'E_SQRT', square: 'E_SQUARE', abs: 'E_ABS', tanh: 'E_TANH', relu: 'E_RELU',
} as const;
const MEASURE = { lsed: 0, 'min-lsed': 1, 'min-lsed-global': 2 } as const;

/**
 * Lays out the arena and writes the kernel's instructions: forward, and backward by reversing each scope. Values are
 * matrices [rows × lanes]; windows, slices and parts of a concatenation are views, so nothing is copied that need not be.
 *
 * @param panelRows outputs in a panel of packed weights, as the kernel was built
 * @param workers threads that may run cells at the same time: each has its own scratch
 * @param memory what activations may take, and an arena as a whole, in floats
 */
export function lower(program: Program, panelRows: number, workers: number, memory: { readonly activations: number; readonly arena: number }): Lowered {
  const { lanes, lastLanes, strips } = stripsOf(program.starts);
  const flow = gradientFlow(program);
  const emitter = new Emitter(lanes);
  const seriesRegions = program.series.map((series) => emitter.region('series', series.rows, series.past));
  const seriesAdjoints = program.series.map((series, index) => (flow.series[index] ? emitter.region('series', series.rows, series.past) : null));
  const inputRegions = program.inputs.map(({ rows, extent, perStep }) => emitter.region(`${extent}${perStep ? '-step' : ''}-input`, rows));
  const networks = program.parameters.map((block) => new NetworkRegions(block, emitter, panelRows));
  const homes = assignHomes(program, emitter, seriesRegions, inputRegions);
  const home = (value: ValueId) => homes.get(value) as Operand;

  for (const scope of ['prologue', 'step', 'epilogue'] as const) {
    emitter.begin(scope);
    for (const value of program.values) if (value.scope === scope) emitForward(program, value, emitter, networks, home);
    program.series.forEach((series, index) => {
      const now = { region: seriesRegions[index], row: 0 };
      if (scope === 'prologue' && series.initial === null) emitter.zero(now, series.past * series.rows);
      if (scope === 'prologue' && series.initial !== null) emitter.elementwise('E_COPY', now, [home(series.initial)], series.past * series.rows);
      if (scope === 'step') copyUnlessThere(emitter, { region: seriesRegions[index], row: -series.rows }, home(series.next), series.rows);
    });
  }
  const backward = new Backward({ program, flow, emitter, home, networks, seriesRegions, seriesAdjoints });
  const termAdjoints = program.terms.map((term) => (term.kind === 'sum' ? backward.adjoint(term.value) : null));
  backward.emit();
  const packs = new Set(networks.flatMap((network) => network.emitPacking() ?? []));

  // What the backward pass reads of the step body is kept, or computed again; the rest is scratch.
  emitter.keepSigns();
  const read = emitter.backwardRegions();
  for (const { region } of homes.values()) if (region.place === 'scratch' && read.has(region)) region.place = 'kept';
  emitter.emitAgain();

  const layout = place(program, emitter, networks, workers, emitter.wordLimit(program.terms.length, networks.length));
  emitter.setTransposed(layout.room(lanes * layout.widest * workers), lanes * layout.widest);
  const termWeights = layout.room(program.terms.length);
  const termValues = layout.room(2 * program.terms.length * program.policies * program.members);
  const hyper = layout.room(16);
  const rowWeights: (number | null)[] = [];
  const termWords = program.terms.map((term, index) => {
    rowWeights.push(term.kind === 'diversity' ? layout.room(term.rowWeights.length) : null);
    if (term.kind === 'sum') return sumWords(emitter, term, home(term.value), termAdjoints[index] as Operand, home(term.weight));
    const series = { region: seriesRegions[term.series], row: 0 };
    const adjoint = seriesAdjoints[term.series];
    const buffers = [rowWeights[index] as number, layout.room(2 * program.members * strips * term.count ** 2), layout.room(term.count ** 2)];
    return diversityWords(emitter, term, series, adjoint ? { region: adjoint, row: 0 } : series, home(term.weight), buffers);
  });
  const optimised = program.parameters.flatMap(({ trainable, extent }, index) => {
    const { count, value, cells, gradient, firstMoment, secondMoment, stats } = layout.parameters[index];
    return trainable ? [[{ policy: 0, member: 1, shared: 2 }[extent], count, value, cells, gradient, firstMoment, secondMoment, stats]] : [];
  });
  const kept = layout.keep(Math.min(memory.activations, memory.arena - layout.top()));
  const words = emitter.words({ policies: program.policies, members: program.members, strips, steps: program.steps, lastLanes, kept, termWords, termWeights, termValues, optimised, hyper });
  if (words.length > layout.reserved) throw new RangeError(`A program of ${words.length} words does not fit in ${layout.reserved}.`);

  const constants = new Map<ValueId, number>();
  const readable = new Map<ValueId, { offset: number; strides: readonly [number, number, number] }>();
  for (const { id, scope, operation } of program.values) {
    if (operation.kind === 'constant') constants.set(id, home(id).region.offset);
    if (scope !== 'prologue' && scope !== 'epilogue') continue;
    const { region, row } = home(id);
    const [policy, member, strip, step] = region.strides;
    readable.set(id, { offset: region.offset + program.steps * step + row * lanes, strides: [policy, member, strip] });
  }
  return {
    words, floats: layout.top(), lanes, strips, packs, parameters: layout.parameters, constants, readable, termWeights, termValues, rowWeights, hyper,
    hasDiversity: program.terms.some((term) => term.kind === 'diversity' && term.count > 1),
    optimisedUnits: program.parameters.reduce((sum, { trainable, extent }) => sum + (trainable ? unitsOf(program, extent) : 0), 0),
    inputs: inputRegions.map((region) => region.offset),
    series: seriesRegions.map((region) => region.base),
  };
}

/**
 * Finds every value its rows: a series' next row for what advances it, rows of a concatenation for its parts, a view for
 * slices and windows, a region of its own otherwise.
 */
function assignHomes(program: Program, emitter: Emitter, seriesRegions: readonly Region[], inputRegions: readonly Region[]): ReadonlyMap<ValueId, Operand> {
  const homes = new Map<ValueId, Operand>();
  const computed = (value: Value) => ['dense', 'elementwise', 'sum-rows', 'concat'].includes(value.operation.kind);
  program.series.forEach(({ next, rows }, index) => {
    if (computed(program.values[next]) && !homes.has(next)) homes.set(next, { region: seriesRegions[index], row: -rows });
  });
  for (let i = program.values.length - 1; i >= 0; i--) {
    const value = program.values[i];
    if (!computed(value)) continue;
    const own = homes.get(value.id) ?? { region: emitter.region(value.scope === 'step' ? 'scratch' : 'cell', value.rows), row: 0 };
    homes.set(value.id, own);
    if (value.operation.kind !== 'concat') continue;
    let row = own.row;
    for (const operand of value.operation.operands) {
      const part = program.values[operand];
      if (computed(part) && part.scope === value.scope && !homes.has(operand)) homes.set(operand, { region: own.region, row });
      row += part.rows;
    }
  }
  for (const { id, rows, operation } of program.values) {
    if (operation.kind === 'input') homes.set(id, { region: inputRegions[operation.input], row: 0 });
    else if (operation.kind === 'constant') homes.set(id, { region: emitter.region('constant', rows), row: 0 });
    else if (operation.kind === 'window') homes.set(id, { region: seriesRegions[operation.series], row: 0 });
    else if (operation.kind === 'slice') {
      const { region, row } = homes.get(operation.operand) as Operand;
      homes.set(id, { region, row: row + operation.from });
    }
  }
  return homes;
}

function emitForward(program: Program, value: Value, emitter: Emitter, networks: readonly NetworkRegions[], home: (value: ValueId) => Operand): void {
  const { operation, rows } = value;
  const y = home(value.id);
  const rowsOf = (id: ValueId) => program.values[id].rows;
  switch (operation.kind) {
    case 'dense': return emitDense(operation, y, rows, emitter, networks[operation.parameters], home, rowsOf);
    case 'elementwise':
      return emitter.elementwise(FORWARD_KIND[operation.operation], y, operation.operands.map(home), rows, { broadcast: operation.operands.map((operand) => rowsOf(operand) === 1 && rows > 1) });
    case 'sum-rows': {
      const own = rowsOf(operation.operand);
      emitter.zero(y, 1);
      return emitter.elementwise('E_COPY', y, [home(operation.operand)], own, { accumulate: true, broadcastResult: own > 1 });
    }
    case 'concat': {
      let row = y.row;
      for (const operand of operation.operands) {
        copyUnlessThere(emitter, { region: y.region, row }, home(operand), rowsOf(operand));
        row += rowsOf(operand);
      }
    }
  }
}

function emitDense(operation: Extract<Operation, { kind: 'dense' }>, y: Operand, rows: number, emitter: Emitter, network: NetworkRegions, home: (value: ValueId) => Operand, rowsOf: (value: ValueId) => number): void {
  let from = 0;
  operation.parts.forEach((part, index) => {
    const activation = index < operation.parts.length - 1 ? KIND.NONE : { none: KIND.NONE, tanh: KIND.TANH, relu: KIND.RELU }[operation.activation];
    const panels = network.forwardPanels(operation.layer, from, rowsOf(part));
    emitter.emit(INSTRUCTION.DENSE, [y, panels, network.bias(operation.layer), home(part), y], [rows, rowsOf(part), index === 0 ? 0 : 1, activation], y, rows);
    from += rowsOf(part);
  });
}

function copyUnlessThere(emitter: Emitter, target: Operand, source: Operand, rows: number): void {
  if (source.region !== target.region || source.row !== target.row) emitter.elementwise('E_COPY', target, [source], rows);
}

function sumWords(emitter: Emitter, term: Extract<Term, { kind: 'sum' }>, value: Operand, adjoint: Operand, weight: Operand): number[] {
  const tensors = [value, adjoint, weight].map((operand) => emitter.tensor(operand));
  return [term.members === 'sum' ? 0 : 1, ...tensors, floatBits(term.coefficient), 0, 0, 0, 0, 0, 0, 0, 0];
}

function diversityWords(emitter: Emitter, term: Extract<Term, { kind: 'diversity' }>, series: Operand, adjoint: Operand, weight: Operand, buffers: readonly number[]): number[] {
  const tensors = [series, adjoint, weight].map((operand) => emitter.tensor(operand));
  return [2, ...tensors, floatBits(1), term.count, term.rowWeights.length, MEASURE[term.measure], ...buffers, floatBits(term.epsilon), floatBits(term.cap)];
}

function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}

