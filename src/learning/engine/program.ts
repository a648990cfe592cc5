/**
 * A differentiable program over a batch of rollouts, as plain data. It is written once with `ProgramBuilder` and run
 * by any engine. Its cells are policies × members; in each, `starts` samples are carried side by side (batch last)
 * through a prologue, a step body run `steps` times with carried series, and an epilogue. Terms of the loss meet the
 * cells again.
 */
export interface Program {
  readonly policies: number;
  readonly members: number;
  readonly starts: number;
  readonly steps: number;
  readonly values: readonly Value[];
  readonly inputs: readonly Input[];
  readonly series: readonly Series[];
  readonly parameters: readonly Parameters[];
  readonly terms: readonly Term[];
}

/** What a tensor has one copy for. */
export type Extent = 'policy' | 'member' | 'shared';
/** Where a value is computed. `fixed`: inputs and constants. */
export type Scope = 'fixed' | 'prologue' | 'step' | 'epilogue';
export type ValueId = number & { readonly value: unique symbol };
export type InputId = number & { readonly input: unique symbol };
export type SeriesId = number & { readonly series: unique symbol };
export type ParametersId = number & { readonly parameters: unique symbol };
export type Activation = 'none' | 'tanh' | 'relu';

/** [rows × starts] in each cell (and step). */
export interface Value {
  readonly id: ValueId;
  readonly rows: number;
  readonly scope: Scope;
  readonly operation: Operation;
}

export type Operation =
  | { readonly kind: 'input'; readonly input: InputId }
  | { readonly kind: 'constant'; readonly values: readonly number[] }
  | { readonly kind: 'dense'; readonly parts: readonly ValueId[]; readonly parameters: ParametersId; readonly layer: number; readonly activation: Activation }
  | { readonly kind: 'elementwise'; readonly operation: Elementwise; readonly operands: readonly ValueId[] }
  | { readonly kind: 'sum-rows'; readonly operand: ValueId }
  | { readonly kind: 'slice'; readonly operand: ValueId; readonly from: number }
  | { readonly kind: 'concat'; readonly operands: readonly ValueId[] }
  /** the last `frames` rows of a series, newest first: a view */
  | { readonly kind: 'window'; readonly series: SeriesId; readonly frames: number };

/**
 * add a + b, subtract a − b, multiply a · b, divide a / b, minimum, maximum (ties: the first), affine a · b + c,
 * clamp a to [b, c], where a > 0 ? b : c (no gradient to a), and functions of one operand.
 */
export type Elementwise = 'add' | 'subtract' | 'multiply' | 'divide' | 'minimum' | 'maximum' | 'affine' | 'clamp' | 'where' | 'exp' | 'log' | 'sqrt' | 'square' | 'abs' | 'tanh' | 'relu';
export const ARITY: Readonly<Record<Elementwise, number>> = {
  add: 2, subtract: 2, multiply: 2, divide: 2, minimum: 2, maximum: 2, affine: 3, clamp: 3, where: 3,
  exp: 1, log: 1, sqrt: 1, square: 1, abs: 1, tanh: 1, relu: 1,
};

/** The values that an operation reads. */
export function operandsOf(operation: Operation): readonly ValueId[] {
  switch (operation.kind) {
    case 'dense': return operation.parts;
    case 'elementwise': case 'concat': return operation.operands;
    case 'sum-rows': case 'slice': return [operation.operand];
    default: return [];
  }
}

/** Written by the host: [(members ×) (steps ×) rows × starts]. */
export interface Input {
  readonly name: string;
  readonly rows: number;
  readonly extent: 'member' | 'shared';
  readonly perStep: boolean;
}

/** Carried from step to step: `rows` values at each of steps + past times; the first `past` are given or zero. */
export interface Series {
  readonly name: string;
  readonly rows: number;
  readonly past: number;
  /** [past · rows], newest first */
  readonly initial: ValueId | null;
  readonly next: ValueId;
}

/** A dense network's parameters, laid out as in `Network.parameters`, one copy for each policy, member, or all. */
export interface Parameters {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly extent: Extent;
  readonly trainable: boolean;
}

/**
 * One term of the loss, for each policy k: coefficient · Σ over members, starts of weight · value, with the least member
 * instead of the sum where `members` is `minimum`; or minus the diversity of policy k among the first `count`.
 */
