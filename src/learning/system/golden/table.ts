import type { GoldenFile } from './goldenFile';
import { checkRows, GoldenError } from './goldenFile';

/** A CSV table of numbers. */
export interface Table {
  readonly columns: readonly string[];
  /** one list of numbers a row; NaN where the cell is empty */
  readonly rows: readonly (readonly number[])[];
}

/**
 * Reads a CSV table: a header line, then numbers; an empty cell means that nothing was drawn.
 *
 * @throws GoldenError when the text is no such table, or differs from what the index says
 */
export function readTable(file: GoldenFile): Table {
  const name = file.entry.file;
  const lines = file.text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length < 2) throw new GoldenError(name, 'has no rows.');
  const columns = lines[0].split(',');
  const expected = file.entry.columns;
  if (expected && expected.join() !== columns.join()) throw new GoldenError(name, 'has other columns than the index says.');
  const rows = lines.slice(1).map((line, row) => {
    const cells = line.split(',');
    if (cells.length !== columns.length) throw new GoldenError(name, `row ${row} has ${cells.length} cells for ${columns.length} columns.`);
    return cells.map((cell, column) => {
      const number = cell === '' ? Number.NaN : Number(cell);
      if (cell !== '' && !Number.isFinite(number)) throw new GoldenError(name, `row ${row} has no number as "${columns[column]}": "${cell}".`);
      return number;
    });
  });
  checkRows(file.entry, rows.length);
  return { columns, rows };
}

/** Position of a column. @throws GoldenError when there is none of that name */
export function columnOf(file: GoldenFile, table: Table, name: string): number {
  const column = table.columns.indexOf(name);
  if (column < 0) throw new GoldenError(file.entry.file, `needs a column "${name}".`);
  return column;
}
