import { at, rowSize } from '../benchmarkState';
import { effectiveGainOf, effectiveVelocityOf } from '../benchmarkStep';
import { goldstoneValue, moveGoldstone } from '../goldstone';
import type { Deviation } from './deviation';
import type { GoldenFile } from './goldenFile';
import { GoldenError } from './goldenFile';
import { columnOf, readTable } from './table';

/** The state machine of the mis-calibration: (dom, resp, phi, pos) → (dom2, resp2, phi2), and the value after it. */
export function checkGoldstoneTransitions(file: GoldenFile, deviation: Deviation): void {
  const state = new Float64Array(rowSize);
  forEachRow(file, ['dom', 'resp', 'phi', 'pos', 'dom2', 'resp2', 'phi2', 'value2'], (row, t) => {
    const [domain, response, direction, position, ...after] = row;
    state[at.domain] = domain;
    state[at.response] = response;
    state[at.direction] = direction;
    moveGoldstone(state, 0, position);
    deviation.compare(state[at.domain], after[0], `row ${t}, dom2`);
    deviation.compare(state[at.response], after[1], `row ${t}, resp2`);
    deviation.compare(state[at.direction], after[2], `row ${t}, phi2`);
    deviation.compare(goldstoneValue(state[at.direction], position), after[3], `row ${t}, value2`);
  });
}

/** The value of a shift in a direction. */
export function checkGoldstoneValues(file: GoldenFile, deviation: Deviation): void {
  forEachRow(file, ['phi', 'pos', 'value'], ([direction, position, value], t) => {
    deviation.compare(goldstoneValue(direction, position), value, `row ${t}, value`);
  });
}

/** Effective velocity and gain of (v, g, p). */
export function checkEffectiveActions(file: GoldenFile, deviation: Deviation): void {
  forEachRow(file, ['v', 'g', 'p', 've', 'ge'], ([velocity, gain, setpoint, effectiveVelocity, effectiveGain], t) => {
    deviation.compare(effectiveVelocityOf(velocity, gain, setpoint), effectiveVelocity, `row ${t}, ve`);
    deviation.compare(effectiveGainOf(gain, setpoint), effectiveGain, `row ${t}, ge`);
  });
}

function forEachRow(file: GoldenFile, names: readonly string[], visit: (cells: number[], t: number) => void): void {
  const table = readTable(file);
  const columns = names.map((name) => columnOf(file, table, name));
  table.rows.forEach((row, t) => {
    const cells = columns.map((column) => row[column]);
    if (cells.some(Number.isNaN)) throw new GoldenError(file.entry.file, `row ${t} has an empty cell.`);
    visit(cells, t);
  });
}
