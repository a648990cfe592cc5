import type { Term } from './program';

/** A pair of policies, i < j, and how strongly the loss, summed over policies, falls with their distance. */
export interface Pull {
  readonly i: number;
  readonly j: number;
  readonly strength: number;
}

/**
 * What a diversity makes of the distances between policies: minus the least, the mean or the least of all of them, each
 * at most `cap`, ties to the lower index; and the distances that it depends on.
 *
 * @param distance [count × count], symmetric; its diagonal is not read
 */
export function chooseDistances(distance: readonly (readonly number[])[], { count, cap, measure }: Extract<Term, { kind: 'diversity' }>): { readonly values: readonly number[]; readonly pulls: readonly Pull[] } {
  const values = new Array<number>(count).fill(0);
  const strengths = new Map<string, Pull>();
  const pull = (a: number, b: number, strength: number) => {
    if (distance[a][b] >= cap) return;
    const [i, j] = [Math.min(a, b), Math.max(a, b)];
    strengths.set(`${i} ${j}`, { i, j, strength: (strengths.get(`${i} ${j}`)?.strength ?? 0) + strength });
  };
  if (measure === 'min-lsed-global') {
    let closest: [number, number] = [0, 1];
    for (let i = 0; i < count; i++) for (let j = i + 1; j < count; j++) if (isLess(distance[i][j], distance[closest[0]][closest[1]])) closest = [i, j];
    values.fill(-Math.min(cap, distance[closest[0]][closest[1]]));
    pull(closest[0], closest[1], count);
    return { values, pulls: [...strengths.values()] };
  }
  for (let i = 0; i < count; i++) {
    let nearest = i === 0 ? 1 : 0;
    for (let j = 0; j < count; j++) if (j !== i && isLess(distance[i][j], distance[i][nearest])) nearest = j;
    if (measure === 'min-lsed') {
      values[i] = -Math.min(cap, distance[i][nearest]);
      pull(i, nearest, 1);
      continue;
    }
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      values[i] -= Math.min(cap, distance[i][j]) / (count - 1);
      pull(i, j, 1 / (count - 1));
    }
  }
  return { values, pulls: [...strengths.values()] };
}

/** a < b, where what is not a number is the least of all, so that it shows. */
export function isLess(a: number, b: number): boolean {
  return a < b || (Number.isNaN(a) && !Number.isNaN(b));
}
