import { afterAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/learning/engine/engine';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { type Program, ProgramBuilder, type Term } from '../../../src/learning/engine/program';
import { wasmEngine, worstDeviation } from './engines';
import { float32Engines } from './everyEngine';
import { worstDeviationFromReference, worstGradientError } from './gradientCheck';
import { loadedProgram } from './loadedProgram';

const every: readonly Engine[] = [new ReferenceEngine(), ...float32Engines.map(({ engine }) => engine)];
const wasm = wasmEngine();
afterAll(() => [...every, wasm].forEach((engine) => engine.dispose()));

type Diversity = Extract<Term, { kind: 'diversity' }>;
const MEASURES = ['lsed', 'min-lsed', 'min-lsed-global'] as const;

interface Shape {
  readonly policies?: number;
  readonly members?: number;
  readonly starts?: number;
  readonly extent?: 'member' | 'shared';
  readonly trainable?: boolean;
}

/** Policies that steer two states for three steps; the terms are given by `add`. */
function steering({ policies = 4, members = 2, starts = 5, extent = 'member', trainable = true }: Shape, add: (builder: ProgramBuilder, ids: { readonly weight: ReturnType<ProgramBuilder['input']>; readonly x: Diversity['series'] }) => void): Program {
  const builder = new ProgramBuilder({ policies, members, starts, steps: 3 });
  const weight = builder.input('weight', 1, extent);
  const start = builder.input('start', 2, extent);
  const policy = builder.parameters('policy', [2, 2], 'policy', trainable);
  const model = builder.parameters('model', [2, 2], 'member', false);
  const x = builder.carry('x', 2, 1, start);
  builder.beginSteps();
  const action = builder.dense([builder.window(x, 1)], policy, 0, 'tanh');
  builder.advance(x, builder.apply('add', builder.window(x, 1), builder.dense([action], model, 0, 'tanh')));
  builder.beginEpilogue();
  add(builder, { weight, x });
  return builder.build();
}

const diversityOf = (rest: Partial<Diversity>) => (builder: ProgramBuilder, { weight, x }: Pick<Diversity, 'weight'> & { readonly x: Diversity['series'] }) =>
  builder.diversity({ name: 'diversity', series: x, weight, rowWeights: [0.2, 0.05], epsilon: 1e-3, cap: 1e30, count: 4, measure: 'min-lsed', ...rest });

const lastState = (builder: ProgramBuilder, x: Diversity['series']) => builder.slice(builder.window(x, 1), 1, 1);

describe('a term', () => {
  for (const members of ['sum', 'minimum'] as const)
    for (const extent of ['member', 'shared'] as const)
      test(`that takes the ${members} over members, weights of each ${extent}: the gradient is right and engines agree`, () => {
        const loaded = loadedProgram(steering({ members: 3, extent }, (builder, { weight, x }) => builder.term('last', lastState(builder, x), weight, -1.5, members)), 3);
        expect(worstGradientError(loaded)).toBeLessThan(1e-6);
        for (const { name: its, engine } of float32Engines) expect(worstDeviationFromReference(engine, loaded), its).toBeLessThan(1e-5);
      });

  test('on a value of the prologue: the gradient is right and engines agree', () => {
    const builder = new ProgramBuilder({ policies: 2, members: 2, starts: 5, steps: 0 });
    const weight = builder.input('weight', 1);
    const start = builder.input('start', 2, 'member');
    const layer = builder.dense([start], builder.parameters('policy', [2, 3], 'policy', true), 0, 'tanh');
    builder.term('slice', builder.slice(layer, 1, 1), weight, 2);
    builder.term('square', builder.sumRows(builder.apply('square', layer)), weight, 0.5, 'minimum');
    const loaded = loadedProgram(builder.build(), 1);
    expect(worstGradientError(loaded)).toBeLessThan(1e-6);
    for (const { name: its, engine } of float32Engines) expect(worstDeviationFromReference(engine, loaded), its).toBeLessThan(1e-5);
  });

  test('on the same value as another term: both pull', () => {
    const loaded = loadedProgram(steering({}, (builder, { weight, x }) => {
      const last = lastState(builder, x);
      builder.term('first', last, weight, 1);
      builder.term('second', last, weight, 0.25, 'minimum');
      builder.term('direct', builder.slice(builder.window(x, 1), 0, 1), weight, -1);
    }), 8);
    expect(worstGradientError(loaded)).toBeLessThan(1e-6);
    for (const { name: its, engine } of float32Engines) expect(worstDeviationFromReference(engine, loaded), its).toBeLessThan(1e-5);
  });

  test('that no gradient reaches leaves the inputs and series that it reads as they are', () => {
    for (const each of every) {
      const program = steering({ trainable: false }, (builder, ids) => {
        builder.term('start', builder.slice(builder.window(ids.x, 1), 0, 1), ids.weight, 1);
        diversityOf({})(builder, ids);
      });
      const execution = each.open(program);
      loadedProgram(program, 2).load(execution);
      execution.run('forward');
      const [series, terms] = [execution.readSeries('x'), execution.readTerms()];
      execution.run('gradient');
      expect(execution.readSeries('x'), each.name).toEqual(series);
      expect(execution.readTerms(), each.name).toEqual(terms);
      execution.run('gradient');
      expect(execution.readTerms(), each.name).toEqual(terms);
      execution.dispose();
    }
  });

  test('on rows of an input gives the same again and again', () => {
    const builder = new ProgramBuilder({ policies: 2, members: 1, starts: 3, steps: 0 });
    const weight = builder.input('weight', 1);
    const start = builder.input('start', 2);
    builder.term('input', builder.slice(start, 1, 1), weight, 1);
    const program = builder.build();
    for (const each of every) {
      const execution = each.open(program);
      execution.write(weight, [1, 1, 1]);
      execution.write(start, [9, 9, 9, 1, 2, 3]);
      for (let run = 0; run < 3; run++) {
        execution.run('gradient');
        expect([...execution.readTerms()], each.name).toEqual([6, 6]);
      }
      execution.dispose();
    }
  });
});

describe('the least member', () => {
  /** One policy, members whose value is given directly: [members × starts]. */
  function least(values: readonly number[], starts: number) {
    const members = values.length / starts;
    const builder = new ProgramBuilder({ policies: 1, members, starts, steps: 0 });
    const weight = builder.input('weight', 1);
    const value = builder.input('value', 1, 'member');
    const own = builder.parameters('own', [1, 1], 'member', true);
    builder.term('least', builder.apply('add', value, builder.dense([builder.constant([0])], own, 0, 'none')), weight, 1, 'minimum');
    const program = builder.build();
    return every.map((each) => {
      const execution = each.open(program);
      execution.write(weight, new Array<number>(starts).fill(1));
      execution.write(value, values);
      execution.run('gradient');
      const result = { term: execution.readTerms()[0], gradient: [...execution.readParameters('own', 'gradient')].filter((_, i) => i % 2 === 1) };
      execution.dispose();
      return result;
    });
  }

  test('is taken for each start by itself, and alone has the gradient', () => {
    for (const result of least([3, 1, 4, 2, 2, 5], 2)) expect(result).toEqual({ term: 3, gradient: [1, 0, 1] });
  });

  test('is the lower one of equals', () => {
    for (const result of least([7, 2, 2], 1)) expect(result).toEqual({ term: 2, gradient: [0, 1, 0] });
  });

  test('is the one that is not a number, wherever it stands', () => {
    for (let at = 0; at < 3; at++) for (const { term } of least([1, 2, 3].map((value, m) => (m === at ? Number.NaN : value)), 1)) expect(term, `member ${at}`).toBeNaN();
  });
});

describe.each(MEASURES)('%s', (measure) => {
  for (const [name, rest] of Object.entries({ 'among all policies': {}, 'among the first three of four': { count: 3 }, 'among two': { count: 2 }, 'under a cap that some pairs reach': { cap: measure === 'min-lsed-global' ? 10 : 0.35 } }))
    test(`${name}: the gradient is right and engines agree`, () => {
      for (const seed of [1, 2]) {
        const loaded = loadedProgram(steering({ members: 3 }, diversityOf({ measure, ...rest })), seed);
        expect(worstGradientError(loaded), 'central differences').toBeLessThan(1e-6);
        for (const { name: its, engine } of float32Engines) expect(worstDeviationFromReference(engine, loaded), its).toBeLessThan(1e-5);
      }
    });

  test('is minus the cap, without gradient, where every pair is further apart', () => {
    const program = steering({}, diversityOf({ measure, cap: 0.04 }));
    const { load } = loadedProgram(program, 1);
    for (const each of every) {
      const execution = each.open(program);
      load(execution);
      execution.run('gradient');
      const terms = execution.readTerms();
      for (let policy = 0; policy < 4; policy++) expect(terms[2 * policy], each.name).toBeCloseTo(-0.04, 7);
      expect(execution.readParameters('policy', 'gradient').every((g) => g === 0), each.name).toBe(true);
      execution.dispose();
    }
  });

  test('is 0 for one policy', () => {
    const loaded = loadedProgram(steering({ policies: 1 }, diversityOf({ measure, count: 1 })), 1);
    for (const each of every) {
      const execution = each.open(loaded.program);
      loaded.load(execution);
      execution.run('gradient');
      expect([...execution.readTerms()], each.name).toEqual([0, 0]);
      execution.dispose();
    }
  });

  test('of equal policies is minus the root of epsilon, without gradient', () => {
    const program = steering({ starts: 3, extent: 'shared' }, diversityOf({ measure, epsilon: 0.25 }));
    const { load } = loadedProgram(program, 1);
    for (const each of every) {
      const execution = each.open(program);
      load(execution);
      const first = execution.readParameters('policy').subarray(0, 6);
      execution.writeParameters('policy', [0, 1, 2, 3].flatMap(() => [...first]));
      execution.write(program.terms[0].weight, [1 / 6, 1 / 6, 1 / 6]);
      execution.run('gradient');
      for (let policy = 0; policy < 4; policy++) expect(execution.readTerms()[2 * policy], each.name).toBeCloseTo(-0.5, 6);
      expect(execution.readParameters('policy', 'gradient').every((g) => g === 0), each.name).toBe(true);
      execution.dispose();
    }
  });

  test('is not a number where a rollout is not, and neither is the gradient of that policy', () => {
    const program = steering({}, diversityOf({ measure }));
    const { load } = loadedProgram(program, 1);
    for (const each of every)
      for (let broken = 0; broken < 4; broken++) {
        const execution = each.open(program);
        load(execution);
        const policies = execution.readParameters('policy');
        policies[broken * 6 + 5] = Number.NaN;
        execution.writeParameters('policy', policies);
        execution.run('gradient');
        expect(execution.readTerms()[2 * broken], `${each.name}, policy ${broken}`).toBeNaN();
        expect(execution.readGradientNorms().finite[broken], `${each.name}, policy ${broken}`).toBe(false);
        execution.dispose();
      }
  });
});

describe('the nearest partner', () => {
  /** Policies that stand still where their bias says; distances are those of the biases. @returns gradient to each bias */
  function pulls(places: readonly number[], measure: Diversity['measure']) {
    const builder = new ProgramBuilder({ policies: places.length, members: 1, starts: 1, steps: 1 });
    const weight = builder.input('weight', 1);
    const policy = builder.parameters('policy', [1, 1], 'policy', true);
    const x = builder.carry('x', 1, 1, null);
    builder.beginSteps();
    builder.advance(x, builder.dense([builder.constant([0])], policy, 0, 'none'));
    builder.diversity({ name: 'diversity', series: x, weight, rowWeights: [1], epsilon: 1e-12, cap: 1e30, count: places.length, measure });
    const program = builder.build();
    return every.map((each) => {
      const execution = each.open(program);
      execution.write(weight, [1]);
      execution.writeParameters('policy', places.flatMap((place) => [0, place]));
      execution.run('gradient');
      const result = { terms: [...execution.readTerms()].map((term) => Math.round(term * 1e4) / 1e4), gradient: [...execution.readParameters('policy', 'gradient')].filter((_, i) => i % 2 === 1).map((g) => Math.round(g * 1e4) / 1e4) };
      execution.dispose();
      return result;
    });
  }

  test('is the lower one of two that are equally far', () => {
    // places 0, 1, 2: policy 1 is as far from 0 as from 2 and pulls at 0; so the pair (0, 1) is pulled twice, (1, 2) once
    for (const result of pulls([0, 1, 2], 'min-lsed')) expect(result).toEqual({ terms: [-1, -1, -1], gradient: [2, -1, -1] });
  });

  test('of each policy is its own, while the global measure pulls the closest pair only, once for each policy', () => {
    for (const result of pulls([0, 1, 5], 'min-lsed')) expect(result).toEqual({ terms: [-1, -1, -4], gradient: [2, -1, -1] });
    for (const result of pulls([0, 1, 5], 'min-lsed-global')) expect(result).toEqual({ terms: [-1, -1, -1], gradient: [3, -3, 0] });
    for (const result of pulls([0, 1, 5], 'lsed')) expect(result).toEqual({ terms: [-3, -2.5, -4.5], gradient: [2, 0, -2] });
  });

  test('pairs that tie for the closest are pulled at the lower indices', () => {
    for (const result of pulls([3, 0, 1, 2], 'min-lsed-global')) expect(result).toEqual({ terms: [-1, -1, -1, -1], gradient: [-4, 0, 0, 4] });
  });
});

test.each([1, 5, 15, 17, 33])('padded lanes count nothing: %i starts give the sum of runs with one start each', (starts) => {
  const add = (builder: ProgramBuilder, ids: Parameters<ReturnType<typeof diversityOf>>[1]) => {
    builder.term('sum', lastState(builder, ids.x), ids.weight, 1);
    builder.term('least', builder.apply('exp', lastState(builder, ids.x)), ids.weight, -0.5, 'minimum');
    for (const measure of MEASURES) diversityOf({ name: measure, measure, count: 2 })(builder, ids);
  };
  const program = steering({ policies: 2, starts }, add);
  const single = steering({ policies: 2, starts: 1 }, add);
  const { load } = loadedProgram(program, 6);
  const whole = wasm.open(program);
  const alone = wasm.open(single);
  load(whole);
  load(alone_(alone, 0));
  let terms: Float64Array | null = null;
  let gradient: Float64Array | null = null;
  for (let start = 0; start < starts; start++) {
    load(alone_(alone, start));
    alone.run('gradient');
    terms = addTo(terms, alone.readTerms());
    gradient = addTo(gradient, alone.readParameters('policy', 'gradient'));
  }
  whole.run('gradient');
  expect(worstDeviation(whole.readTerms(), terms as Float64Array)).toBeLessThan(1e-6);
  expect(worstDeviation(whole.readParameters('policy', 'gradient'), gradient as Float64Array)).toBeLessThan(1e-5);
  whole.dispose();
  alone.dispose();

  /** Passes only one start of every input on to the execution. */
  function alone_(execution: typeof whole, start: number): typeof whole {
    return new Proxy(execution, {
      get: (target, key) => (key === 'write' ? (id: Parameters<typeof target.write>[0], values: ArrayLike<number>) => target.write(id, Array.from(values).filter((_, i) => i % starts === start)) : (Reflect.get(target, key, target) as CallableFunction).bind(target)),
    });
  }
});

function addTo(sum: Float64Array | null, values: ArrayLike<number>): Float64Array {
  const result = sum ?? new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] += values[i];
  return result;
}
