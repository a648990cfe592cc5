import type { Execution } from '../src/learning/engine/engine';
import { parameterCountOf, unitsOf } from '../src/learning/engine/layout';
import { type Program, ProgramBuilder, type ValueId } from '../src/learning/engine/program';
import { EPOCH, epochNumbers, epochOperations, type EpochWorkload } from './epoch';
import { seededUniform } from './uniform';

export { EPOCH };

/** One gradient step of policy search: K policies, M models, B starts, horizon H, S states, A actions, W frames of history. */
export interface Workload {
  readonly kind: 'search';
  readonly name: string;
  readonly policies: number;
  readonly members: number;
  readonly starts: number;
  readonly horizon: number;
  readonly states: number;
  readonly actions: number;
  readonly history: number;
  readonly policyWidth: number;
  readonly modelWidth: number;
}

export const WORKLOADS: readonly Workload[] = [
  { kind: 'search', name: 'S', policies: 4, members: 1, starts: 64, horizon: 30, states: 2, actions: 2, history: 1, policyWidth: 32, modelWidth: 64 },
  { kind: 'search', name: 'M', policies: 8, members: 1, starts: 128, horizon: 100, states: 6, actions: 3, history: 5, policyWidth: 64, modelWidth: 128 },
  { kind: 'search', name: 'L', policies: 4, members: 4, starts: 200, horizon: 100, states: 6, actions: 3, history: 30, policyWidth: 256, modelWidth: 128 },
];
const DISCOUNT = 0.97;
const DIVERSITY = 0.1;

/** Multiply-adds counted twice. Of a search: the policy forward, back to its inputs and to its weights; the model forward and back. */
export function operationsOf(workload: Workload | EpochWorkload): number {
  return workload.kind === 'epoch' ? epochOperations(workload) : searchOperations(workload);
}

function searchOperations({ policies, members, starts, horizon, states, actions, history, policyWidth: p, modelWidth: m }: Workload): number {
  const policy = 2 * (states * history * p + p * p + p * actions);
  const model = 2 * ((states * history + actions) * m + m * m + m * (states + 1));
  return policies * members * starts * horizon * (3 * policy + 2 * model);
}

export interface LoadedWorkload {
  readonly program: Program;
  readonly termWeights: readonly number[];
  readonly load: (execution: Pick<Execution, 'write' | 'writeParameters' | 'writeTermWeights'>) => void;
}

/** The workload as a program with seeded parameters and starts. */
export function loadedWorkload(workload: Workload): LoadedWorkload {
  const { policies, members, starts, horizon, states, actions, history, policyWidth, modelWidth } = workload;
  const builder = new ProgramBuilder({ policies, members, starts, steps: horizon });
  const start = builder.input('start', states * history);
  const weight = builder.input('weight', 1);
  const discount = builder.input('discount', 1, 'shared', true);
  const policy = builder.parameters('policy', [states * history, policyWidth, policyWidth, actions], 'policy', true);
  const model = builder.parameters('model', [states * history + actions, modelWidth, modelWidth, states + 1], 'member', false);
  const frames = builder.carry('frames', states, history, start);
  const total = builder.carry('return', 1, 1, null);
  builder.beginSteps();
  const window = builder.window(frames, history);
  const hidden = builder.dense([builder.dense([window], policy, 0, 'tanh')], policy, 1, 'tanh');
  const action = builder.dense([hidden], policy, 2, 'tanh');
  const output = builder.network([window, action], model, 'relu');
  builder.advance(frames, builder.apply('add', builder.window(frames, 1), builder.slice(output, 0, states)));
  builder.advance(total, builder.apply('affine', builder.slice(output, states, 1), discount, builder.window(total, 1)));
  builder.beginEpilogue();
  builder.term('return', builder.window(total, 1), weight, -1);
  builder.diversity({ name: 'diversity', series: frames, weight, rowWeights: new Array<number>(states).fill(1 / horizon), epsilon: 1e-6, cap: 1e30, count: policies, measure: 'min-lsed' });
  const program = builder.build();

  const termWeights = [1, DIVERSITY];
  const uniform = seededUniform(1);
  const factors = new Array<number>(horizon).fill(1);
  for (let t = 1; t < horizon; t++) factors[t] = factors[t - 1] * DISCOUNT;
  const inputs: (readonly [ValueId, number[]])[] = [
    [start, Array.from({ length: states * history * starts }, uniform)],
    [weight, new Array<number>(starts).fill(1 / starts / members)],
    [discount, factors.flatMap((factor) => new Array<number>(starts).fill(factor))],
  ];
  const parameters = program.parameters.map(({ name, extent, sizes }) => {
    const values: number[] = [];
    for (let unit = 0; unit < unitsOf(program, extent); unit++)
      for (let layer = 1; layer < sizes.length; layer++) {
        const gain = name === 'model' ? (layer === sizes.length - 1 ? 0.05 : 1.4) : 1;
        for (let i = 0; i < sizes[layer - 1] * sizes[layer]; i++) values.push(uniform() * gain * Math.sqrt(3 / sizes[layer - 1]));
        for (let i = 0; i < sizes[layer]; i++) values.push(uniform() * 0.1);
      }
    if (values.length !== unitsOf(program, extent) * parameterCountOf(sizes)) throw new RangeError(name);
    return { name, values };
  });
  return {
    program,
    termWeights,
    load(execution) {
      for (const [id, values] of inputs) execution.write(id, values);
      for (const { name, values } of parameters) execution.writeParameters(name, values);
      execution.writeTermWeights(termWeights);
    },
  };
}

/** A workload's numbers by name. */
export function numbersOf(workload: Workload | EpochWorkload): Readonly<Record<string, number[]>> {
  return workload.kind === 'epoch' ? epochNumbers(workload) : searchNumbers(workload);
}

/** As `load` writes them: policies and models [units × parameters], starts [rows × starts]. */
function searchNumbers(workload: Workload): { readonly policy: number[]; readonly model: number[]; readonly start: number[] } {
  const { program, load } = loadedWorkload(workload);
  const found = { policy: [] as number[], model: [] as number[], start: [] as number[] };
  const writer: Pick<Execution, 'write' | 'writeParameters' | 'writeTermWeights'> = {
    write(id, values) {
      const { operation } = program.values[id];
      if (operation.kind === 'input' && program.inputs[operation.input].name === 'start') found.start = Array.from(values);
    },
    writeParameters(name, values) {
      found[name === 'policy' ? 'policy' : 'model'] = Array.from(values);
    },
    writeTermWeights() {},
  };
  load(writer);
  return found;
}
