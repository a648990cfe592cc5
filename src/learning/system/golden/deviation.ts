/** Error of a comparison that has no number: a value that is not finite, a draw too many or too few. */
export const incomparable = Number.MAX_VALUE;

/** Collects how far results are from reference values. */
export class Deviation {
  /** largest |x − reference| / max(1, |reference|) so far */
  worst = 0;
  /** number of comparisons */
  compared = 0;
  /** what went wrong beyond numbers, and where the worst number is */
  readonly problems: string[] = [];
  worstAt = '';

  compare(value: number, reference: number, where: string): void {
    this.compared++;
    const difference = Math.abs(value - reference) / Math.max(1, Math.abs(reference));
    const error = Number.isFinite(difference) ? difference : incomparable;
    if (error <= this.worst) return;
    this.worst = error;
    this.worstAt = where;
  }

  fail(problem: string): void {
    this.compared++;
    this.worst = incomparable;
    this.problems.push(problem);
  }
}
