import type { CurvesMessage } from '../../messages/dashboard';
import { thinPieces } from '../../report/thin';
import { iterationFiles } from '../../run/paths';
import type { RunReader } from '../../run/reader';
import { finish, pieceNumbers } from '../../report/pieces';

/** Points sent of one series. */
export const mostCurvePoints = 2_000;

/**
 * The curves of a search, one for each policy and term, thinned for a range of updates: extremes stay, at most
 * `mostCurvePoints` points for each series. The file is read by range.
 * @param from, to updates, null: the end
 * @returns null when the run has none
 * @throws RunError file-changed, invalid-file
 */
export function readCurves(reader: RunReader, iteration: number, from: number | null, to: number | null): CurvesMessage | null {
  return finish(curvePieces(reader, iteration, from, to));
}

/** As `readCurves`, piece by piece: whoever has others to serve lets them in between. */
export function* curvePieces(reader: RunReader, iteration: number, from: number | null, to: number | null): Generator<void, CurvesMessage | null> {
  const path = iterationFiles.curves(iteration);
  if (!reader.has(path)) return null;
  const file = reader.openNumbers(path);
  try {
    const { names, shape, notes } = file.header;
    if (shape.length !== 3) return null;
    // of a long curve the header alone is long
    yield;
    const [points, policies, terms] = shape;
    const updates = numbers(notes['updates'], points) ?? Array.from({ length: points }, (_, index) => index + 1);
    const first = from === null ? 0 : Math.max(0, updates.findIndex((update) => update >= from));
    const end = to === null ? points : Math.max(first + 1, updates.findLastIndex((update) => update <= to) + 1);
    const series = Array.from({ length: policies * terms }, () => new Float32Array(end - first));
    const rows = Math.max(1, Math.floor(pieceNumbers / (policies * terms)));
    for (let row = first; row < end; row += rows) {
      const count = Math.min(rows, end - row);
      const block = file.read(row * policies * terms, count * policies * terms);
      for (let one = 0; one < series.length; one++) {
        const values = series[one];
        for (let at = 0, from = one; at < count; at++, from += series.length) values[row - first + at] = block[from];
      }
      yield;
    }
    const kept = yield* thinPieces(series, mostCurvePoints, pieceNumbers);
    yield;
    return {
      kind: 'curves',
      folder: reader.folder,
      iteration,
      updates: Float32Array.from(kept, (index) => updates[first + index]),
      terms: names.map((name, term) => ({ name, values: Array.from({ length: policies }, (_, policy) => picked(series[policy * terms + term], kept)) })),
      policies: numbers(notes['policies'], policies) ?? Array.from({ length: policies }, (_, index) => index + 1),
      recorded: end - first,
    };
  } finally {
    file.close();
  }
}

function picked(values: ArrayLike<number>, indices: readonly number[]): Float32Array<ArrayBuffer> {
  const found = new Float32Array(indices.length);
  for (let i = 0; i < indices.length; i++) found[i] = values[indices[i]];
  return found;
}

function numbers(value: unknown, length: number): number[] | null {
  const list: unknown[] | null = Array.isArray(value) && value.length === length ? value : null;
  return list?.every((entry) => typeof entry === 'number') ? (list as number[]) : null;
}
