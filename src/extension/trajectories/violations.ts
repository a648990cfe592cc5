import type { Violation } from '../../messages/trajectories';

/** Stretches that are told one by one; the number of steps is always that of all. */
const mostStretches = 1_000;
/** Recordings are float32: this far outside, in widths of the bounds, is on the bound. */
const onTheBound = 1e-6;

/** Counts the steps of one variable outside of its bounds. */
export class ViolationCount {
  private steps = 0;
  private worst = 0;
  private readonly stretches: [number, number][] = [];
  private readonly slack: number;

  constructor(
    private readonly variable: string,
    private readonly bounds: readonly [number, number],
  ) {
    this.slack = onTheBound * (bounds[1] - bounds[0]);
  }

  /** Steps come in order. */
  add(step: number, value: number): void {
    const outside = Math.max(this.bounds[0] - value, value - this.bounds[1]);
    if (!(outside > this.slack)) return;
    this.steps++;
    this.worst = Math.max(this.worst, outside);
    const last = this.stretches.at(-1);
    if (last !== undefined && last[1] === step - 1) last[1] = step;
    else if (this.stretches.length < mostStretches) this.stretches.push([step, step]);
  }

  /** Nothing where the bounds were kept. */
  told(): Violation[] {
    return this.steps === 0 ? [] : [{ variable: this.variable, steps: this.steps, worst: this.worst, stretches: this.stretches }];
  }
}
