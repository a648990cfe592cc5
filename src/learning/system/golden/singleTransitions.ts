import { at, costMemory, rowSize } from '../benchmarkState';
import { stepBenchmark } from '../benchmarkStep';
import type { Deviation } from './deviation';
import type { GoldenFile } from './goldenFile';
import { GoldenError, isRecord, numberOf, numbersOf, parseJsonRows } from './goldenFile';
import { RecordedDraws } from './recordedDraws';
import { rowColumns } from './rowColumns';

/** Steps once from each recorded Markov state, with a fixed setpoint, and compares the state after it. */
export function checkSingleTransitions(file: GoldenFile, deviation: Deviation): void {
  const name = file.entry.file;
  const state = new Float64Array(rowSize);
  const draws = new RecordedDraws();
  parseJsonRows(file).forEach((transition, row) => {
    if (!Array.isArray(transition.action) || transition.action.length !== 3) throw new GoldenError(name, `row ${row} needs three numbers as "action".`);
    const action = transition.action.map((value) => numberOf(name, 'action', value));
    const recorded = numbersOf(name, transition.draws);
    state.fill(0);
    state[at.started] = 1;
    for (const [index, value] of cells(name, transition.before)) state[index] = value;
    draws.load((draw) => recorded[draw]);
    stepBenchmark(state, 0, action[0], action[1], action[2], 'fixed', draws);
    for (const draw of draws.unrecorded) deviation.fail(`row ${row}: drew ${draw}, which the reference does not draw here`);
    for (const draw of draws.untaken) deviation.fail(`row ${row}: did not draw ${draw}, which the reference draws here`);
    for (const [index, value, column] of cells(name, transition.after)) deviation.compare(state[index], value, `row ${row}, ${column}`);
  });
}

/** The state's numbers as [index in a row, value, name]; the remembered costs are a list "o". */
export function cells(file: string, state: unknown): [number, number, string][] {
  if (!isRecord(state)) throw new GoldenError(file, 'needs a state as an object.');
  const { o: costs, ...rest } = state;
  if (costs !== undefined && (!Array.isArray(costs) || costs.length !== costMemory)) throw new GoldenError(file, `needs ${costMemory} numbers as "o".`);
  const list = Array.isArray(costs) ? costs.map((value, i): [string, unknown] => [`o${i}`, value]) : [];
  return [...Object.entries(rest), ...list].map(([name, value]) => {
    const index = rowColumns.get(name);
    if (index === undefined) throw new GoldenError(file, `has a value "${name}" that means nothing to the simulator.`);
    return [index, numberOf(file, name, value), name];
  });
}
