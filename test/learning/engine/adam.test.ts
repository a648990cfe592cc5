import { afterAll, expect, test } from 'vitest';
import { type AdamSettings, adamNumbers } from '../../../src/learning/engine/engine';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { ProgramBuilder } from '../../../src/learning/engine/program';
import { wasmEngine, worstDeviation } from './engines';

const engines = [new ReferenceEngine(), wasmEngine()];
afterAll(() => engines.forEach((engine) => engine.dispose()));

const settings: AdamSettings = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, step: 1, clip: 1e30 };

/** Each policy has two numbers w, b and the loss of x · w + b, x its own: the gradient is (x, 1) whatever they are. */
function linear(x: readonly number[]) {
  const builder = new ProgramBuilder({ policies: x.length, members: 1, starts: 1, steps: 0 });
  const weight = builder.input('weight', 1);
  const place = builder.parameters('place', [1, 1], 'policy', false);
  const line = builder.parameters('line', [1, 1], 'policy', true);
  builder.term('line', builder.dense([builder.dense([builder.constant([0])], place, 0, 'none')], line, 0, 'none'), weight, 1);
  const program = builder.build();
  return engines.map((engine) => {
    const execution = engine.open(program);
    execution.write(weight, [1]);
    execution.writeParameters('place', x.flatMap((value) => [0, value]));
    execution.writeParameters('line', x.flatMap(() => [1, 2]));
    return { name: engine.name, execution };
  });
}

test('steps of Adam are those computed by hand', () => {
  // gradient (3, 1); m = 0.1 g, v = 0.01 g²; corrected m = g, v = g²: the first step is the learning rate, whatever g
  // second step, gradient (3, 1) again: m = 0.19 g / 0.19, v = 0.0199 g² / 0.0199: the same
  for (const { name, execution } of linear([3])) {
    execution.run('update', settings);
    expect(worstDeviation(execution.readParameters('line'), [0.9, 1.9]), name).toBeLessThan(1e-6);
    expect(worstDeviation(execution.readParameters('line', 'firstMoment'), [0.3, 0.1]), name).toBeLessThan(1e-6);
    expect(worstDeviation(execution.readParameters('line', 'secondMoment'), [0.09, 0.01]), name).toBeLessThan(1e-6);
    execution.run('update', { ...settings, step: 2 });
    expect(worstDeviation(execution.readParameters('line'), [0.8, 1.8]), name).toBeLessThan(1e-6);
    // third step, gradient turned to (−1, 1): m = 0.9 · 0.57 − 0.1 = 0.413, v = 0.99 · 0.1791 + 0.01 = 0.187309
    execution.writeParameters('place', [0, -1]);
    execution.run('update', { ...settings, step: 3 });
    const m = 0.413 / (1 - 0.9 ** 3);
    const v = 0.187309 / (1 - 0.99 ** 3);
    expect(worstDeviation(execution.readParameters('line'), [0.8 - (0.1 * m) / Math.sqrt(v), 1.7]), name).toBeLessThan(1e-6);
    execution.dispose();
  }
});

test('a gradient longer than the clip is scaled to it, each policy by its own norm, and the norm before that is told', () => {
  for (const { name, execution } of linear([3, 0.75])) {
    execution.run('update', { ...settings, clip: 1.25 });
    expect(worstDeviation(execution.readGradientNorms().norm, [Math.sqrt(10), 1.25]), name).toBeLessThan(1e-6);
    const scale = 1.25 / Math.sqrt(10);
    expect(worstDeviation(execution.readParameters('line', 'firstMoment'), [0.3 * scale, 0.1 * scale, 0.075, 0.1]), name).toBeLessThan(1e-6);
    expect(worstDeviation(execution.readParameters('line', 'gradient'), [3, 1, 0.75, 1]), name).toBeLessThan(1e-6);
    execution.dispose();
  }
});

test('without an update, parameters and moments stay as they are', () => {
  for (const { name, execution } of linear([3])) {
    for (const mode of ['forward', 'gradient'] as const) execution.run(mode);
    expect([...execution.readParameters('line')], name).toEqual([1, 2]);
    for (const of of ['firstMoment', 'secondMoment'] as const) expect([...execution.readParameters('line', of)], name).toEqual([0, 0]);
    execution.dispose();
  }
});

test('moments that are written back continue the optimisation', () => {
  for (const { name, execution } of linear([3])) {
    execution.run('update', settings);
    const kept = (['value', 'firstMoment', 'secondMoment'] as const).map((of) => [of, execution.readParameters('line', of)] as const);
    execution.run('update', { ...settings, step: 2 });
    const expected = execution.readParameters('line');
    for (const [of, values] of kept) execution.writeParameters('line', values, of);
    execution.run('update', { ...settings, step: 2 });
    expect(worstDeviation(execution.readParameters('line'), expected), name).toBeLessThan(name === 'wasm' ? Number.MIN_VALUE : 1e-7); // the reference keeps more than float32 shows
    execution.dispose();
  }
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 3e38])('a policy whose gradient is not finite stays, moments and all, and is told; the others move (x = %f)', (broken) => {
  // a coefficient of 4 takes 3e38 over the end of float32; the reference in float64 has no such end
  for (const { name, execution } of linear([2, broken, 5])) {
    execution.writeTermWeights([4]);
    execution.run('update', settings);
    if (name === 'reference' && broken === 3e38) continue;
    expect(execution.readGradientNorms().finite, name).toEqual([true, false, true]);
    expect([...execution.readParameters('line')].slice(2, 4), name).toEqual([1, 2]);
    for (const of of ['firstMoment', 'secondMoment'] as const) expect([...execution.readParameters('line', of)].slice(2, 4), name).toEqual([0, 0]);
    expect(worstDeviation([...execution.readParameters('line')].filter((_, i) => i < 2 || i > 3), [0.9, 1.9, 0.9, 1.9]), name).toBeLessThan(1e-6);
    execution.dispose();
  }
});

test('the numbers of Adam are those of its definition, for early and late steps', () => {
  for (const step of [1, 2, 3, 7, 100, 1000]) {
    const numbers = adamNumbers({ ...settings, step }, []);
    const expected = [0.1, 0.9, 0.99, 1 - 0.9, 1 - 0.99, 1 / (1 - 0.9 ** step), 1 / (1 - 0.99 ** step), 1e-8, 1e30];
    numbers.forEach((number, i) => expect(number / expected[i]).toBeCloseTo(1, 12));
  }
});
