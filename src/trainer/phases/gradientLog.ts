import type { GradientCheck } from '../../learning/evaluation/healthSigns/searchSigns';
import type { TermGradients } from '../../learning/search/policySearch';

/** The terms' gradients at every check of a search, in one array that a checkpoint can hold. */
export class GradientLog {
  /** [checks × (norms, then cosines)]; NaN where no check was made yet */
  readonly data: Float32Array;
  private readonly pairs: readonly string[];

  /**
   * @param checks at most so many
   * @param before `data` of the log that a checkpoint holds; null, or of another shape: an empty log
   */
  constructor(private readonly terms: readonly string[], checks: number, before: Float32Array | null) {
    this.pairs = terms.flatMap((name, i) => terms.slice(0, i).map((earlier) => `${earlier} ${name}`));
    const length = checks * this.width;
    this.data = before?.length === length ? before : new Float32Array(length).fill(Number.NaN);
  }

  add(check: number, { norms, cosines }: TermGradients): void {
    const values: Readonly<Record<string, number | undefined>> = { ...norms, ...cosines };
    [...this.terms, ...this.pairs].forEach((name, i) => (this.data[check * this.width + i] = values[name] ?? Number.NaN));
  }

  /** The checks of the first half that were made and were finite. */
  firstHalf(): GradientCheck[] {
    const half = Math.ceil(this.data.length / this.width / 2);
    const rows = Array.from({ length: half }, (_, check) => this.data.subarray(check * this.width, (check + 1) * this.width));
    const named = (names: readonly string[], row: Float32Array, from: number) => Object.fromEntries(names.map((name, i) => [name, row[from + i]]));
    return rows.filter((row) => row.every(Number.isFinite)).map((row) => ({ norms: named(this.terms, row, 0), cosines: named(this.pairs, row, this.terms.length) }));
  }

  private get width(): number {
    return this.terms.length + this.pairs.length;
  }
}
