import type { SystemDescription } from '../../experiment/experiment';
import { ensembleMean } from '../data/statistics';
import { roundToShortest } from '../policy/shortestDecimal';
import type { Bounds } from '../safety/bounds';

/** One controller's rollouts through the models, from common starts. */
export interface Rollouts {
  readonly members: number;
  readonly starts: number;
  readonly steps: number;
  /** cost per step, [members × starts] */
  readonly costs: Float64Array;
  /** discounted, [members × starts] */
  readonly returns: Float64Array;
  /** in units, [members × starts × (steps + 1) × states] */
  readonly states: Float64Array;
}

/** What the models say of two controllers from the same starts. Plain data: part of diff.json. */
export interface PredictedDiff {
  /** length of each rollout, and of how many there is one through each member */
  readonly steps: number;
  readonly members: number;
  readonly starts: number;
  readonly before: PredictedSide;
  readonly after: PredictedSide;
  /** of the return, after − before, rollout by rollout */
  readonly improvement: Estimate;
  /** from a few of the starts, side by side */
  readonly trajectories: readonly PredictedTrajectory[];
}

/** Mean and spread over members and starts, see `ensembleMean`. */
export interface Estimate {
  readonly mean: number;
  readonly spread: number;
}

export interface PredictedSide {
  /** per step, undiscounted */
  readonly cost: Estimate;
  /** discounted */
  readonly return: Estimate;
  /** smallest distance from the nearer bound over all rollouts' steps, as a share of the width; negative: outside */
  readonly margins: readonly { readonly variable: string; readonly least: number }[];
}

export interface PredictedTrajectory {
  /** the recorded frame that it begins at: index of the episode in the batch, and row */
  readonly episode: number;
  readonly row: number;
  /** which steps are told: at most `POINTS`, first and last among them */
  readonly steps: readonly number[];
  readonly states: readonly { readonly name: string; readonly unit: string; readonly before: Band; readonly after: Band }[];
}

/** A variable at each told step: mean over the members, and the lowest and highest of them. */
export interface Band {
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Starts shown side by side, and points of each. */
const SHOWN = 3;
const POINTS = 101;

/**
 * Compares two controllers by their rollouts.
 * @param startFrames where each start was recorded
 * @throws RangeError when the rollouts differ in members, starts or steps
 */
export function predictedDiff(description: SystemDescription, bounds: Bounds, startFrames: { readonly episodes: ArrayLike<number>; readonly rows: ArrayLike<number> }, before: Rollouts, after: Rollouts): PredictedDiff {
  const { members, starts, steps } = after;
  if (before.members !== members || before.starts !== starts || before.steps !== steps) throw new RangeError('Rollouts are compared that differ in members, starts or steps.');
  const gains = after.returns.map((value, i) => value - before.returns[i]);
  const told = toldSteps(steps);
  return {
    steps,
    members,
    starts,
    before: sideOf(description, bounds, before),
    after: sideOf(description, bounds, after),
    improvement: estimate(gains, after),
    trajectories: Array.from({ length: Math.min(SHOWN, starts) }, (_, start) => ({
      episode: startFrames.episodes[start],
      row: startFrames.rows[start],
      steps: told,
      states: description.states.map(({ name, unit }, column) => ({ name, unit, before: bandOf(before, start, column, description.states.length, told), after: bandOf(after, start, column, description.states.length, told) })),
    })),
  };
}

function sideOf(description: SystemDescription, bounds: Bounds, rollouts: Rollouts): PredictedSide {
  return {
    cost: estimate(rollouts.costs, rollouts),
    return: estimate(rollouts.returns, rollouts),
    margins: description.states.flatMap(({ name }, column) => (bounds[name] === undefined ? [] : [{ variable: name, least: roundToShortest(leastMargin(rollouts, column, description.states.length, bounds[name])) }])),
  };
}

function estimate(values: Float64Array, { members, starts }: Rollouts): Estimate {
  return ensembleMean(values, members, starts);
}

function leastMargin({ states, steps }: Rollouts, column: number, width: number, [low, high]: readonly [number, number]): number {
  let least = Infinity;
  for (let frame = 0; frame * width < states.length; frame++) {
    // the first frame of a rollout was recorded; no controller chose it
    if (frame % (steps + 1) === 0) continue;
    const value = states[frame * width + column];
    least = Math.min(least, (value - low) / (high - low), (high - value) / (high - low));
  }
  return least;
}

function bandOf({ members, starts, steps, states }: Rollouts, start: number, column: number, width: number, told: readonly number[]): Band {
  const band = { mean: [] as number[], low: [] as number[], high: [] as number[] };
  for (const step of told) {
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let member = 0; member < members; member++) {
      const value = states[((member * starts + start) * (steps + 1) + step) * width + column];
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    band.mean.push(roundToShortest(sum / members));
    band.low.push(roundToShortest(low));
    band.high.push(roundToShortest(high));
  }
  return band;
}

function toldSteps(steps: number): number[] {
  const points = Math.min(POINTS, steps + 1);
  return Array.from({ length: points }, (_, i) => Math.round((i * steps) / Math.max(1, points - 1)));
}
