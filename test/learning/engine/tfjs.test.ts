import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Engine, Execution } from '../../../src/learning/engine/engine';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { TfjsEngine } from '../../../src/learning/engine/tfjs';
import { backendOf, loadTensorFlow, tensorFlowsBeside } from '../../../src/trainer/engines/tensorFlow';
import { built, worstDeviation } from './engines';
import { tfjsEngines } from './everyEngine';
import type { LoadedProgram } from './loadedProgram';
import { randomProgram } from './randomProgram';

const reference = new ReferenceEngine();
const seeds = fc.integer({ min: 0, max: 1e6 });
const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: 0.5 };
afterAll(() => tfjsEngines.forEach(({ engine }) => engine.dispose()));

function opened(engine: Engine, { program, load }: Pick<LoadedProgram, 'program' | 'load'>): Execution {
  const execution = engine.open(program);
  load(execution);
  return execution;
}

test('the plain build and the one in WebAssembly are tested everywhere', () => {
  expect(tfjsEngines.map(({ name }) => name)).toEqual(expect.arrayContaining(['tfjs-cpu', 'tfjs-wasm']));
});

test('TensorFlow itself computes for tfjs-node', (context) => {
  const node = tensorFlowsBeside(built('.')).find(({ build }) => build === 'tfjs-node');
  if (node === undefined) {
    process.stderr.write('tfjs-node is not here: `npm run tfjs-node` makes it, and every test of engines then runs on it too.\n'); // a skip’s note is not shown
    return context.skip();
  }
  const tf = loadTensorFlow(node);
  tf.setBackend(backendOf['tfjs-node']);
  expect(tf.backend()).toMatchObject({ binding: expect.objectContaining({ TF_Version: expect.any(String) }) });
});

test('a backend that is not registered is refused by name', async () => {
  await expect(TfjsEngine.create(loadTensorFlow(tensorFlowsBeside(built('.'))[0]), 'webgl3')).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('“webgl3”') });
});

describe.each(tfjsEngines)('$name', ({ engine }) => {
  test('agrees with the reference on random programs', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, smooth) => {
        const random = randomProgram(seed, smooth);
        const [expected, actual] = [reference, engine].map((each) => opened(each, random));
        for (const execution of [expected, actual]) execution.run('gradient');
        expect(worstDeviation(actual.readTerms(), expected.readTerms()), 'terms').toBeLessThan(1e-5);
        for (const { name } of random.program.series) expect(worstDeviation(actual.readSeries(name), expected.readSeries(name)), name).toBeLessThan(1e-5);
        if (smooth) // beside a kink, float32 may be on its other side
          for (const { name, trainable } of random.program.parameters)
            if (trainable) expect(worstDeviation(actual.readParameters(name, 'gradient'), expected.readParameters(name, 'gradient')), name).toBeLessThan(2e-5);
        actual.dispose();
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  test('agrees with the reference over steps of Adam', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = randomProgram(seed, true);
        const [expected, actual] = [reference, engine].map((each) => opened(each, random));
        for (let step = 1; step <= 2; step++) for (const execution of [expected, actual]) execution.run('update', { ...adam, step });
        for (const { name, trainable } of random.program.parameters)
          if (trainable) expect(worstDeviation(actual.readParameters(name, 'firstMoment'), expected.readParameters(name, 'firstMoment')), name).toBeLessThan(1e-4);
        expect(worstDeviation(actual.readGradientNorms().norm, expected.readGradientNorms().norm)).toBeLessThan(1e-4);
        actual.dispose();
      }),
      { numRuns: 10, seed: 5 },
    );
  });

  test('gives what a forward run gives, gradient or not', () => {
    const random = randomProgram(9, false);
    const execution = opened(engine, random);
    execution.run('forward');
    const before = [...execution.readTerms()];
    execution.run('gradient');
    expect([...execution.readTerms()]).toEqual(before);
    execution.dispose();
  });

  test('leaves a unit whose gradient is not finite as it was, and moves the others', () => {
    const random = randomProgram(4, true);
    const execution = opened(engine, random);
    const { policies } = random.program;
    const planted = execution.readParameters('policy');
    const count = planted.length / policies;
    planted[count - 1] = Number.NaN; // the last bias of policy 0
    execution.writeParameters('policy', planted);
    execution.writeTermWeights(random.program.terms.map((term) => (term.kind === 'diversity' ? 0 : 1)));
    execution.run('update', { ...adam, step: 1 });
    const moved = execution.readParameters('policy');
    expect(policies).toBeGreaterThan(1);
    expect(moved.slice(0, count)).toEqual(planted.slice(0, count));
    expect(moved.slice(count, 2 * count)).not.toEqual(planted.slice(count, 2 * count));
    execution.dispose();
  });

  test('holds no tensor more after twenty runs than after one, and none after it was disposed of', () => {
    const tf = loadTensorFlow(tensorFlowsBeside(built('.'))[0]);
    const before = tf.memory().numTensors;
    const random = randomProgram(21, false);
    const execution = opened(engine, random);
    execution.run('update', { ...adam, step: 1 });
    const once = tf.memory().numTensors;
    expect(once).toBeGreaterThan(before);
    for (let step = 2; step <= 20; step++) {
      random.load(execution);
      execution.run('update', { ...adam, step });
    }
    expect(tf.memory().numTensors).toBe(once);
    execution.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
