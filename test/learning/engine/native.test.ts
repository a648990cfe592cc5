import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/learning/engine/engine';
import { NativeEngine, type NativeAddon } from '../../../src/learning/engine/native';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { selfTest } from '../../../src/learning/engine/selfTest';
import { nativeAddon, nativeEngine, variants, wasmEngine, worstDeviation } from './engines';
import type { LoadedProgram } from './loadedProgram';
import { randomProgram } from './randomProgram';

const reference = new ReferenceEngine();
const wasm = wasmEngine();
afterAll(() => wasm.dispose());
const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: 0.5 };
const seeds = fc.integer({ min: 0, max: 1e6 });

/** Everything that can be read after three steps of Adam, as one text. */
function bitsOf(engine: Engine, { program, load }: Pick<LoadedProgram, 'program' | 'load'>): string {
  const execution = engine.open(program);
  load(execution);
  for (let step = 1; step <= 3; step++) execution.run('update', { ...adam, step });
  const trained = program.parameters.filter((block) => block.trainable).flatMap(({ name }) => (['value', 'gradient', 'firstMoment', 'secondMoment'] as const).map((of) => execution.readParameters(name, of)));
  const arrays = [...trained, ...program.series.map(({ name }) => execution.readSeries(name)), execution.readTerms(), execution.readGradientNorms().norm];
  execution.dispose();
  return Buffer.concat(arrays.map((array) => Buffer.from(array.buffer))).toString('base64');
}

describe.skipIf(variants.length === 0)('the native kernel', () => {
  test('is there in both arithmetics', () => {
    expect(new Set(variants.map(({ arithmetic }) => arithmetic))).toEqual(new Set(['portable', 'fused']));
  });

  describe.each(variants)('for $processor, $arithmetic', (variant) => {
    const engines = [1, 2, 4].map((threads) => nativeEngine(variant, threads));
    const [engine] = engines;
    afterAll(() => engines.forEach((each) => each.dispose()));

    test('agrees with the reference on random programs', () => {
      fc.assert(
        fc.property(seeds, fc.boolean(), (seed, smooth) => {
          const { program, load } = randomProgram(seed, smooth);
          const [expected, actual] = [reference, engine].map((each) => {
            const execution = each.open(program);
            load(execution);
            execution.run('gradient');
            return execution;
          });
          expect(worstDeviation(actual.readTerms(), expected.readTerms()), 'terms').toBeLessThan(1e-5);
          for (const { name } of program.series) expect(worstDeviation(actual.readSeries(name), expected.readSeries(name)), name).toBeLessThan(1e-5);
          if (smooth) for (const { name, trainable } of program.parameters) if (trainable) expect(worstDeviation(actual.readParameters(name, 'gradient'), expected.readParameters(name, 'gradient')), name).toBeLessThan(2e-5);
          actual.dispose();
        }),
        { numRuns: 60, seed: 11 },
      );
    });

    test('gives the same bits on 1, 2 and 4 threads, and in portable arithmetic those of WebAssembly', () => {
      fc.assert(
        fc.property(seeds, fc.boolean(), (seed, smooth) => {
          const random = randomProgram(seed, smooth);
          const [expected, ...others] = engines.map((each) => bitsOf(each, random));
          for (const other of others) expect(other === expected, `seed ${seed}`).toBe(true);
          if (variant.arithmetic === 'portable') expect(bitsOf(wasm, random) === expected, `seed ${seed}, WebAssembly`).toBe(true);
        }),
        { numRuns: 60, seed: 3 },
      );
    });

    test('passes the test that is made before it is used', () => {
      expect(selfTest(engine, reference, variant.arithmetic === 'portable' ? wasm : null)).toBeNull();
    });
  });

  test('fused arithmetic is a family of its own, the same on every processor', () => {
    const fused = variants.filter(({ arithmetic }) => arithmetic === 'fused').map((variant) => nativeEngine(variant));
    const random = randomProgram(8, true);
    const bits = new Set(fused.map((engine) => bitsOf(engine, random)));
    expect(bits.size).toBe(1);
    expect(bits).not.toContain(bitsOf(wasm, random));
    fused.forEach((engine) => engine.dispose());
  });

  test('a closed engine and a closed execution refuse to go on', () => {
    const engine = nativeEngine(variants[0], 2);
    const { program } = randomProgram(1, true);
    const execution = engine.open(program);
    execution.dispose();
    expect(() => execution.run('forward')).toThrowError(expect.objectContaining({ code: 'unavailable' }));
    const left = engine.open(program);
    engine.dispose();
    engine.dispose();
    expect(() => left.run('forward')).toThrowError(expect.objectContaining({ code: 'unavailable' }));
  });

  test('the addon refuses arguments that are not what it made, or reach outside an arena', () => {
    const addon = nativeAddon as NativeAddon;
    const [{ processor, arithmetic }] = variants;
    const memory = addon.take(100);
    const pool = addon.open(processor, arithmetic, 1);
    const array = new Float32Array(8);
    const uses: (() => unknown)[] = [
      () => addon.write(memory, 93, array, 8), () => addon.write(memory, -1, array, 8), () => addon.write(memory, 0, array, 9), () => addon.write(memory, 2 ** 53, array, 1),
      () => addon.read(memory, 85, new Float64Array(8), 8), () => addon.read(pool as never, 0, array, 8), () => addon.read(memory, 0, [] as never, 0),
      () => addon.run(memory as never, memory, new Int32Array(3), 1), () => addon.run(pool, pool as never, new Int32Array(3), 1), () => addon.run(pool, memory, new Int32Array(3), 2),
      () => addon.run(pool, memory, new Int32Array([1, 0, -1]), 1), () => addon.take(0), () => addon.take(2 ** 40), () => addon.open('z80', arithmetic, 1), () => addon.open(processor, arithmetic, 0),
      () => addon.close(memory as never), () => addon.giveBack(pool as never), () => (addon.take as () => unknown)(),
    ];
    for (const use of uses) expect(use, `${use}`).toThrowError('native kernel');
    addon.write(memory, 92, array, 8);
    addon.giveBack(memory);
    addon.giveBack(memory);
    expect(() => addon.write(memory, 0, array, 1)).toThrowError('outside the arena');
    addon.close(pool);
    addon.close(pool);
  });

  test('more memory than there is, is an error that says what to do', () => {
    const addon: NativeAddon = { ...(nativeAddon as NativeAddon), take: () => { throw new Error('no memory'); } };
    const engine = new NativeEngine(addon, variants[0], 1);
    expect(() => engine.open(randomProgram(1, true).program)).toThrowError(expect.objectContaining({ code: 'out-of-memory', message: expect.stringContaining('lower the horizon') }));
    engine.dispose();
  });
});

test('the test before use finds an engine that is wrong, and one that is right but not to the last bit', () => {
  const wrong = { ...reference, name: 'native' as const, open: (program: Parameters<Engine['open']>[0]) => Object.assign(reference.open(program), { readTerms: () => new Float64Array(4) }), dispose: () => undefined };
  expect(selfTest(wrong, reference, null)?.text).toContain('not those of the reference');
  expect(selfTest(wasm, reference, reference)?.text).toContain('to the last bit');
  expect(selfTest(wasm, reference, wasm)).toBeNull();
});
