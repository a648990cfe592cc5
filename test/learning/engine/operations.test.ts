import { afterAll, describe, expect, test } from 'vitest';
import { type Elementwise, type Program, ProgramBuilder, type Scope, type ValueId } from '../../../src/learning/engine/program';
import { float32Engines } from './everyEngine';
import { worstDeviationFromReference, worstGradientError } from './gradientCheck';
import { loadedProgram } from './loadedProgram';

afterAll(() => float32Engines.forEach(({ engine }) => engine.dispose()));

type Build = (builder: ProgramBuilder, operand: (rows: number) => ValueId, network: Network) => ValueId;
type Network = (name: string, sizes: readonly number[], extent: 'policy' | 'member' | 'shared') => Parameters<ProgramBuilder['dense']>[1];

/**
 * An operation in one scope. Its operands are outputs of a trained layer, so that gradients pass through all of them;
 * its rows are weighed differently in the loss, so that none can stand for another.
 */
function programOf(scope: Exclude<Scope, 'fixed'>, build: Build): Program {
  const steps = scope === 'step' ? 3 : 0;
  const builder = new ProgramBuilder({ policies: 2, members: 2, starts: 5, steps });
  const weight = builder.input('weight', 1, 'member');
  const noise = builder.input('noise', 2, 'member');
  const disturbance = builder.input('disturbance', 1, 'shared', true);
  const layers = new Map<string, ReturnType<Network>>();
  const network: Network = (name, sizes, extent) => {
    if (!layers.has(name)) layers.set(name, builder.parameters(name, sizes, extent, true));
    return layers.get(name) as ReturnType<Network>;
  };
  const total = steps > 0 ? builder.carry('total', 1, 1, null) : null;
  if (scope !== 'prologue') builder.beginSteps();
  if (scope === 'epilogue') builder.beginEpilogue();
  let operands = 0;
  const parts = scope === 'step' ? [noise, disturbance] : [noise];
  const operand = (rows: number) => builder.dense(parts, network(`operand ${operands++}`, [parts.length + 1, rows], 'policy'), 0, 'none');
  const result = build(builder, operand, network);
  const rows = builder.rows(result);
  const weighed = builder.sumRows(builder.apply('multiply', result, builder.constant(Array.from({ length: rows }, (_, row) => 0.7 + 0.4 * row))));
  if (total !== null) {
    builder.advance(total, builder.apply('add', builder.window(total, 1), weighed));
    builder.beginEpilogue();
  }
  builder.term('total', total === null ? weighed : builder.window(total, 1), weight, 1.3);
  return builder.build();
}

/** positive and away from zero, for logarithms, roots and divisors */
const positive = (builder: ProgramBuilder, value: ValueId) => builder.apply('add', builder.apply('square', value), builder.constant([0.3]));

const UNARY = ['exp', 'log', 'sqrt', 'square', 'abs', 'tanh', 'relu'] as const;
const BINARY = ['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'] as const;
const TERNARY = ['affine', 'clamp', 'where'] as const;

function applied(operation: Elementwise, rows: readonly number[]): Build {
  return (builder, operand) => {
    const operands = rows.map(operand);
    if (operation === 'log' || operation === 'sqrt') operands[0] = positive(builder, operands[0]);
    if (operation === 'divide') operands[1] = positive(builder, operands[1]);
    if (operation === 'clamp') operands[2] = builder.apply('add', builder.apply('square', operands[2]), builder.apply('add', operands[1], builder.constant([0.5]))); // above the lower limit
    return builder.apply(operation, ...operands);
  };
}

const CASES: Record<string, Build> = {};
for (const operation of UNARY) for (const rows of [1, 3]) CASES[`${operation} of ${rows} rows`] = applied(operation, [rows]);
for (const operation of BINARY) for (const rows of [[1, 1], [3, 3], [1, 3], [3, 1]]) CASES[`${operation} of ${rows.join(' and ')} rows`] = applied(operation, rows);
for (const operation of TERNARY) for (const rows of [[1, 1, 1], [3, 3, 3], [1, 3, 3], [3, 1, 3], [3, 3, 1], [3, 1, 1], [1, 1, 3], [1, 3, 1]]) CASES[`${operation} of ${rows.join(', ')} rows`] = applied(operation, rows);
for (const operation of ['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'] as const)
  CASES[`${operation} of a value with itself`] = (builder, operand) => {
    const x = positive(builder, operand(3));
    return builder.apply(operation, x, x);
  };
