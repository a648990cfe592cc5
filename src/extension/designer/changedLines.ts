import type { ChangedLines } from '../../messages/designer';

/** Where two texts are compared line by line, lines × lines is at most this; beyond, all lines between count as changed. */
const mostComparisons = 250_000;

/** Lines that are shown around a change. */
const context = 1;

/** What of a text differs from an earlier one, by lines; line ends do not count. */
export function changedLines(before: string, after: string): ChangedLines {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let same = 0;
  while (same < a.length - start && same < b.length - start && a[a.length - 1 - same] === b[b.length - 1 - same]) same++;
  const { fresh, removed } = compare(a.slice(start, a.length - same), b.slice(start, b.length - same));
  const changed = new Set([...fresh].map((index) => start + index));
  return { stretches: stretches(b, changed), changed: changed.size, removed };
}

/** Indices of `b` that are not in the longest common subsequence; lines of `a` that have no line of `b` in their place. */
function compare(a: readonly string[], b: readonly string[]): { readonly fresh: ReadonlySet<number>; readonly removed: number } {
  if (a.length * b.length > mostComparisons) return { fresh: new Set(b.keys()), removed: Math.max(0, a.length - b.length) };
  // common[i][j]: length of the longest common subsequence of a from i and b from j
  const common = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  }
  const fresh = new Set<number>();
  let gone = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) {
      gone++;
      i++;
    } else fresh.add(j++);
  }
  return { fresh, removed: Math.max(0, gone - fresh.size) };
}

function stretches(lines: readonly string[], changed: ReadonlySet<number>): ChangedLines['stretches'] {
  const found: ChangedLines['stretches'] = [];
  let last = -2;
  lines.forEach((text, index) => {
    const near = [...Array(2 * context + 1).keys()].some((offset) => changed.has(index + offset - context));
    if (!near || (text === '' && !changed.has(index))) return;
    if (index !== last + 1) found.push([]);
    found[found.length - 1].push({ number: index + 1, text, changed: changed.has(index) });
    last = index;
  });
  return found;
}
