import { afterAll, expect, test } from 'vitest';
import type { Engine } from '../../../src/learning/engine/engine';
import type { RowTable } from '../../../src/learning/engine/rowTable';
import { behaviourProgram, BehaviourDensity } from '../../../src/learning/model/behaviour';
import { type FitSettings, type SideRows, SupervisedFit, type SupervisedRows } from '../../../src/learning/model/supervisedFit';
import { transitionProgram } from '../../../src/learning/model/transitionModel';
import { createForward } from '../../../src/learning/policy/forward';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { Random } from '../../../src/learning/random';
import { wasmEngine } from '../engine/engines';
import { PlantedEngine } from '../engine/plantedEngine';

const engine = wasmEngine();
afterAll(() => engine.dispose());

function sideOf(rows: readonly (readonly [x: readonly number[], y: readonly number[]])[]): SideRows {
  const table = (part: 0 | 1): RowTable => {
    const width = rows[0][part].length;
    return { numbers: Float32Array.from(rows.flatMap((row) => row[part])), firsts: Int32Array.from(rows, (_, row) => row * width), width };
  };
  return { rows: rows.length, inputs: [table(0)], targets: [table(1)] };
}

/** y = x² − x₂ on a grid of points, with noise of the given size on the training side. */
function parabola(noise: number): SupervisedRows {
  const random = new Random(5);
  const points = Array.from({ length: 400 }, () => [random.uniform(-1, 1), random.uniform(-1, 1), noise * random.normal()]);
  return {
    inputs: 2, targets: 1,
    training: sideOf(points.slice(0, 300).map(([a, b, error]) => [[a, b], [a * a - b + error]])),
    holdout: sideOf(points.slice(300).map(([a, b]) => [[a, b], [a * a - b]])),
  };
}

const settings: FitSettings = { updates: 400, batch: 64, learningRate: 5e-3, patience: 400, bootstrap: true, clip: 1 };
const target = { name: 'y', predict: 'value', scale: { name: 'y', middle: 0, unit: 1, logFloor: null } } as const;

function fit(on: Engine, rows: SupervisedRows, change: Partial<FitSettings> = {}, members = 2): SupervisedFit {
  const sizes = [2, 16, 1];
  const random = new Random(1);
  const initial = Array.from({ length: members }, (_, member) => initialiseNetwork(sizes, 'tanh', random.fork('initial', member), 1));
  return new SupervisedFit(on, rows, (count) => transitionProgram(sizes, members, count, [target], 1, 'tanh'), { ...settings, ...change }, initial, random.fork('fit'));
}

function finish(running: SupervisedFit): SupervisedFit {
  while (!running.finished) running.step();
  return running;
}

test('an ensemble learns a function, each member from its own sample of the rows', () => {
  const done = finish(fit(engine, parabola(0), { updates: 2000, learningRate: 0.01, patience: 2000 }));
  for (const error of done.bestErrors) expect(error).toBeLessThan(3e-3); // the target's variance is 0.42
  const [first, second] = done.result().map((network) => {
    const out = new Float64Array(1);
    createForward(network)([0.5, 0.2], 0, out, 0);
    return out[0];
  });
  expect(first).toBeCloseTo(0.05, 1);
  expect(first).not.toBe(second);
});

test('the best parameters on the hold-out rows are kept, and fitting ends after the patience without a better one', () => {
  const done = finish(fit(engine, parabola(3), { updates: 5000, patience: 200, learningRate: 0.05, bootstrap: false }));
  expect(done.update).toBeLessThan(5000);
  expect(done.update - done.bestUpdate).toBeGreaterThanOrEqual(200);
});

test('a fit that is stopped at any update and restored ends in the same bits', () => {
  const whole = finish(fit(engine, parabola(0.1), { updates: 120 }));
  for (const stopAt of [0, 1, 49, 50, 51, 119]) {
    const before = fit(engine, parabola(0.1), { updates: 120 });
    while (before.update < stopAt) before.step();
    const snapshot = JSON.parse(JSON.stringify(before.snapshot().numbers)) as ReturnType<SupervisedFit['snapshot']>['numbers'];
    const random = new Random(1);
    const initial = [0, 1].map((member) => initialiseNetwork([2, 16, 1], 'tanh', random.fork('initial', member), 1));
    const after = finish(new SupervisedFit(engine, parabola(0.1), (count) => transitionProgram([2, 16, 1], 2, count, [target], 1, 'tanh'), { ...settings, updates: 120 }, initial, random.fork('fit'), { numbers: snapshot, arrays: before.snapshot().arrays }));
    expect(after.result(), `stopped at ${stopAt}`).toEqual(whole.result());
  }
});

test('a gradient that is not finite is skipped and counted; three in a row fail the fit', () => {
  const planted = finish(fit(new PlantedEngine(engine, 'inputs', [7, 20]), parabola(0), { updates: 60 }));
  expect([...planted.nonFinite]).toEqual([2, 0]);
  expect(() => finish(fit(new PlantedEngine(engine, 'inputs', [7, 8, 9]), parabola(0)))).toThrow('three gradients in a row');
});

test('a Gaussian behaviour model finds mean and spread of the actions', () => {
  const random = new Random(3);
  const samples = Array.from({ length: 3000 }, () => {
    const state = random.uniform(-1, 1);
    return [[state], [0.5 * state + 0.3 * random.normal()]] as const;
  });
  const rows: SupervisedRows = { inputs: 1, targets: 1, training: sideOf(samples.slice(0, 2500)), holdout: sideOf(samples.slice(2500)) };
  const sizes = [1, 16, 2];
  const done = finish(new SupervisedFit(engine, rows, (count) => behaviourProgram(sizes, count, 'tanh'), { ...settings, updates: 600, patience: 600, bootstrap: false }, [initialiseNetwork(sizes, 'tanh', new Random(4))], new Random(4)));
  const density = new BehaviourDensity(done.result()[0]);
  const out = new Float64Array(1);
  density.logDensities([0.6], [0.3], out);
  expect(density.means[0]).toBeCloseTo(0.3, 1);
  expect(Math.exp(density.logSigmas[0])).toBeCloseTo(0.3, 1);
  expect(out[0]).toBeCloseTo(-Math.log(0.3 * Math.sqrt(2 * Math.PI)), 1);
});
