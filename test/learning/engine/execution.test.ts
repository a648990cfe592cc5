import { afterAll, expect, test } from 'vitest';
import type { Engine, Execution } from '../../../src/learning/engine/engine';
import { EngineError } from '../../../src/learning/engine/engineError';
import { parameterCountOf } from '../../../src/learning/engine/layout';
import { lower } from '../../../src/learning/engine/lower';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { type Program, ProgramBuilder, type ValueId } from '../../../src/learning/engine/program';
import type { RowTable } from '../../../src/learning/engine/rowTable';
import { float32Engines } from './everyEngine';

const engines: readonly Engine[] = [new ReferenceEngine(), ...float32Engines.map(({ engine }) => engine)];
afterAll(() => engines.forEach((engine) => engine.dispose()));

function small() {
  const builder = new ProgramBuilder({ policies: 2, members: 3, starts: 4, steps: 5 });
  const weight = builder.input('weight', 1);
  const own = builder.input('own', 2, 'member');
  const each = builder.input('each', 2, 'member', true);
  const trained = builder.parameters('trained', [2, 3], 'policy', true);
  builder.parameters('fixed', [2, 3], 'member', false);
  const doubled = builder.apply('add', own, own);
  const x = builder.carry('x', 3, 1, null);
  builder.beginSteps();
  builder.advance(x, builder.dense([each], trained, 0, 'tanh'));
  builder.beginEpilogue();
  builder.term('x', builder.sumRows(builder.window(x, 1)), weight, 1);
  return { program: builder.build(), weight, own, each, doubled };
}

test('arrays of the wrong length are refused and named, and nothing of them is taken', () => {
  const { program, weight, own, each, doubled } = small();
  const cases: Record<string, (execution: Execution, off: number) => void> = {
    '“weight” takes 4 numbers': (execution, off) => execution.write(weight, new Float32Array(4 + off)),
    '“own” takes 24 numbers': (execution, off) => execution.write(own, new Float32Array(24 + off).fill(1)),
    '“each” takes 120 numbers': (execution, off) => execution.write(each, new Float32Array(120 + off)),
    '“trained” takes 18 numbers': (execution, off) => execution.writeParameters('trained', new Float32Array(18 + off)),
    '“fixed” takes 27 numbers': (execution, off) => execution.writeParameters('fixed', new Float32Array(27 + off)),
    'weights takes 1 numbers': (execution, off) => execution.writeTermWeights(new Float32Array(1 + off)),
  };
  for (const engine of engines) {
    const execution = engine.open(program);
    for (const [sentence, write] of Object.entries(cases)) {
      for (const off of [-1, 1]) {
        expect(() => write(execution, off), engine.name).toThrowError(expect.objectContaining({ code: 'wrong-length' }));
        expect(() => write(execution, off), engine.name).toThrowError(sentence);
      }
    }
    execution.run('forward');
    expect(execution.readValue(doubled).every((value) => value === 0), engine.name).toBe(true);
    for (const write of Object.values(cases)) write(execution, 0);
    execution.run('forward');
    expect(execution.readValue(doubled).every((value) => value === 2), engine.name).toBe(true);
    execution.dispose();
  }
});

test('unknown names are refused', () => {
  const { program, doubled } = small();
  const cases: ((execution: Execution) => unknown)[] = [
    (execution) => execution.write(doubled, []),
    (execution) => execution.write(99 as ValueId, []),
    (execution) => execution.writeParameters('other', []),
    (execution) => execution.readParameters('other'),
    (execution) => execution.readParameters('fixed', 'gradient'),
    (execution) => execution.writeParameters('fixed', [], 'firstMoment'),
    (execution) => execution.readSeries('y'),
    (execution) => execution.readValue(99 as ValueId),
  ];
  for (const engine of engines) {
    const execution = engine.open(program);
    for (const use of cases) {
      expect(() => use(execution), `${engine.name}: ${use}`).toThrowError(EngineError);
      expect(() => use(execution), `${engine.name}: ${use}`).toThrowError(expect.objectContaining({ code: 'unknown-name' }));
    }
    execution.dispose();
  }
});

test('what is read is a copy: writing into it changes nothing', () => {
  const { program, weight, own, each, doubled } = small();
  for (const engine of engines) {
    const execution = engine.open(program);
    execution.write(weight, [1, 1, 1, 1]);
    execution.write(own, new Float32Array(24).fill(1));
    execution.write(each, new Float32Array(120).fill(1));
    execution.writeParameters('trained', new Float32Array(18).fill(0.1));
    execution.run('gradient');
    const reads = [() => execution.readTerms(), () => execution.readSeries('x'), () => execution.readValue(doubled), () => execution.readParameters('trained'), () => execution.readParameters('trained', 'gradient'), () => execution.readGradientNorms().norm];
    for (const read of reads) {
      const before = [...read()];
      expect(before.some((value) => value !== 0), `${engine.name}: ${read}`).toBe(true);
      read().fill(7);
      expect([...read()], `${engine.name}: ${read}`).toEqual(before);
    }
    execution.dispose();
  }
});

