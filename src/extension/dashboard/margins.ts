import type { MarginView } from '../../messages/dashboard';
import { iterationFiles } from '../../run/paths';
import { finish, pieceNumbers } from '../../report/pieces';
import type { RunCache } from './runCache';

/** Between which values each policy kept the bounded variables in the newest deployment that was recorded; null before the first. */
export function marginsOf(cache: RunCache, units: ReadonlyMap<string, string>): MarginView | null {
  return finish(marginPieces(cache, units));
}

/** As `marginsOf`; a long recording is read piece by piece. */
export function* marginPieces(cache: RunCache, units: ReadonlyMap<string, string>): Generator<void, MarginView | null> {
  for (let iteration = cache.reader.description.iterations; iteration >= 1; iteration--) {
    const path = iterationFiles.trajectories(iteration);
    const found = yield* cache.pieces(path, 'margins', () => readMargins(cache, path, iteration, units));
    if (found !== null) return found;
  }
  return null;
}

/** @throws RunError file-changed, invalid-file */
function* readMargins(cache: RunCache, path: string, iteration: number, units: ReadonlyMap<string, string>): Generator<void, MarginView | null> {
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
    const rows = Math.max(1, Math.floor(pieceNumbers / columns));
    for (let start = 0; start < episodes * frames; start += rows) {
      const count = Math.min(rows, episodes * frames - start);
      const block = file.read(start * columns, count * columns);
      // rows of one episode belong to one policy
      for (let row = 0; row < count; ) {
        const episode = Math.floor((start + row) / frames);
        const end = Math.min(count, (episode + 1) * frames - start);
        for (const { column, reached } of bounded) widen(reached, owners[episode] ?? 0, block, row * columns + column, end * columns, columns);
        row = end;
      }
      yield;
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

/** By every `stride`th value; a NaN is a frame that was never reached. */
function widen(reached: Map<number, [number, number]>, policy: number, values: Float32Array, from: number, to: number, stride: number): void {
  let [least, most] = reached.get(policy) ?? [Infinity, -Infinity];
  for (let at = from; at < to; at += stride) {
    const value = values[at];
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least <= most) reached.set(policy, [least, most]);
}
