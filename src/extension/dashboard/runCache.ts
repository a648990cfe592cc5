import type { Evaluation, Predicted } from '../../run/contract';
import type { RunReader } from '../../run/reader';
import { finish } from '../../report/pieces';

/**
 * What was parsed of a run's files, by path and sha256: a file of a run is written once, so nothing is read twice. Of a
 * damaged file the sentence is kept instead.
 */
export class RunCache {
  private readonly kept = new Map<string, { readonly sha256: string; readonly value: unknown }>();
  private readonly damaged = new Map<string, string>();
  private reads = 0;

  constructor(readonly reader: RunReader) {}

  /** Files that were read so far, each version once. */
  get read(): number {
    return this.reads;
  }

  /** Sentences about files that could not be read. */
  get unreadable(): readonly string[] {
    return [...this.damaged.values()];
  }

  /** @returns null when the run has no such file, or it cannot be read */
  get<Value>(path: string, name: string, read: () => Value | null): Value | null {
    return finish(this.pieces(path, name, function* (): Generator<void, Value | null> {
      yield;
      return read();
    }));
  }

  /** As `get`, for what is read in pieces: each `next` reads one. */
  *pieces<Value>(path: string, name: string, read: () => Generator<void, Value | null>): Generator<void, Value | null> {
    const written = this.reader.fold.files.get(path);
    if (written === undefined) return null;
    const key = `${name} ${path}`;
    const known = this.kept.get(key);
    if (known?.sha256 === written.sha256) return known.value as Value | null;
    let value: Value | null = null;
    this.reads++;
    try {
      value = yield* read();
      this.damaged.delete(key);
    } catch (error) {
      this.damaged.set(key, error instanceof Error ? error.message : String(error));
    }
    this.kept.set(key, { sha256: written.sha256, value });
    return value;
  }

  evaluation(path: string, iteration: number): Evaluation | null {
    return this.get(path, 'evaluation', () => this.reader.evaluation(iteration));
  }

  predicted(path: string, iteration: number): Predicted | null {
    return this.get(path, 'predicted', () => this.reader.predicted(iteration));
  }
}