test('gathered rows are what writing them would be, for any number of starts, rows that overlap and tables side by side', () => {
  const narrow: RowTable = { numbers: Float32Array.from({ length: 40 }, (_, i) => i + 0.25), firsts: Int32Array.from({ length: 34 }, (_, row) => 33 - row), width: 7 };
  const wide: RowTable = { numbers: Float32Array.from({ length: 34 * 13 }, (_, i) => -1 - i), firsts: Int32Array.from({ length: 34 }, (_, row) => row * 13), width: 13 };
  for (const starts of [1, 16, 18, 70]) {
    const builder = new ProgramBuilder({ policies: 1, members: 2, starts, steps: 0 });
    const [both, one] = [builder.input('both', 20, 'member'), builder.input('one', 7, 'member')];
    const read = builder.concat([builder.apply('abs', both), builder.apply('abs', one)]);
    const program = builder.build();
    const rows = Int32Array.from({ length: 2 * starts }, (_, i) => (i * i * 7) % 34);
    const numberOf = (feature: number, row: number) => (feature < 7 ? narrow.numbers[narrow.firsts[row] + feature] : feature < 20 ? wide.numbers[wide.firsts[row] + feature - 7] : narrow.numbers[narrow.firsts[row] + feature - 20]);
    const expected = Array.from({ length: 2 * 27 * starts }, (_, i) => Math.abs(numberOf(Math.floor(i / starts) % 27, rows[Math.floor(i / (27 * starts)) * starts + (i % starts)])));
    for (const each of engines) {
      const execution = each.open(program, new Map([[both, [narrow, wide]], [one, [narrow]]]));
      execution.gather(rows.map((row) => 33 - row));
      execution.run('forward');
      execution.gather(rows);
      for (let run = 0; run < 2; run++) {
        execution.run('forward');
        expect([...execution.readValue(read)], `${each.name}, ${starts} starts`).toEqual(expected);
      }
      execution.dispose();
    }
  }
});

test('rows and tables that are not there are refused', () => {
  const { program, own, each: perStep } = small();
  const table = (width: number, last: number): RowTable => ({ numbers: new Float32Array(6), firsts: Int32Array.of(0, last), width });
  for (const engine of engines) {
    for (const tables of [[table(2, 5)], [table(2, -1)], [table(3, 0)], [table(1, 0)], [table(1, 0), { ...table(1, 0), firsts: Int32Array.of(0) }]])
      expect(() => engine.open(program, new Map([[own, tables]])), engine.name).toThrowError(expect.objectContaining({ code: 'wrong-length' }));
    expect(() => engine.open(program, new Map([[perStep, [table(2, 0)]]])), engine.name).toThrowError(expect.objectContaining({ code: 'wrong-length' }));
    const execution = engine.open(program, new Map([[own, [table(2, 4)]]]));
    for (const rows of [new Int32Array(11), new Int32Array(13), new Int32Array(12).fill(2), new Int32Array(12).fill(-1)])
      expect(() => execution.gather(rows), engine.name).toThrowError(expect.objectContaining({ code: 'wrong-length' }));
    execution.dispose();
    const without = engine.open(program);
    expect(() => without.gather(new Int32Array(12)), engine.name).toThrowError(expect.objectContaining({ code: 'unknown-name' }));
    without.dispose();
  }
});

test('a series is read back with its past, oldest first, for each policy, member, row and start', () => {
  const builder = new ProgramBuilder({ policies: 2, members: 2, starts: 3, steps: 2 });
  const past = builder.input('past', 4, 'member');
  const push = builder.input('push', 2, 'member', true);
  const own = builder.parameters('own', [1, 2], 'policy', false);
  const x = builder.carry('x', 2, 2, past);
  builder.beginSteps();
  builder.advance(x, builder.apply('add', push, builder.dense([builder.constant([1])], own, 0, 'none')));
  const program = builder.build();

  // the initial rows stand newest first: time −1 is the first frame of the input
  const initial = (member: number, frame: number, row: number, start: number) => 1000 + 100 * member + 10 * (2 * frame + row) + start;
  const step = (member: number, t: number, row: number, start: number) => 2000 + 100 * member + 10 * (2 * t + row) + start;
  const grid = (rows: (member: number, outer: number, row: number, start: number) => number) => [0, 1].flatMap((m) => [0, 1].flatMap((t) => [0, 1].flatMap((r) => [0, 1, 2].map((s) => rows(m, t, r, s)))));
  const bias = (policy: number, row: number) => 0.25 * (1 + policy) + 0.125 * row;
  const expected = [0, 1].flatMap((k) => [0, 1].flatMap((m) => [0, 1, 2, 3].flatMap((time) => [0, 1].flatMap((r) => [0, 1, 2].map((s) => (time < 2 ? initial(m, 1 - time, r, s) : step(m, time - 2, r, s) + bias(k, r)))))));
  for (const each of engines) {
    const execution = each.open(program);
    execution.write(past, grid(initial));
    execution.write(push, grid(step));
    execution.writeParameters('own', [0, 1].flatMap((k) => [0, 0, bias(k, 0), bias(k, 1)]));
    execution.run('forward');
    expect([...execution.readSeries('x')], each.name).toEqual(expected);
    execution.dispose();
  }
});

