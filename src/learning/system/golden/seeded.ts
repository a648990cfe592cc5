import { rowSize } from '../benchmarkState';
import { beginBenchmark, drawSequence, stepBenchmark } from '../benchmarkStep';
import { NumpyRandom } from '../numpyRandom';
import type { Deviation } from './deviation';
import type { GoldenFile } from './goldenFile';
import { GoldenError, numberOf, parseJsonRows } from './goldenFile';
import { cells } from './singleTransitions';

/**
 * Repeats the reference from its seeds alone, with NumPy's legacy generator. Before each step three uniform numbers
 * of the same generator are the actions; the setpoint is fixed.
 */
export function checkSeeded(file: GoldenFile, deviation: Deviation): void {
  const name = file.entry.file;
  const rows = parseJsonRows(file).map((row) => ({
    setpoint: numberOf(name, 'setpoint', row.setpoint),
    seed: numberOf(name, 'seed', row.seed),
    step: numberOf(name, 'step', row.step),
    state: row.state,
  }));
  const runs = new Map<string, typeof rows>();
  for (const row of rows) {
    const run = `${row.setpoint} ${row.seed}`;
    runs.set(run, [...(runs.get(run) ?? []), row]);
  }
  for (const group of runs.values()) {
    group.sort((a, b) => a.step - b.step);
    if (!group.every((row) => Number.isInteger(row.step) && row.step >= 0)) throw new GoldenError(name, 'needs steps that are counted from 0.');
    const { setpoint, seed } = group[0];
    const state = new Float64Array(rowSize);
    const draws = new NumpyRandom(seed);
    // the reference draws a setpoint sequence that a fixed setpoint never uses
    drawSequence(state, 0, draws);
    beginBenchmark(state, 0, setpoint, 'fixed', draws);
    let step = 0;
    for (const row of group) {
      for (; step < row.step; step++) {
        const steerVelocity = 2 * draws.uniform() - 1;
        const steerGain = 2 * draws.uniform() - 1;
        const steerShift = 2 * draws.uniform() - 1;
        stepBenchmark(state, 0, steerVelocity, steerGain, steerShift, 'fixed', draws);
      }
      for (const [index, value, column] of cells(name, row.state)) deviation.compare(state[index], value, `seed ${seed}, step ${step}, ${column}`);
    }
  }
}
