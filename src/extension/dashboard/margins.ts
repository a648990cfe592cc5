import type { MarginView } from '../../messages/dashboard';
import { iterationFiles } from '../../run/paths';
import type { RunCache } from './runCache';

/** Rows read in one go, so that a long recording keeps nobody waiting for one big block. */
const mostNumbers = 262_144;

/** Between which values each policy kept the bounded variables in the newest deployment that was recorded; null before the first. */
export function marginsOf(cache: RunCache, units: ReadonlyMap<string, string>): MarginView | null {
  for (let iteration = cache.reader.description.iterations; iteration >= 1; iteration--) {
    const path = iterationFiles.trajectories(iteration);
    const found = cache.get(path, 'margins', () => readMargins(cache, path, iteration, units));
    if (found !== null) return found;
  }
  return null;
}

/** @throws RunError file-changed, invalid-file */
function readMargins(cache: RunCache, path: string, iteration: number, units: ReadonlyMap<string, string>): MarginView | null {
  const file = cache.reader.openNumbers(path);
  try {
    const { names, shape, notes } = file.header;
    if (shape.length !== 3) return null;
    const [episodes, frames, columns] = shape;
    const owners = Array.isArray(notes['policies']) ? (notes['policies'] as unknown[]).map(Number) : [];
    const bounded = Object.entries(typeof notes['bounds'] === 'object' && notes['bounds'] !== null ? notes['bounds'] : {}).flatMap(([name, value]: [string, unknown]) => {
      const pair = Array.isArray(value) && value.length === 2 ? value.map(Number) : [];
      const column = names.indexOf(name);
      return pair.length === 2 && pair.every(Number.isFinite) && column >= 0 ? [{ name, column, bounds: [pair[0], pair[1]] as [number, number], reached: new Map<number, [number, number]>() }] : [];
    });
    const rows = Math.max(1, Math.floor(mostNumbers / columns));
    for (let start = 0; start < episodes * frames; start += rows) {
      const count = Math.min(rows, episodes * frames - start);
      const block = file.read(start * columns, count * columns);
      for (let row = 0; row < count; row++) {
        const policy = owners[Math.floor((start + row) / frames)] ?? 0;
        for (const variable of bounded) widen(variable.reached, policy, block[row * columns + variable.column]);
      }
    }
    const variables = bounded.map(({ name, bounds, reached }) => ({
      name,
      unit: units.get(name) ?? '',
      bounds,
      policies: [...reached].sort(([a], [b]) => a - b).map(([policy, range]) => ({ policy, reached: range })),
    }));
    return variables.length === 0 ? null : { iteration, variables };
  } finally {
    file.close();
  }
}

/** A NaN is a frame that was never reached. */
function widen(reached: Map<number, [number, number]>, policy: number, value: number): void {
  if (!Number.isFinite(value)) return;
  const range = reached.get(policy);
  if (range === undefined) reached.set(policy, [value, value]);
  else {
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  }
}