export type Term =
  | { readonly kind: 'sum'; readonly name: string; readonly value: ValueId; readonly weight: ValueId; readonly coefficient: number; readonly members: 'sum' | 'minimum' }
  | {
      readonly kind: 'diversity';
      readonly name: string;
      readonly series: SeriesId;
      readonly weight: ValueId;
      /** weight of each row's squared difference; with 1 / (steps · variables · unit²) the distance is a root mean square */
      readonly rowWeights: readonly number[];
      readonly epsilon: number;
      readonly cap: number;
      readonly count: number;
      readonly measure: 'lsed' | 'min-lsed' | 'min-lsed-global';
    };

/** A program that cannot be: the sentence says which rule it breaks. */
export class ProgramError extends Error {
  readonly code = 'invalid-program';
}

export const MAX_POLICIES = 128;
/** The kernel counts in 32 bits, and carries at least 16 starts side by side. */
const MAX_COUNT = 2 ** 31 - 1;
const MAX_ROWS = 2 ** 27 - 1;

/** Writes a program, checking shapes and scopes as it goes. Methods that make values return their ids. */
export class ProgramBuilder {
  private scope: Scope = 'prologue';
  private readonly values: Value[] = [];
  private readonly inputs: Input[] = [];
  private readonly series: (Omit<Series, 'next'> & { next: ValueId | null })[] = [];
  private readonly parameterList: Parameters[] = [];
  private readonly terms: Term[] = [];
  private allRows = 0;

  constructor(private readonly shape: { readonly policies: number; readonly members: number; readonly starts: number; readonly steps: number }) {
    for (const [name, least] of [['policies', 1], ['members', 1], ['starts', 1], ['steps', 0]] as const)
      if (!Number.isInteger(shape[name]) || shape[name] < least) throw new ProgramError(`${name} must be a whole number of at least ${least}, not ${shape[name]}.`);
    for (const name of ['members', 'starts', 'steps'] as const) if (shape[name] > MAX_COUNT) throw new ProgramError(`A program has at most ${MAX_COUNT} ${name}, not ${shape[name]}.`);
    if (shape.policies > MAX_POLICIES) throw new ProgramError(`A program has at most ${MAX_POLICIES} policies, not ${shape.policies}.`);
  }

  parameters(name: string, sizes: readonly number[], extent: Extent, trainable: boolean): ParametersId {
    if (sizes.length < 2 || !sizes.every(isCount)) throw new ProgramError(`Network “${name}” needs at least one layer, each of positive width.`);
    if (sizes.reduce((sum, size, layer) => (layer === 0 ? 0 : sum + (sizes[layer - 1] + 1) * size), 0) > MAX_COUNT) throw new ProgramError(`Network “${name}” has more than ${MAX_COUNT} parameters.`);
    requireNew('network', name, this.parameterList);
    this.parameterList.push({ name, sizes: [...sizes], extent, trainable });
    return (this.parameterList.length - 1) as ParametersId;
  }

  /** An input of `rows` values, the same for all policies. With `perStep` it may be used in the step body only. */
  input(name: string, rows: number, extent: Input['extent'] = 'shared', perStep = false): ValueId {
    if (!isCount(rows)) throw new ProgramError(`Input “${name}” needs at least one row, not ${rows}.`);
    requireNew('input', name, this.inputs);
    this.inputs.push({ name, rows, extent, perStep });
    return this.add(rows, { kind: 'input', input: (this.inputs.length - 1) as InputId }, 'fixed');
  }

  constant(values: readonly number[]): ValueId {
    if (values.length === 0) throw new ProgramError('A constant needs at least one value.');
    return this.add(values.length, { kind: 'constant', values: [...values] }, 'fixed');
  }

  /** A carried series; `initial` holds its first `past` rows newest first (null: zeros). Give its next row with `advance`. */
  carry(name: string, rows: number, past: number, initial: ValueId | null): SeriesId {
    if (this.scope !== 'prologue') throw new ProgramError(`Series “${name}” must be declared in the prologue.`);
    if (!isCount(rows) || !isCount(past)) throw new ProgramError(`Series “${name}” needs at least one value at each time and at least one time of the past.`);
    if (initial !== null) {
      this.requireVisible(initial, 'prologue');
      if (this.rows(initial) !== rows * past) throw new ProgramError(`Series “${name}” needs ${rows * past} initial rows, not ${this.rows(initial)}.`);
    }
    requireNew('series', name, this.series);
    this.takeRows(rows * past);
    this.series.push({ name, rows, past, initial, next: null });
    return (this.series.length - 1) as SeriesId;
  }

