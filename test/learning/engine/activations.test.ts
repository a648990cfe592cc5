import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/learning/engine/engine';
import { lower } from '../../../src/learning/engine/lower';
import { type Program, ProgramBuilder } from '../../../src/learning/engine/program';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { nativeEngine, variants, wasmEngine, worstDeviation } from './engines';
import { type LoadedProgram, loadedProgram } from './loadedProgram';
import { randomProgram } from './randomProgram';

const THREADS = [1, 2, 4];
const AMPLE = 2 ** 30;
const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: 0.5 };

/** Rollouts of 3 policies through 2 models that are not trained, both activations, from starts in several strips. */
function rollouts(starts = 75, steps = 9): Program {
  const builder = new ProgramBuilder({ policies: 3, members: 2, starts, steps });
  const weight = builder.input('weight', 1);
  const start = builder.input('start', 4);
  const push = builder.input('push', 1, 'member', true);
  const policy = builder.parameters('policy', [4, 21, 18, 1], 'policy', true);
  const model = builder.parameters('model', [5, 37, 19, 3], 'member', false);
  const frames = builder.carry('frames', 2, 2, start);
  const total = builder.carry('total', 1, 1, null);
  builder.beginSteps();
  const window = builder.window(frames, 2);
  const action = builder.apply('tanh', builder.network([window], policy, 'tanh'));
  const output = builder.network([window, action], model, 'relu');
  builder.advance(frames, builder.apply('affine', builder.slice(output, 0, 2), builder.constant([0.1]), builder.window(frames, 1)));
  builder.advance(total, builder.apply('add', builder.apply('multiply', builder.slice(output, 2, 1), push), builder.window(total, 1)));
  builder.beginEpilogue();
  builder.term('total', builder.window(total, 1), weight, -1);
  builder.diversity({ name: 'diversity', series: frames, weight, rowWeights: [0.2, 0.1], epsilon: 1e-6, cap: 1e30, count: 3, measure: 'lsed' });
  return builder.build();
}

/** What an arena takes, in bytes, with the given limit on activations. */
const bytesOf = (program: Program, activations: number) => 4 * lower(program, 4, 1, { activations: activations / 4, arena: 2 ** 30 }).floats;

/** A limit that holds the activations of about half of the steps. */
const halfOf = (program: Program) => (bytesOf(program, AMPLE) - bytesOf(program, 0)) / 2;

/** Everything that can be read after two steps of Adam, as one text. */
function bitsOf(engine: Engine, { program, load }: LoadedProgram): string {
  const execution = engine.open(program);
  load(execution);
  for (const step of [1, 2]) execution.run('update', { ...adam, step });
  const trained = program.parameters.filter((block) => block.trainable).flatMap(({ name }) => (['value', 'gradient', 'secondMoment'] as const).map((of) => execution.readParameters(name, of)));
  const arrays = [...trained, ...program.series.map(({ name }) => execution.readSeries(name)), execution.readTerms(), execution.readGradientNorms().norm];
  execution.dispose();
  return Buffer.concat(arrays.map((array) => Buffer.from(array.buffer))).toString('base64');
}

test('activations are kept for as many steps as the limit holds, and for none where an arena has no room for them', () => {
  const program = rollouts();
  const [none, half, all] = [0, halfOf(program), AMPLE].map((activations) => bytesOf(program, activations));
  expect(none).toBeLessThan(half);
  expect(half).toBeLessThan(all);
  expect(half - none).toBeLessThanOrEqual(halfOf(program));
  expect(4 * lower(program, 4, 1, { activations: AMPLE, arena: none / 4 }).floats).toBe(none);
});

test('of a layer that is not trained and cut at zero, only signs are kept', () => {
  const perStep = (activation: 'tanh' | 'relu') => {
    const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 32, steps: 8 });
    const weight = builder.input('weight', 1);
    const policy = builder.parameters('policy', [1, 1], 'policy', true);
    const model = builder.parameters('model', [1, 64, 1], 'member', false);
    const x = builder.carry('x', 1, 1, null);
    builder.beginSteps();
    builder.advance(x, builder.network([builder.network([builder.window(x, 1)], policy, 'tanh')], model, activation));
    builder.beginEpilogue();
    builder.term('x', builder.window(x, 1), weight, 1);
    return bytesOf(builder.build(), AMPLE) / 8;
  };
  expect(perStep('tanh') - perStep('relu')).toBeGreaterThan((64 - 4) * 32 * 4 - 64 * 32 * 4 / 8 - 64);
});

const kernels = [
  { name: 'WebAssembly', open: wasmEngine, runs: 8 },
  ...variants.map((variant) => ({ name: `${variant.processor}, ${variant.arithmetic}`, open: (threads: number, activations: number) => nativeEngine(variant, threads, activations), runs: 25 })),
];

describe.each(kernels)('$name', ({ open, runs }) => {
  const reference = new ReferenceEngine();
  const ample = open(1, AMPLE);
  const none = THREADS.map((threads) => open(threads, 0));
  afterAll(() => [ample, ...none].forEach((engine) => engine.dispose()));

  test.each([5, 40, 75])('computing steps again gives the bits of keeping them, on 1, 2 and 4 threads, from %i starts', (starts) => {
    const loaded = loadedProgram(rollouts(starts), 5);
    const half = THREADS.map((threads) => open(threads, halfOf(loaded.program)));
    const expected = bitsOf(ample, loaded);
    for (const engine of [...none, ...half]) expect(bitsOf(engine, loaded) === expected, `${engine.threads} threads`).toBe(true);
    half.forEach((engine) => engine.dispose());
  });

  test('so it does for random programs of every operation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.boolean(), fc.constantFrom(...none), (seed, smooth, engine) => {
        const loaded = randomProgram(seed, smooth);
        expect(bitsOf(engine, loaded) === bitsOf(ample, loaded)).toBe(true);
      }),
      { numRuns: runs, seed: 7 },
    );
  });

  test('and its gradients are those of the reference', () => {
    const { program, load } = loadedProgram(rollouts(), 6);
    const [expected, actual] = [reference, none[1]].map((engine) => {
      const execution = engine.open(program);
      load(execution);
      execution.run('gradient');
      return execution;
    });
    expect(worstDeviation(actual.readTerms(), expected.readTerms())).toBeLessThan(1e-5);
    expect(worstDeviation(actual.readParameters('policy', 'gradient'), expected.readParameters('policy', 'gradient'))).toBeLessThan(2e-5);
    actual.dispose();
  });

  test('an output that is not a number shows in the gradient, where only signs are kept and no later step shows it', () => {
    const { program, load } = loadedProgram(rollouts(75, 1), 6);
    const model = program.parameters.findIndex(({ name }) => name === 'model');
    const { sizes } = program.parameters[model];
    for (const engine of [ample, none[0]]) {
      const execution = engine.open(program);
      load(execution);
      const values = execution.readParameters('model');
      values[sizes[0] * sizes[1]] = Number.NaN; // the first bias of the first hidden layer, member 0
      execution.writeParameters('model', values);
      execution.run('gradient');
      expect(execution.readTerms()[0]).toBeNaN();
      expect(execution.readGradientNorms().finite).toEqual([false, false, false]);
      execution.dispose();
    }
  });
});
