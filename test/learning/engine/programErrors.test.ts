import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/learning/engine/engineError';
import { type Elementwise, MAX_POLICIES, type ParametersId, ProgramBuilder, ProgramError, type SeriesId, type ValueId } from '../../../src/learning/engine/program';
import { nativeEngine, variants, wasmEngine } from './engines';
import { randomProgram } from './randomProgram';

const shape = { policies: 2, members: 2, starts: 3, steps: 2 };
const begun = () => {
  const builder = new ProgramBuilder(shape);
  const weight = builder.input('weight', 1);
  const two = builder.input('two', 2);
  const each = builder.input('each', 2, 'shared', true);
  const network = builder.parameters('network', [2, 3, 1], 'policy', true);
  return { builder, weight, two, each, network };
};
const diversity = { name: 'diversity', rowWeights: [1, 1], epsilon: 1e-6, cap: 1e30, count: 2, measure: 'lsed' as const };

/** What breaks a rule, and a word of the sentence that must say so. */
const RULES: Record<string, [RegExp, () => unknown]> = {
  'no policies': [/policies/, () => new ProgramBuilder({ ...shape, policies: 0 })],
  'half a member': [/members/, () => new ProgramBuilder({ ...shape, members: 1.5 })],
  'no starts': [/starts/, () => new ProgramBuilder({ ...shape, starts: 0 })],
  'fewer steps than none': [/steps/, () => new ProgramBuilder({ ...shape, steps: -1 })],
  'more policies than the kernel has room for': [/at most/, () => new ProgramBuilder({ ...shape, policies: MAX_POLICIES + 1 })],
  'more steps than 32 bits count': [/at most 2147483647 steps/, () => new ProgramBuilder({ ...shape, steps: 2 ** 31 })],
  'more starts than 32 bits count': [/at most 2147483647 starts/, () => new ProgramBuilder({ ...shape, starts: 1e300 })],
  'endless members': [/members/, () => new ProgramBuilder({ ...shape, members: Number.POSITIVE_INFINITY })],
  'a number of steps that is none': [/steps/, () => new ProgramBuilder({ ...shape, steps: Number.NaN })],
  'a network of more parameters than 32 bits count': [/“n” has more than/, () => begun().builder.parameters('n', [2 ** 16, 2 ** 16], 'policy', true)],
  'a network whose parameters overflow': [/“n” has more than/, () => begun().builder.parameters('n', [1e200, 1e200], 'policy', true)],
  'a network with a layer of negative width': [/width/, () => begun().builder.parameters('n', [2, -3, 1], 'policy', true)],
  'an input of more rows than any memory holds': [/rows together/, () => begun().builder.input('huge', 2 ** 40)],
  'an input of negative rows': [/“less”/, () => begun().builder.input('less', -2)],
  'a series longer than any memory': [/rows together/, () => begun().builder.carry('x', 2 ** 20, 2 ** 20, null)],
  'values that together are more than any memory holds': [/rows together/, () => { const { builder } = begun(); let value = builder.input('large', 2 ** 26); for (let i = 0; i < 2; i++) value = builder.apply('exp', value); }],
  'a value doubled until its rows overflow': [/rows together/, () => { const { builder, two } = begun(); let value = two; for (;;) value = builder.concat([value, value]); }],
  'a value that is computed from itself': [/no value 3/, () => { const { builder } = begun(); builder.apply('exp', 3 as ValueId); }],
  'a value of negative number': [/no value -1/, () => begun().builder.apply('exp', -1 as ValueId)],
  'half a value': [/no value 0.5/, () => begun().builder.sumRows(0.5 as ValueId)],
  'a series that is not there': [/no series 7/, () => { const { builder } = begun(); builder.beginSteps(); builder.window(7 as SeriesId, 1); }],
  'an advance of a series that is not there': [/no series 7/, () => { const { builder, two } = begun(); builder.beginSteps(); builder.advance(7 as SeriesId, builder.apply('exp', two)); }],
  'a diversity of a series that is not there': [/no series 7/, () => { const { builder, weight } = begun(); builder.diversity({ ...diversity, weight, series: 7 as SeriesId }); }],
  'a layer of a network that is not there': [/no network 7/, () => { const { builder, two } = begun(); builder.dense([two], 7 as ParametersId, 0, 'none'); }],
  'a network that is not there': [/no network 7/, () => { const { builder, two } = begun(); builder.network([two], 7 as ParametersId, 'tanh'); }],
  'an operation that is not there': [/operands/, () => { const { builder, two } = begun(); builder.apply('cosine' as Elementwise, two); }],
  'a window of negative frames': [/frames/, () => { const { builder } = begun(); const x = builder.carry('x', 2, 2, null); builder.beginSteps(); builder.window(x, -1); }],
  'a diversity among fewer policies than none': [/1 to 2 policies, not -1/, () => { const { builder, weight } = begun(); builder.diversity({ ...diversity, weight, series: builder.carry('x', 2, 1, null), count: -1 }); }],
  'a network without a layer': [/layer/, () => begun().builder.parameters('n', [2], 'policy', true)],
  'a network with an empty layer': [/width/, () => begun().builder.parameters('n', [2, 0, 1], 'policy', true)],
  'two networks of one name': [/“network”/, () => begun().builder.parameters('network', [1, 1], 'policy', true)],
  'two inputs of one name': [/“two”/, () => begun().builder.input('two', 1)],
  'an input without rows': [/“empty”/, () => begun().builder.input('empty', 0)],
  'a constant without values': [/constant/, () => begun().builder.constant([])],
  'two series of one name': [/“x”/, () => { const { builder } = begun(); builder.carry('x', 2, 1, null); builder.carry('x', 2, 1, null); }],
  'a series without rows': [/“x”/, () => begun().builder.carry('x', 0, 1, null)],
  'a series without a past': [/past/, () => begun().builder.carry('x', 2, 0, null)],
  'a series with too few initial rows': [/4 initial rows/, () => { const { builder, two } = begun(); builder.carry('x', 2, 2, two); }],
  'a series that begins with an input of each step': [/each step/, () => { const { builder, each } = begun(); builder.carry('x', 2, 1, each); }],
  'a series declared in the step body': [/prologue/, () => { const { builder } = begun(); builder.beginSteps(); builder.carry('x', 2, 1, null); }],
  'a step body that begins twice': [/once/, () => { const { builder } = begun(); builder.beginSteps(); builder.beginSteps(); }],
  'an epilogue that begins twice': [/once/, () => { const { builder } = begun(); builder.beginEpilogue(); builder.beginEpilogue(); }],
  'a series advanced in the prologue': [/step body/, () => { const { builder, two } = begun(); builder.advance(builder.carry('x', 2, 1, null), two); }],
  'a series advanced by an input': [/step body/, () => { const { builder, two } = begun(); const x = builder.carry('x', 2, 1, null); builder.beginSteps(); builder.advance(x, two); }],
  'a series advanced by a value of the prologue': [/step body/, () => { const { builder, two } = begun(); const x = builder.carry('x', 2, 1, null); const value = builder.apply('exp', two); builder.beginSteps(); builder.advance(x, value); }],
  'a series advanced twice': [/twice/, () => { const { builder } = begun(); const x = builder.carry('x', 2, 1, null); builder.beginSteps(); const next = builder.window(x, 1); builder.advance(x, next); builder.advance(x, next); }],
  'a series advanced by another number of rows': [/2 rows, its next value 1/, () => { const { builder } = begun(); const x = builder.carry('x', 2, 1, null); builder.beginSteps(); builder.advance(x, builder.slice(builder.window(x, 1), 0, 1)); }],
  'a series never advanced': [/never advanced/, () => { const { builder } = begun(); builder.carry('x', 2, 1, null); builder.build(); }],
  'a series in a program without steps': [/without steps/, () => { const builder = new ProgramBuilder({ ...shape, steps: 0 }); const x = builder.carry('x', 2, 1, null); builder.beginSteps(); builder.advance(x, builder.window(x, 1)); builder.build(); }],
  'a window in the prologue': [/step body or in the epilogue/, () => { const { builder } = begun(); builder.window(builder.carry('x', 2, 1, null), 1); }],
  'a window longer than the past': [/1 to 2 frames, not 3/, () => { const { builder } = begun(); const x = builder.carry('x', 2, 2, null); builder.beginSteps(); builder.window(x, 3); }],
  'a window of no frames': [/frames/, () => { const { builder } = begun(); const x = builder.carry('x', 2, 2, null); builder.beginSteps(); builder.window(x, 0); }],
  'a layer that the network lacks': [/no layer 2/, () => { const { builder, two, network } = begun(); builder.dense([two], network, 2, 'none'); }],
  'half a layer': [/no layer 0.5/, () => { const { builder, two, network } = begun(); builder.dense([two], network, 0.5, 'none'); }],
  'a layer given other rows than it takes': [/takes 2 rows, not 4/, () => { const { builder, two, network } = begun(); builder.dense([two, two], network, 0, 'none'); }],
  'an operation with too few operands': [/takes 2 operands, not 1/, () => { const { builder, two } = begun(); builder.apply('add', two); }],
  'operands of different rows': [/2 rows where 3 or 1/, () => { const { builder, two } = begun(); builder.apply('add', two, builder.constant([1, 2, 3])); }],
  'a slice beyond the rows': [/2 rows/, () => { const { builder, two } = begun(); builder.slice(two, 1, 2); }],
  'a slice before the rows': [/2 rows/, () => { const { builder, two } = begun(); builder.slice(two, -1, 2); }],
  'a slice from the middle of a row': [/2 rows/, () => { const { builder, two } = begun(); builder.slice(two, 0.5, 1); }],
  'a slice of no rows': [/2 rows/, () => { const { builder, two } = begun(); builder.slice(two, 0, 0); }],
  'nothing put together': [/Nothing/, () => begun().builder.concat([])],
  'a value that is not there': [/no value 99/, () => begun().builder.apply('exp', 99 as ValueId)],
  'a sum over a value that is not there': [/no value 99/, () => begun().builder.sumRows(99 as ValueId)],
  'an input of each step read in the prologue': [/each step/, () => { const { builder, each } = begun(); builder.apply('exp', each); }],
  'an input of each step read in the epilogue': [/each step/, () => { const { builder, each } = begun(); builder.beginEpilogue(); builder.apply('exp', each); }],
  'a value of the step body read in the epilogue': [/step body only/, () => { const { builder, two } = begun(); builder.beginSteps(); const value = builder.apply('exp', two); builder.beginEpilogue(); builder.apply('exp', value); }],
  'a term of several rows': [/one row/, () => { const { builder, weight, two } = begun(); builder.term('t', builder.apply('exp', two), weight, 1); }],
  'a term on an input': [/prologue or epilogue/, () => { const { builder, weight } = begun(); builder.term('t', builder.input('one', 1), weight, 1); }],
  'a term on a value of the step body': [/prologue or epilogue/, () => { const { builder, weight, two } = begun(); builder.beginSteps(); builder.term('t', builder.sumRows(two), weight, 1); }],
  'a term weighed by a value': [/weights from an input/, () => { const { builder, two } = begun(); const one = builder.sumRows(two); builder.term('t', one, one, 1); }],
  'a term weighed by a constant': [/weights from an input/, () => { const { builder, two } = begun(); builder.term('t', builder.sumRows(two), builder.constant([1]), 1); }],
  'a term weighed by an input of each step': [/weights from an input/, () => { const { builder, two } = begun(); builder.term('t', builder.sumRows(two), builder.input('steps', 1, 'shared', true), 1); }],
  'a weight that is also computed with': [/terms only/, () => { const { builder, weight } = begun(); builder.term('t', builder.apply('log', weight), weight, 1); builder.build(); }],
  'a weight that a series begins with': [/terms only/, () => { const { builder, weight, two } = begun(); const x = builder.carry('x', 1, 1, weight); builder.term('t', builder.sumRows(two), weight, 1); builder.beginSteps(); builder.advance(x, builder.window(x, 1)); builder.build(); }],
  'a diversity with too few row weights': [/weight for each of the 2 rows/, () => { const { builder, weight } = begun(); builder.diversity({ ...diversity, weight, series: builder.carry('x', 2, 1, null), rowWeights: [1] }); }],
  'a diversity among more policies than there are': [/1 to 2 policies, not 3/, () => { const { builder, weight } = begun(); builder.diversity({ ...diversity, weight, series: builder.carry('x', 2, 1, null), count: 3 }); }],
  'a diversity without an epsilon': [/epsilon/, () => { const { builder, weight } = begun(); builder.diversity({ ...diversity, weight, series: builder.carry('x', 2, 1, null), epsilon: 0 }); }],
  'a diversity under a cap of nothing': [/cap/, () => { const { builder, weight } = begun(); builder.diversity({ ...diversity, weight, series: builder.carry('x', 2, 1, null), cap: Number.NaN }); }],
  'a diversity weighed by a value': [/weights from an input/, () => { const { builder, two } = begun(); builder.diversity({ ...diversity, weight: builder.sumRows(two), series: builder.carry('x', 2, 1, null) }); }],
};

