import { EngineError } from './engineError';
import { inputOf } from './layout';
import type { Program, ValueId } from './program';

/** Rows of numbers in one array, each where `firsts` says: rows may overlap. */
export interface RowTable {
  readonly numbers: Float32Array;
  readonly firsts: Int32Array;
  readonly width: number;
}

/** Inputs that an execution gathers from rows that it keeps: those of an input's tables stand side by side in it. */
export type InputTables = ReadonlyMap<ValueId, readonly RowTable[]>;

/**
 * Writes rows feature-major: out[offset + feature · rows.length + column] is a number of the row rows[column].
 */
export function writeRows({ numbers, firsts, width }: RowTable, rows: Int32Array, out: Float32Array, offset: number): void {
  const stride = rows.length;
  for (let column = 0; column < stride; column++) {
    const from = firsts[rows[column]];
    for (let feature = 0, at = offset + column; feature < width; feature++, at += stride) out[at] = numbers[from + feature];
  }
}

/** Writes one row of tables that stand side by side. */
export function copyRow(tables: readonly RowTable[], row: number, out: Float32Array): void {
  let at = 0;
  for (const { numbers, firsts, width } of tables) for (let i = 0, from = firsts[row]; i < width; i++) out[at++] = numbers[from + i];
}

/**
 * Holds tables to what a program's inputs need: one number for each row of an input that members have of their own and that
 * is the same in all steps, as many rows in every table, and each of them within its table.
 * @returns how many rows they have, 0 without tables
 * @throws EngineError `wrong-length`
 */
export function requireTables(program: Program, tables: InputTables): number {
  const rows = new Set<number>();
  for (const [value, own] of tables) {
    const { name, extent, perStep, rows: wanted } = program.inputs[inputOf(program, value)];
    const width = own.reduce((sum, table) => sum + table.width, 0);
    if (extent !== 'member' || perStep || width !== wanted) throw new EngineError('wrong-length', `Input “${name}” cannot be gathered from rows of ${width} numbers.`);
    for (const { numbers, firsts, width: wide } of own) {
      rows.add(firsts.length);
      for (let row = 0; row < firsts.length; row++) if (firsts[row] < 0 || firsts[row] + wide > numbers.length) throw new EngineError('wrong-length', `Row ${row} of a table of input “${name}” is not all in it.`);
    }
  }
  if (rows.size > 1) throw new EngineError('wrong-length', `Tables that are gathered together have as many rows, not ${[...rows].join(' and ')}.`);
  return [...rows][0] ?? 0;
}

/** @throws EngineError `wrong-length` unless there is one row for each start of each member, all of them in the tables */
export function requireRows({ members, starts }: Program, rows: Int32Array, count: number): void {
  if (rows.length !== members * starts) throw new EngineError('wrong-length', `Gathering takes ${members * starts} rows, not ${rows.length}.`);
  for (let i = 0; i < rows.length; i++) if (rows[i] < 0 || rows[i] >= count) throw new EngineError('wrong-length', `There is no row ${rows[i]}: the tables have ${count}.`);
}

export function noTables(): EngineError {
  return new EngineError('unknown-name', 'This execution keeps no tables to gather from.');
}

/** Gathers on the host, for engines that have no kernel. @param rows [members × starts] @throws EngineError `wrong-length`, `unknown-name` */
export function gatherOnHost(program: Program, tables: InputTables, rows: Int32Array, write: (input: ValueId, values: Float32Array) => void): void {
  if (tables.size === 0) throw noTables();
  requireRows(program, rows, requireTables(program, tables));
  const { members, starts } = program;
  for (const [value, own] of tables) {
    const all = new Float32Array(members * program.values[value].rows * starts);
    let at = 0;
    for (let member = 0; member < members; member++)
      for (const table of own) {
        writeRows(table, rows.subarray(member * starts, (member + 1) * starts), all, at);
        at += table.width * starts;
      }
    write(value, all);
  }
}
