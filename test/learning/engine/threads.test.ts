import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProgramBuilder } from '../../../src/learning/engine/program';
import { ThreadPool } from '../../../src/learning/engine/threads';
import { WasmEngine } from '../../../src/learning/engine/wasm';
import { buildScript } from '../../run/build';
import { built, wasmEngine } from './engines';
import { randomProgram } from './randomProgram';

let folder = '';
let script = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ibrl-threads-'));
  script = buildScript(join(import.meta.dirname, 'openAndDispose.ts'), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kernelModule = () => new WebAssembly.Module(new Uint8Array(readFileSync(built('kernel.wasm'))));

test.each([['disposes', ''], ['forgets to dispose', 'keep']])('a process that runs a program on three threads and %s ends by itself', (_, what) => {
  const output = execFileSync(process.execPath, [script, built('kernel.wasm'), built('engineWorker.cjs'), what], { encoding: 'utf8', timeout: 20_000 });
  expect(output).toBe('40 40 40 40');
});

test('a process that disposes of an engine before its threads have started ends by itself', () => {
  execFileSync(process.execPath, [script, built('kernel.wasm'), built('engineWorker.cjs'), 'unused'], { timeout: 20_000 });
});

test('executions opened, run and closed one after the other on one pool all give the bits of one thread', () => {
  const engine = wasmEngine(3);
  const single = wasmEngine(1);
  for (let seed = 0; seed < 60; seed++) {
    const random = randomProgram(seed, false);
    const [actual, expected] = [engine, single].map((each) => {
      const execution = each.open(random.program);
      random.load(execution);
      execution.run('gradient');
      const terms = execution.readTerms();
      execution.dispose();
      execution.dispose();
      return terms;
    });
    expect(actual, `seed ${seed}`).toEqual(expected);
  }
  engine.dispose();
  engine.dispose();
  single.dispose();
});

test('executions open at the same time do not touch one another', () => {
  const engine = wasmEngine(3);
  const randoms = [3, 4, 5].map((seed) => randomProgram(seed, false));
  const alone = randoms.map((random) => {
    const execution = engine.open(random.program);
    random.load(execution);
    execution.run('gradient');
    const terms = execution.readTerms();
    execution.dispose();
    return terms;
  });
  const executions = randoms.map((random) => {
    const execution = engine.open(random.program);
    random.load(execution);
    return execution;
  });
  for (const order of [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
    for (const index of order) {
      executions[index].run('gradient');
      expect(executions[index].readTerms()).toEqual(alone[index]);
    }
  executions[1].dispose();
  executions[0].run('gradient');
  expect(executions[0].readTerms()).toEqual(alone[0]);
  engine.dispose();
});

test('thousands of phases in a row on three threads give the same bits every time', () => {
  const random = randomProgram(2, false);
  const engine = wasmEngine(3);
  const execution = engine.open(random.program);
  random.load(execution);
  execution.run('gradient');
  const expected = execution.readTerms();
  for (let run = 0; run < 1000; run++) {
    execution.run('gradient');
    const terms = execution.readTerms();
    for (let i = 0; i < terms.length; i++) if (!Object.is(terms[i], expected[i])) throw new Error(`Run ${run} gave ${terms[i]} for ${expected[i]}.`);
  }
  engine.dispose();
});

test.each([1, 3])('a disposed execution refuses every use and the next one, on its memory, is not touched, on %i threads', (threads) => {
  const engine = wasmEngine(threads);
  const random = randomProgram(1, true);
  const disposed = engine.open(random.program);
  disposed.dispose();
  const open = engine.open(random.program);
  random.load(open);
  open.run('gradient');
  const expected = open.readTerms();
  expect(expected.some((term) => term !== 0)).toBe(true);
  const input = random.program.terms[0].weight;
  const { name } = random.program.parameters[0];
  const uses = [
    () => disposed.run('forward'), () => disposed.write(input, open.readTerms()), () => random.load(disposed), () => disposed.writeParameters(name, open.readParameters(name)),
    () => disposed.writeTermWeights(random.termWeights), () => disposed.readTerms(), () => disposed.readParameters(name), () => disposed.readGradientNorms(), () => disposed.readSeries('total'),
  ];
  for (const use of uses) expect(use, `${use}`).toThrowError(expect.objectContaining({ code: 'unavailable' }));
  disposed.dispose();
  open.run('gradient');
  expect(open.readTerms()).toEqual(expected);
  engine.dispose();
});

test.each([1, 3])('memory is used again by the next executions, larger and smaller ones, on %i threads', (threads) => {
  const engine = wasmEngine(threads);
  // 40 times up to 40 MiB: kept apart they would be over a GiB
  const steps = (count: number) => {
    const builder = new ProgramBuilder({ policies: 4, members: 1, starts: 32, steps: count });
    const weight = builder.input('weight', 1);
    const x = builder.carry('x', 200, 1, null);
    builder.beginSteps();
    builder.advance(x, builder.apply('add', builder.window(x, 1), builder.constant([1])));
    builder.beginEpilogue();
    builder.term('x', builder.slice(builder.window(x, 1), 199, 1), weight, 1);
    return { program: builder.build(), weight };
  };
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 40; round++) {
    const count = 100 + 20 * ((round * 7) % 15);
    const { program, weight } = steps(count);
    const execution = engine.open(program);
    execution.run('forward');
    expect([...execution.readTerms()], 'nothing is left of what was there before').toEqual([0, 0, 0, 0]);
    execution.write(weight, new Array<number>(32).fill(1));
    execution.run('forward');
    expect([...execution.readTerms()]).toEqual(new Array<number>(4).fill(32 * count));
    execution.dispose();
  }
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(250);
  engine.dispose();
});

test('what fails in a helper is told to the caller with its cause, once, and the pool goes on', () => {
  const pool = new ThreadPool(kernelModule(), 3, built('engineWorker.cjs'));
  const tooSmall = new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true });
  expect(() => pool.open(tooSmall)).toThrowError(expect.objectContaining({ code: 'unavailable', cause: expect.objectContaining({ message: expect.stringContaining('memory') }) }));
  pool.open(new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }));
  pool.dispose();
});