  /** Everything after this call is computed in each step. */
  beginSteps(): void {
    if (this.scope !== 'prologue') throw new ProgramError('The step body begins once.');
    this.scope = 'step';
  }

  /** Everything after this call is computed once, after the last step. */
  beginEpilogue(): void {
    if (this.scope === 'epilogue') throw new ProgramError('The epilogue begins once.');
    this.scope = 'epilogue';
  }

  /** The next row of a series. */
  advance(series: SeriesId, next: ValueId): void {
    const carried = this.carried(series);
    if (this.scope !== 'step' || this.value(next).scope !== 'step') throw new ProgramError(`Series “${carried.name}” is advanced by a value of the step body.`);
    if (carried.next !== null) throw new ProgramError(`Series “${carried.name}” is advanced twice.`);
    if (this.rows(next) !== carried.rows) throw new ProgramError(`Series “${carried.name}” has ${carried.rows} rows, its next value ${this.rows(next)}.`);
    carried.next = next;
  }

  /** The newest `frames` rows of a series, newest first: before this step in the step body, at the end in the epilogue. */
  window(series: SeriesId, frames: number): ValueId {
    const carried = this.carried(series);
    if (this.scope === 'prologue') throw new ProgramError(`Series “${carried.name}” is read in the step body or in the epilogue.`);
    if (!isCount(frames) || frames > carried.past) throw new ProgramError(`A window on “${carried.name}” spans 1 to ${carried.past} frames, not ${frames}.`);
    return this.add(carried.rows * frames, { kind: 'window', series, frames });
  }

  /** activation(W · [parts] + b) with layer `layer` of a network. */
  dense(parts: readonly ValueId[], parameters: ParametersId, layer: number, activation: Activation): ValueId {
    const { name, sizes } = this.parameterBlock(parameters);
    if (!Number.isInteger(layer) || layer < 0 || layer + 1 >= sizes.length) throw new ProgramError(`Network “${name}” has no layer ${layer}.`);
    const rows = parts.reduce((sum, part) => sum + this.rows(part), 0);
    if (rows !== sizes[layer]) throw new ProgramError(`Layer ${layer} of “${name}” takes ${sizes[layer]} rows, not ${rows}.`);
    return this.add(sizes[layer + 1], { kind: 'dense', parts: [...parts], parameters, layer, activation });
  }

  /** All layers of a network: `activation` on the hidden ones, nothing on the last. */
  network(parts: readonly ValueId[], parameters: ParametersId, activation: 'tanh' | 'relu'): ValueId {
    const last = this.parameterBlock(parameters).sizes.length - 2;
    let value = this.dense(parts, parameters, 0, last === 0 ? 'none' : activation);
    for (let layer = 1; layer <= last; layer++) value = this.dense([value], parameters, layer, layer === last ? 'none' : activation);
    return value;
  }

  /** An elementwise operation; operands of one row stand for all rows of the others. */
  apply(operation: Elementwise, ...operands: readonly ValueId[]): ValueId {
    if (operands.length !== ARITY[operation]) throw new ProgramError(`${operation} takes ${ARITY[operation]} operands, not ${operands.length}.`);
    const rows = Math.max(...operands.map((operand) => this.rows(operand)));
    for (const operand of operands) {
      const own = this.rows(operand);
      if (own !== rows && own !== 1) throw new ProgramError(`${operation}: an operand has ${own} rows where ${rows} or 1 are needed.`);
    }
    return this.add(rows, { kind: 'elementwise', operation, operands: [...operands] });
  }

  sumRows(operand: ValueId): ValueId {
    return this.add(1, { kind: 'sum-rows', operand });
  }

  slice(operand: ValueId, from: number, rows: number): ValueId {
    if (!Number.isInteger(from) || from < 0 || !isCount(rows) || from + rows > this.rows(operand)) throw new ProgramError(`Rows ${from} to ${from + rows - 1} are not all in a value of ${this.rows(operand)} rows.`);
    if (from === 0 && rows === this.rows(operand)) return operand;
    return this.add(rows, { kind: 'slice', operand, from });
  }

  concat(operands: readonly ValueId[]): ValueId {
    if (operands.length === 0) throw new ProgramError('Nothing to put together.');
    if (operands.length === 1) return operands[0];
    return this.add(operands.reduce((sum, operand) => sum + this.rows(operand), 0), { kind: 'concat', operands: [...operands] });
  }

  rows(value: ValueId): number {
    return this.value(value).rows;
  }

  scopeOf(value: ValueId): Scope {
    return this.value(value).scope;
  }

