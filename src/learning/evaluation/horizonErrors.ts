/** Collects forecast errors of an ensemble at one horizon, of one variable, in one unit. */
export class HorizonErrors {
  private count = 0;
  private squares = 0;
  private variances = 0;
  private inside = 0;
  private naiveCount = 0;
  private naiveSquares = 0;

  /** @param residualSpread what the ensemble's spread is widened by, in the unit of the errors */
  constructor(private readonly residualSpread: number) {}

  /**
   * @param members error of each member's forecast, forecast − truth
   * @param naive   that of “stays as it is”; null: there is no such forecast
   */
  add(members: Float64Array, naive: number | null): void {
    const mean = members.reduce((sum, error) => sum + error, 0) / members.length;
    const variance = members.length < 2 ? 0 : members.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (members.length - 1);
    this.count++;
    this.squares += mean * mean;
    this.variances += variance;
    if (Math.abs(mean) <= Math.sqrt(variance) + this.residualSpread) this.inside++;
    if (naive === null) return;
    this.naiveCount++;
    this.naiveSquares += naive * naive;
  }

  /** Root mean square error of the members' mean; null without forecasts. */
  get error(): number | null {
    return root(this.squares, this.count);
  }

  get naive(): number | null {
    return root(this.naiveSquares, this.naiveCount);
  }

  /** Root mean square of the members' standard deviation (of a sample: over M − 1); 0 for one member. */
  get spread(): number | null {
    return root(this.variances, this.count);
  }

  /** Share of the forecasts with |mean − truth| ≤ the members' standard deviation + residual spread, 0 … 1. */
  get within(): number | null {
    return this.count === 0 ? null : this.inside / this.count;
  }
}

function root(sum: number, count: number): number | null {
  return count === 0 ? null : Math.sqrt(sum / count);
}
