import type { ProgramBuilder, ValueId } from '../engine/program';

/** The given rows of a value in their order; neighbours are taken as one slice. */
export function gatherRows(builder: ProgramBuilder, value: ValueId, rows: readonly number[]): ValueId {
  const parts: ValueId[] = [];
  for (let i = 0; i < rows.length; ) {
    let count = 1;
    while (i + count < rows.length && rows[i + count] === rows[i] + count) count++;
    parts.push(builder.slice(value, rows[i], count));
    i += count;
  }
  return builder.concat(parts);
}