  /** A term of the loss: coefficient · Σ weight · value over members and starts. */
  term(name: string, value: ValueId, weight: ValueId, coefficient: number, members: 'sum' | 'minimum' = 'sum'): void {
    if (this.rows(value) !== 1 || this.rows(weight) !== 1) throw new ProgramError(`Term “${name}” takes values and weights of one row.`);
    if (this.value(value).scope !== 'prologue' && this.value(value).scope !== 'epilogue') throw new ProgramError(`Term “${name}” takes a value of the prologue or epilogue.`);
    this.requireWeight(name, weight);
    this.terms.push({ kind: 'sum', name, value, weight, coefficient, members });
  }

  diversity(term: Omit<Extract<Term, { kind: 'diversity' }>, 'kind'>): void {
    const { rows } = this.carried(term.series);
    if (term.rowWeights.length !== rows) throw new ProgramError(`Term “${term.name}” needs a weight for each of the ${rows} rows.`);
    if (!isCount(term.count) || term.count > this.shape.policies) throw new ProgramError(`Term “${term.name}” is over 1 to ${this.shape.policies} policies, not ${term.count}.`);
    if (!(term.epsilon > 0)) throw new ProgramError(`Term “${term.name}” needs an epsilon above 0: the distance of equal rollouts has no gradient.`);
    if (!(term.cap > 0)) throw new ProgramError(`Term “${term.name}” needs a cap above 0; a very large one caps nothing.`);
    this.requireWeight(term.name, term.weight);
    this.terms.push({ kind: 'diversity', ...term });
  }

  build(): Program {
    const series = this.series.map((carried) => {
      if (carried.next === null) throw new ProgramError(`Series “${carried.name}” is never advanced.`);
      return { ...carried, next: carried.next };
    });
    if (series.length > 0 && this.shape.steps === 0) throw new ProgramError('A program without steps has no series.');
    const weights = new Set(this.terms.map((term) => term.weight));
    const read = [...this.values.flatMap(({ operation }) => operandsOf(operation)), ...series.flatMap(({ initial }) => initial ?? [])];
    if (read.some((value) => weights.has(value))) throw new ProgramError('An input that weighs a term is read by terms only: where there is no start, its weight is 0.');
    return { ...this.shape, values: this.values, inputs: this.inputs, series, parameters: this.parameterList, terms: this.terms };
  }

  private requireWeight(name: string, weight: ValueId): void {
    const { scope, operation, rows } = this.value(weight);
    if (scope !== 'fixed' || rows !== 1 || operation.kind !== 'input' || this.inputs[operation.input].perStep) throw new ProgramError(`Term “${name}” takes its weights from an input of one row.`);
  }

  private add(rows: number, operation: Operation, scope: Scope = this.scope): ValueId {
    for (const operand of operandsOf(operation)) this.requireVisible(operand, scope);
    this.takeRows(rows);
    const id = this.values.length as ValueId;
    this.values.push({ id, rows, scope, operation });
    return id;
  }

  private value(id: ValueId): Value {
    const value = this.values[id];
    if (value === undefined) throw new ProgramError(`There is no value ${id}.`);
    return value;
  }

  private carried(id: SeriesId) {
    const series = this.series[id];
    if (series === undefined) throw new ProgramError(`There is no series ${id}.`);
    return series;
  }

  private parameterBlock(id: ParametersId): Parameters {
    const block = this.parameterList[id];
    if (block === undefined) throw new ProgramError(`There is no network ${id}.`);
    return block;
  }

  private takeRows(rows: number): void {
    this.allRows += rows;
    if (!(this.allRows <= MAX_ROWS)) throw new ProgramError(`The values of a program have at most ${MAX_ROWS} rows together.`);
  }

  private requireVisible(operand: ValueId, scope: Scope): void {
    const value = this.value(operand);
    if (value.scope === 'step' && scope !== 'step') throw new ProgramError('A value of the step body is read in the step body only.');
    if (value.scope === 'epilogue' && scope !== 'epilogue') throw new ProgramError('A value of the epilogue is read in the epilogue only.');
    if (value.operation.kind === 'input' && this.inputs[value.operation.input].perStep && scope !== 'step') throw new ProgramError('An input for each step is read in the step body only.');
  }
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 1;
}

function requireNew(what: string, name: string, present: readonly { readonly name: string }[]): void {
  if (present.some((each) => each.name === name)) throw new ProgramError(`There is another ${what} “${name}”: give each a name of its own.`);
}