CASES['affine with constants'] = (builder, operand) => builder.apply('affine', operand(3), builder.constant([2, -1, 0.5]), builder.constant([0.1]));
CASES['clamp to constants'] = (builder, operand) => builder.apply('clamp', operand(3), builder.constant([-0.4, -0.1, 0]), builder.constant([0.3]));
CASES['clamp between limits that cross'] = (builder, operand) => builder.apply('clamp', operand(3), builder.constant([0.2]), builder.constant([-0.2]));
CASES['a value read by several operations'] = (builder, operand) => {
  const x = operand(3);
  return builder.apply('add', builder.apply('multiply', x, builder.apply('tanh', x)), builder.apply('exp', builder.apply('tanh', x)));
};
for (const rows of [1, 3, 17]) CASES[`sum over ${rows} rows`] = (builder, operand) => builder.sumRows(operand(rows));
CASES['a slice from the middle'] = (builder, operand) => builder.slice(operand(5), 1, 3);
CASES['overlapping slices of one value'] = (builder, operand) => {
  const x = operand(5);
  return builder.apply('multiply', builder.slice(x, 0, 3), builder.slice(x, 2, 3));
};
CASES['a slice of a slice'] = (builder, operand) => builder.slice(builder.slice(operand(6), 1, 4), 2, 2);
CASES['rows put together'] = (builder, operand) => builder.concat([operand(2), operand(1), operand(3)]);
CASES['rows put together with constants and slices'] = (builder, operand) => builder.concat([builder.constant([0.5, 1]), builder.slice(operand(4), 1, 2), operand(1)]);
CASES['a value put together with itself'] = (builder, operand) => {
  const x = builder.apply('tanh', operand(2));
  return builder.concat([x, x]);
};
CASES['a concatenation of concatenations'] = (builder, operand) => {
  const [x, y] = [builder.apply('tanh', operand(2)), builder.apply('square', operand(1))];
  return builder.concat([builder.concat([x, y]), builder.concat([y, x])]);
};
CASES['a part that is read before and after it is put together'] = (builder, operand) => {
  const x = builder.apply('tanh', operand(2));
  const before = builder.apply('exp', x);
  const both = builder.concat([x, operand(1)]);
  return builder.concat([before, builder.apply('square', both), builder.apply('multiply', x, x)]);
};
CASES['slices of a concatenation, one of them never read'] = (builder, operand) => builder.slice(builder.concat([builder.apply('tanh', operand(2)), builder.apply('exp', operand(2))]), 1, 2);

for (const activation of ['none', 'tanh', 'relu'] as const)
  for (const outputs of [1, 2, 3, 5, 17]) CASES[`a ${activation} layer of ${outputs} outputs`] = (builder, operand, network) => builder.dense([operand(3)], network('layer', [3, outputs], 'policy'), 0, activation);
for (const activation of ['none', 'tanh', 'relu'] as const)
  CASES[`a ${activation} layer over several parts`] = (builder, operand, network) => builder.dense([operand(2), builder.constant([0.4]), operand(5), operand(1)], network('layer', [9, 6], 'policy'), 0, activation);
CASES['a layer over the same part twice'] = (builder, operand, network) => {
  const x = builder.apply('tanh', operand(2));
  return builder.dense([x, x], network('layer', [4, 3], 'policy'), 0, 'tanh');
};
for (const activation of ['tanh', 'relu'] as const)
  CASES[`a deep ${activation} network`] = (builder, operand, network) => builder.network([operand(3)], network('deep', [3, 18, 7, 2], 'policy'), activation);
CASES['a hidden layer that is read by two layers'] = (builder, operand, network) => {
  const hidden = builder.dense([operand(3)], network('first', [3, 6], 'policy'), 0, 'tanh');
  return builder.apply('add', builder.dense([hidden], network('second', [6, 2], 'policy'), 0, 'none'), builder.dense([hidden], network('third', [6, 2], 'policy'), 0, 'relu'));
};
CASES['a hidden layer that is read by a layer and by an elementwise operation'] = (builder, operand, network) => {
  const hidden = builder.dense([operand(3)], network('first', [3, 2], 'policy'), 0, 'tanh');
  return builder.apply('multiply', hidden, builder.dense([hidden], network('second', [2, 2], 'policy'), 0, 'tanh'));
};
CASES['a hidden layer of which a slice is read as well'] = (builder, operand, network) => {
  const hidden = builder.dense([operand(3)], network('first', [3, 4], 'policy'), 0, 'relu');
  return builder.apply('add', builder.slice(hidden, 1, 2), builder.dense([hidden], network('second', [4, 2], 'policy'), 0, 'tanh'));
};
CASES['a layer used twice with the same weights'] = (builder, operand, network) => {
  const layer = network('layer', [2, 2], 'policy');
  return builder.dense([builder.dense([operand(2)], layer, 0, 'tanh')], layer, 0, 'tanh');
};
for (const extent of ['policy', 'member', 'shared'] as const)
  CASES[`a layer with one copy for each ${extent === 'shared' ? 'program' : extent}`] = (builder, operand, network) => builder.dense([operand(2)], network('layer', [2, 3], extent), 0, 'tanh');

describe.each(['prologue', 'step', 'epilogue'] as const)('in the %s', (scope) => {
  test.each(Object.keys(CASES))('%s: the gradient is right and engines agree', (name) => {
    const loaded = loadedProgram(programOf(scope, CASES[name]), 12);
    expect(worstGradientError(loaded, 40), 'central differences').toBeLessThan(1e-6);
    for (const { name: its, engine } of float32Engines) expect(worstDeviationFromReference(engine, loaded), its).toBeLessThan(1e-5);
  });
});
