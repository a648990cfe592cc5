import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Engine, Execution } from '../../../src/learning/engine/engine';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { wasmEngine, worstDeviation } from './engines';
import { worstGradientError } from './gradientCheck';
import type { LoadedProgram } from './loadedProgram';
import { randomProgram } from './randomProgram';

const reference = new ReferenceEngine();
const engines = [1, 2, 4].map(wasmEngine);
afterAll(() => engines.forEach((engine) => engine.dispose()));

const seeds = fc.integer({ min: 0, max: 1e6 });

function opened(engine: Engine, { program, load }: Pick<LoadedProgram, 'program' | 'load'>): Execution {
  const execution = engine.open(program);
  load(execution);
  return execution;
}

test('the reference gradient equals central differences on random smooth programs', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(worstGradientError(randomProgram(seed, true), 3)).toBeLessThan(1e-5);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('WebAssembly agrees with the reference on random programs', () => {
  fc.assert(
    fc.property(seeds, fc.boolean(), (seed, smooth) => {
      const { program, load } = randomProgram(seed, smooth);
      const [expected, actual] = [reference, engines[0]].map((engine) => opened(engine, { program, load }));
      expected.run('gradient');
      actual.run('gradient');
      expect(worstDeviation(actual.readTerms(), expected.readTerms()), 'terms').toBeLessThan(1e-5);
      for (const { name } of program.series) expect(worstDeviation(actual.readSeries(name), expected.readSeries(name)), name).toBeLessThan(1e-5);
      if (smooth) // beside a kink, float32 may be on its other side
        for (const { name, trainable } of program.parameters)
          if (trainable) expect(worstDeviation(actual.readParameters(name, 'gradient'), expected.readParameters(name, 'gradient')), name).toBeLessThan(2e-5);
      actual.dispose();
    }),
    { numRuns: 150, seed: 11 },
  );
});

test('the same bits come out on 1, 2 and 4 threads, over steps of Adam', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = randomProgram(seed, false);
      const results = engines.map((engine) => {
        const execution = opened(engine, random);
        for (let step = 1; step <= 3; step++) execution.run('update', { ...adam, step });
        const bits = [...random.program.parameters.filter((block) => block.trainable).map(({ name }) => execution.readParameters(name)), execution.readTerms()];
        execution.dispose();
        return Buffer.concat(bits.map((array) => Buffer.from(array.buffer))).toString('base64');
      });
      expect(results[1]).toBe(results[0]);
      expect(results[2]).toBe(results[0]);
    }),
    { numRuns: 40, seed: 3 },
  );
});

const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: 0.5 };

test('steps of Adam agree with the reference', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = randomProgram(seed, true);
      const [expected, actual] = [opened(reference, random), opened(engines[0], random)];
      for (let step = 1; step <= 2; step++) for (const execution of [expected, actual]) execution.run('update', { ...adam, step });
      for (const { name, trainable } of random.program.parameters)
        if (trainable) expect(worstDeviation(actual.readParameters(name, 'firstMoment'), expected.readParameters(name, 'firstMoment')), name).toBeLessThan(1e-4);
      expect(worstDeviation(actual.readGradientNorms().norm, expected.readGradientNorms().norm)).toBeLessThan(1e-4);
      actual.dispose();
    }),
    { numRuns: 40, seed: 5 },
  );
});

test('a gradient that is not finite leaves its unit as it was and the others move', () => {
  const random = randomProgram(4, true);
  for (const engine of [reference, engines[0]] as Engine[]) {
    const execution = opened(engine, random);
    const { policies } = random.program;
    expect(policies).toBeGreaterThan(1);
    const planted = execution.readParameters('policy');
    planted[planted.length / policies - 1] = Number.NaN; // the last bias of policy 0
    execution.writeParameters('policy', planted);
    execution.writeTermWeights(random.program.terms.map((term) => (term.kind === 'diversity' ? 0 : 1)));
    execution.run('update', { ...adam, step: 1 });
    const moved = execution.readParameters('policy');
    const count = planted.length / policies;
    expect(moved.slice(0, count)).toEqual(planted.slice(0, count));
    expect(moved.slice(count, 2 * count)).not.toEqual(planted.slice(count, 2 * count));
    const names = random.program.parameters.filter((block) => block.trainable).map((block) => block.name);
    const first = names.indexOf('policy') === 0 ? 0 : 1;
    expect(execution.readGradientNorms().finite.slice(first, first + 2)).toEqual([false, true]);
    execution.dispose();
  }
});