describe('a program is refused, with the rule that it breaks, for', () => {
  test.each(Object.keys(RULES))('%s', (name) => {
    const [sentence, write] = RULES[name];
    expect(write).toThrowError(ProgramError);
    expect(write).toThrowError(sentence);
  });
});

test('a slice of all rows and a concatenation of one value are that value', () => {
  const { builder, two } = begun();
  expect(builder.slice(two, 0, 2)).toBe(two);
  expect(builder.concat([two])).toBe(two);
});

type Holder = Record<string, number>;

/** Where a program's data have numbers. */
function numbersIn(data: object): [Holder, string][] {
  return Object.entries(data).flatMap(([key, value]): [Holder, string][] => (typeof value === 'number' ? [[data as Holder, key]] : typeof value === 'object' && value !== null ? numbersIn(value) : []));
}

describe.each([['wasm', () => wasmEngine()], ...variants.slice(0, 1).map((variant) => ['native', () => nativeEngine(variant)] as const)] as const)('on %s', (_, open) => {
  const engine = open();
  afterAll(() => engine.dispose());

  test('a program whose numbers are others (references forward and to nothing, negative counts, overflow) is refused, or runs', () => {
    const outcomes = { refused: 0, ran: 0 };
    const becomes = fc.oneof(
      fc.constantFrom(-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, -(2 ** 31), 1e300).map((value) => () => value),
      fc.nat(40).map((value) => () => value),
      fc.integer({ min: -3, max: 3 }).map((distance) => (value: number) => value + distance),
    );
    fc.assert(
      fc.property(fc.nat(1e6), fc.array(fc.tuple(fc.nat(), becomes), { minLength: 1, maxLength: 3 }), (seed, changes) => {
        const program = structuredClone(randomProgram(seed, false).program);
        const places = numbersIn(program);
        for (const [at, become] of changes) {
          const [holder, key] = places[at % places.length];
          holder[key] = become(holder[key]);
        }
        try {
          const execution = engine.open(program);
          execution.run('update', { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 1, clip: 1 });
          execution.dispose();
          outcomes.ran++;
        } catch (error) {
          if (!(error instanceof ProgramError) && !(error instanceof EngineError)) throw error;
          outcomes.refused++;
        }
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(Math.min(outcomes.refused, outcomes.ran)).toBeGreaterThan(10);
  });

  test('a program of any shape that no memory holds is refused before anything is computed', () => {
    const large = fc.constantFrom(2 ** 24, 2 ** 28 + 1, 2 ** 31 - 1);
    fc.assert(
      fc.property(large, large, fc.nat(2), fc.constantFrom(1, 2 ** 12, 2 ** 24), (first, second, small, rows) => {
        const [members, starts, steps] = [0, 1, 2].map((index) => (index === small ? 1 : index === (small + 1) % 3 ? first : second));
        const builder = new ProgramBuilder({ policies: 1, members, starts, steps });
        const weight = builder.input('weight', 1);
        const start = builder.input('start', rows);
        const x = builder.carry('x', rows, 1, start);
        const network = builder.parameters('network', [1, 1], 'member', true);
        builder.beginSteps();
        const now = builder.window(x, 1);
        builder.advance(x, builder.apply('add', now, builder.dense([builder.slice(now, 0, 1)], network, 0, 'tanh')));
        builder.beginEpilogue();
        builder.term('sum', builder.sumRows(builder.window(x, 1)), weight, 1);
        const program = builder.build();
        expect(() => engine.open(program)).toThrowError(EngineError);
        expect(() => engine.open(program)).toThrowError(expect.objectContaining({ code: 'out-of-memory' }));
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
