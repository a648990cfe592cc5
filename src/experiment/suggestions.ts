/**
 * The candidate that a misspelt word surely means, or null: equal but for case and separators, else the only one
 * within a third of the word's length in edits (insert, delete, replace, swap of neighbours).
 */
export function closestWord(word: string, candidates: readonly string[]): string | null {
  if (word.length === 0 || word.length > 60) return null;
  const same = candidates.filter((candidate) => bare(candidate) === bare(word));
  if (same.length === 1) return same[0];

  const most = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let least = most + 1;
  let unique = false;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      best = candidate;
      least = distance;
      unique = true;
    } else if (distance === least) {
      unique = false;
    }
  }
  return unique ? best : null;
}

/** Optimal string alignment distance: edits, where a swap of two neighbours counts as one. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}