test('values of prologue and epilogue are read back, views among them, and others are refused by name', () => {
  const builder = new ProgramBuilder({ policies: 1, members: 2, starts: 18, steps: 2 });
  const start = builder.input('start', 3, 'member');
  const x = builder.carry('x', 3, 2, builder.concat([start, start]));
  const doubled = builder.apply('add', start, start);
  const middle = builder.slice(doubled, 1, 1);
  builder.beginSteps();
  const next = builder.apply('add', builder.window(x, 1), builder.constant([1]));
  builder.advance(x, next);
  builder.beginEpilogue();
  const last = builder.window(x, 2);
  const end = builder.slice(last, 2, 2);
  const program = builder.build();
  const numbers = Float32Array.from({ length: 2 * 3 * 18 }, (_, i) => i);
  const rowsOf = (member: number, row: number) => [...numbers.subarray((member * 3 + row) * 18, (member * 3 + row + 1) * 18)];
  for (const each of engines) {
    const execution = each.open(program);
    execution.write(start, numbers);
    execution.run('forward');
    expect([...execution.readValue(middle)], each.name).toEqual([0, 1].flatMap((m) => rowsOf(m, 1).map((v) => 2 * v)));
    expect([...execution.readValue(last)], each.name).toEqual([0, 1].flatMap((m) => [2, 1].flatMap((added) => [0, 1, 2].flatMap((r) => rowsOf(m, r).map((v) => v + added)))));
    expect([...execution.readValue(end)], each.name).toEqual([0, 1].flatMap((m) => [...rowsOf(m, 2).map((v) => v + 2), ...rowsOf(m, 0).map((v) => v + 1)]));
    for (const value of [next, start, 99 as ValueId]) expect(() => execution.readValue(value), `${each.name}, value ${value}`).toThrowError(expect.objectContaining({ code: 'unknown-name' }));
    execution.dispose();
  }
});

/** 64 policies that carry a thousand values over the given number of steps. */
function large(steps: number): Program {
  const builder = new ProgramBuilder({ policies: 64, members: 4, starts: 256, steps });
  const x = builder.carry('x', 1000, 1, null);
  builder.beginSteps();
  builder.advance(x, builder.apply('add', builder.window(x, 1), builder.constant([1])));
  return builder.build();
}

test('a program beyond four GiB is refused before anything is allocated, also where its size is beyond 32 bits', () => {
  const wasm = engines[1];
  for (const steps of [200, 1_000_000, 2_000_000_000]) {
    const before = process.memoryUsage();
    expect(() => wasm.open(large(steps))).toThrowError(expect.objectContaining({ code: 'out-of-memory' }));
    const after = process.memoryUsage();
    expect(after.rss + after.arrayBuffers - before.rss - before.arrayBuffers).toBeLessThan(200 * 2 ** 20);
  }
});

test('every region of an arena lies behind the program and before its end, on a border of 16 floats', () => {
  for (const starts of [1, 16, 17, 33]) {
    const builder = new ProgramBuilder({ policies: 3, members: 2, starts, steps: 7 });
    const weight = builder.input('weight', 1, 'member');
    const each = builder.input('each', 3, 'member', true);
    const policy = builder.parameters('policy', [6, 17, 3], 'policy', true);
    const x = builder.carry('x', 3, 2, null);
    builder.beginSteps();
    builder.advance(x, builder.apply('add', each, builder.network([builder.window(x, 2)], policy, 'tanh')));
    builder.beginEpilogue();
    builder.term('x', builder.sumRows(builder.window(x, 1)), weight, 1);
    builder.diversity({ name: 'd', series: x, weight, rowWeights: [1, 1, 1], epsilon: 1, cap: 9, count: 3, measure: 'lsed' });
    const lowered = lower(builder.build(), 4, 2, { activations: 2 ** 28, arena: 2 ** 30 });
    const places = [...lowered.inputs, ...lowered.constants.values(), ...lowered.series, lowered.termWeights, lowered.termValues, lowered.hyper, ...lowered.parameters.flatMap(({ value, gradient, firstMoment, secondMoment, cells, stats }) => [value, gradient, firstMoment, secondMoment, cells, stats])];
    for (const place of places) {
      expect(place % 16).toBe(0);
      expect(place).toBeGreaterThanOrEqual(lowered.words.length);
      expect(place).toBeLessThan(lowered.floats);
    }
    expect(new Set(places).size).toBe(places.length);
    expect(lowered.parameters[0].count).toBeGreaterThanOrEqual(parameterCountOf([6, 17, 3]));
  }
});
