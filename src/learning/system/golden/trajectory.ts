import { rowSize } from '../benchmarkState';
import { beginBenchmark, stepBenchmark } from '../benchmarkStep';
import type { Deviation } from './deviation';
import type { GoldenFile } from './goldenFile';
import { GoldenError } from './goldenFile';
import { drawNames, RecordedDraws } from './recordedDraws';
import { rowColumns } from './rowColumns';
import type { Table } from './table';
import { columnOf, readTable } from './table';

const actionNames = ['a_v', 'a_g', 'a_h'];

/**
 * Repeats a recorded trajectory, with its actions and its draws, and compares every column of every row. Row 0 is the
 * state after the reset, row t the state after step t.
 */
export function checkTrajectory(file: GoldenFile, deviation: Deviation): void {
  const table = readTable(file);
  const { setpoint, stationary, fixed } = file.entry;
  if (setpoint === null) throw new GoldenError(file.entry.file, 'needs a setpoint in the index.');
  const process = stationary ? 'fixed' : 'varying';
  const actions = actionNames.map((name) => columnOf(file, table, name));
  const compared = comparedColumns(file, table);
  const drawColumns = new Map(drawNames.map((name) => [name, table.columns.indexOf(name)]));
  const state = new Float64Array(rowSize);
  const draws = new RecordedDraws();

  table.rows.forEach((row, t) => {
    draws.load((name) => (fixed ? fixed[name] : row[drawColumns.get(name) ?? -1]));
    if (t === 0) beginBenchmark(state, 0, setpoint, process, draws);
    else stepBenchmark(state, 0, row[actions[0]], row[actions[1]], row[actions[2]], process, draws);
    for (const name of draws.unrecorded) deviation.fail(`row ${t}: drew ${name}, which the reference does not draw here`);
    // a fixed n_alpha is at hand in every step, whether it is drawn or not
    if (!fixed) for (const name of draws.untaken) deviation.fail(`row ${t}: did not draw ${name}, which the reference draws here`);
    for (const { column, index } of compared) deviation.compare(state[index], row[column], `row ${t}, ${table.columns[column]}`);
  });
}

function comparedColumns(file: GoldenFile, table: Table): { column: number; index: number }[] {
  const inputs: readonly string[] = ['t', ...actionNames, ...drawNames];
  return table.columns.flatMap((name, column) => {
    if (inputs.includes(name)) return [];
    const index = rowColumns.get(name);
    if (index === undefined) throw new GoldenError(file.entry.file, `has a column "${name}" that means nothing to the simulator.`);
    return [{ column, index }];
  });
}