test('an error in the caller’s own task leaves the pool in order', () => {
  const engine = wasmEngine(3);
  const random = randomProgram(2, false);
  const execution = engine.open(random.program);
  random.load(execution);
  execution.run('gradient');
  const expected = execution.readTerms();
  const { arena } = execution as unknown as { arena: { task: (...numbers: number[]) => void } };
  const { task } = arena;
  for (let round = 0; round < 20; round++) {
    arena.task = () => { throw new RangeError('planted'); };
    expect(() => execution.run('gradient')).toThrowError('planted');
    arena.task = task;
    execution.run('gradient');
    expect(execution.readTerms()).toEqual(expected);
  }
  engine.dispose();
});

test('helpers that do not start are an error, not a wait without end', () => {
  const pool = new ThreadPool(kernelModule(), 2, join(folder, 'absent.cjs'));
  expect(() => pool.open(new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true }))).toThrowError(expect.objectContaining({ code: 'unavailable' }));
  pool.dispose();
});

test('a helper that ends for want of memory is an error with a remedy for a caller that is blocked, and then with its cause', () => {
  const outgrown = buildScript(join(import.meta.dirname, 'outgrownHelper.ts'), join(folder, 'outgrown'));
  const output = execFileSync(process.execPath, ['--max-old-space-size=16', outgrown, built('kernel.wasm'), built('engineWorker.cjs')], { encoding: 'utf8', timeout: 25_000 });
  expect(JSON.parse(output)).toEqual([
    ['unavailable', expect.stringContaining('for want of memory'), null],
    ['unavailable', expect.stringContaining('for want of memory'), 'ERR_WORKER_OUT_OF_MEMORY'],
  ]);
});

test('a number of threads that cannot be is refused', () => {
  const bytes = new Uint8Array(readFileSync(built('kernel.wasm')));
  for (const threads of [0, -1, 1.5, 257, Number.NaN]) expect(() => new WasmEngine(bytes, threads, built('engineWorker.cjs'))).toThrowError(RangeError);
});
