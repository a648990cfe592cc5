import { isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Line } from './textLines';

/**
 * The column at which each line should begin on which an entry of a block mapping or list begins, by the line's index.
 * A mapping that begins beside its dash keeps its distance to it.
 */
export function entryColumns(root: Node, text: string, lines: readonly Line[], lineOf: (offset: number) => number, width: number): Map<number, number> {
  const columns = new Map<number, number>();

  function place(offset: number, column: number): void {
    const line = lineOf(offset);
    if (offset === lines[line].start + lines[line].indent) columns.set(line, column);
  }

  function walk(node: unknown, column: number): void {
    if (isMap(node) && !node.flow) {
      for (const { key, value } of node.items) {
        const start = (key as Node | null)?.range?.[0];
        if (start !== undefined) place(start, column);
        walk(value, column + width);
      }
    }
    if (isSeq(node) && !node.flow) node.items.forEach((item) => walkItem(item as Node, column));
  }

  function walkItem(item: Node, column: number): void {
    const start = item.range?.[0] ?? 0;
    const dash = text.lastIndexOf('-', start - 1);
    if (dash < 0) return;
    place(dash, column);
    walk(item, column + (lineOf(dash) === lineOf(start) ? start - dash : width));
  }

  walk(root, 0);
  return columns;
}

/** Indices of the lines, but for the first one, of texts that stand over several lines. */
export function linesInsideScalars(root: Node, text: string, lineOf: (offset: number) => number): Set<number> {
  const inside = new Set<number>();
  visit(root, {
    Scalar(_key, node) {
      if (!isScalar(node) || !node.range) return;
      const [start, end] = node.range;
      const last = lineOf(Math.max(start, text[end - 1] === '\n' ? end - 1 : end));
      for (let line = lineOf(start) + 1; line <= last; line++) inside.add(line);
    },
  });
  return inside;
}
