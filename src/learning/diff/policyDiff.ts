import type { SystemDescription } from '../../experiment/experiment';
import type { Batch } from '../data/batch';
import { mean, percentileOfSorted } from '../data/statistics';
import { roundToShortest } from '../policy/shortestDecimal';
import type { Bounds } from '../safety/bounds';
import type { FrameSample } from './sample';

/** What changes from one policy to another, on frames of the batch. Plain data: diff.json. */
export interface PolicyDiff {
  readonly format: 'ibrl-diff';
  readonly version: 1;
  readonly sample: {
    readonly episode: readonly number[];
    readonly row: readonly number[];
    /** by state variable, in its unit */
    readonly states: Readonly<Record<string, readonly number[]>>;
  };
  readonly actions: readonly ActionDiff[];
  readonly margins: readonly MarginDiff[];
  /** null where no behaviour policy was given */
  readonly support: SupportDiff | null;
}

/** One actuator, over the sample, in its unit. */
export interface ActionDiff {
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  /** largest change from one sample to the next that is allowed; null: none */
  readonly maxChange: number | null;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** of |after − before| */
  readonly change: Distribution;
  /** |action − the recorded one a sample before|: how fast the actuator would have had to move */
  readonly slew: { readonly before: Distribution; readonly after: Distribution };
  /** share of the frames with the action within half a percent of the range from one of its ends */
  readonly saturated: { readonly before: number; readonly after: number };
}

/** Of a size, over the sample. */
export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
}

/**
 * Distance of a bounded variable's next value from the nearer bound, as a share of the bounds' width: 0.5 in the middle,
 * 0 at a bound, negative outside. Only for variables whose next value is known.
 */
export interface MarginDiff {
  readonly variable: string;
  readonly unit: string;
  readonly bounds: readonly [number, number];
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly least: { readonly before: number; readonly after: number };
}

/** log β(a|s) over the sample: the smallest excess over the action dimensions' thresholds, so that ≥ 0 is supported. */
export interface SupportDiff {
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** shares of the frames with support in every dimension */
  readonly share: { readonly before: number; readonly after: number };
}

/** The behaviour policy as a diff needs it. */
export interface Support {
  /** log β(a|s) of every action dimension at sampled frames of the batch. @param actions [frames × actions], in units @returns [frames × actions] */
  logDensities(sample: FrameSample, actions: Float64Array): Float64Array;
  /** smallest supported log density, for each action dimension */
  readonly threshold: ArrayLike<number>;
}

/**
 * Compares two controllers on sampled frames.
 *
 * @param before, after  their actions there (`recordedActions`), [frames × actions], in units
 * @param support  null: not known
 * @param states  of the sample; who compares several pairs on it makes them once
 * @throws RangeError when the arrays do not belong to the sample
 */
export function policyDiff(
  description: Pick<SystemDescription, 'states' | 'actions'>,
  bounds: Bounds,
  batch: Batch,
  sample: FrameSample,
  before: Float64Array,
  after: Float64Array,
  support: Support | null = null,
  states: PolicyDiff['sample']['states'] = sampledStates(batch, sample),
): PolicyDiff {
  const frames = sample.rows.length;
  const width = batch.actionNames.length;
  if (frames === 0 || before.length !== frames * width || after.length !== frames * width) {
    throw new RangeError(`${frames} frames of ${width} actions cannot be compared by ${before.length} and ${after.length} numbers.`);
  }
  return {
    format: 'ibrl-diff',
    version: 1,
    sample: {
      episode: Array.from(sample.episodes),
      row: Array.from(sample.rows),
      states,
    },
    actions: description.actions.map((action, j) => actionDiff(action, columnOf(before, width, j), columnOf(after, width, j), recordedBefore(batch, sample, j))),
    margins: marginDiffs(description, bounds, batch, sample, before, after),
    support: support === null ? null : supportDiff(support, sample, before, after),
  };
}

/** By state variable, its values at the sampled frames, in its unit. */
export function sampledStates(batch: Batch, sample: FrameSample): PolicyDiff['sample']['states'] {
  return Object.fromEntries(batch.stateNames.map((name, column) => [name, rounded(sampledState(batch, sample, column))]));
}

/** A diff as text: the same diff gives the same text. */
export function writeDiff(diff: PolicyDiff): string {
  return `${JSON.stringify(diff)}\n`;
}

/** @param led the recorded action that led to each frame, which the next one departs from */
function actionDiff(action: SystemDescription['actions'][number], before: Float64Array, after: Float64Array, led: Float64Array): ActionDiff {
  return {
    name: action.name,
    unit: action.unit,
    range: action.range,
    maxChange: action.maxChange,
    before: rounded(before),
    after: rounded(after),
    change: distanceOf(after, before),
    slew: { before: distanceOf(before, led), after: distanceOf(after, led) },
    saturated: { before: saturatedShare(before, action.range), after: saturatedShare(after, action.range) },
  };
}

function distanceOf(a: Float64Array, b: Float64Array): Distribution {
  const sizes = a.map((value, i) => Math.abs(value - b[i])).sort();
  return {
    mean: roundToShortest(mean(sizes)),
    p50: roundToShortest(percentileOfSorted(sizes, 50)),
    p90: roundToShortest(percentileOfSorted(sizes, 90)),
    max: roundToShortest(sizes[sizes.length - 1]),
  };
}

function recordedBefore(batch: Batch, sample: FrameSample, action: number): Float64Array {
  return eachFrame(sample, (episode, row) => batch.episodes[episode].actions[row * batch.actionNames.length + action]);
}

function saturatedShare(values: Float64Array, [low, high]: readonly [number, number]): number {
  const near = 0.005 * (high - low);
  return values.reduce((count, value) => count + (value <= low + near || value >= high - near ? 1 : 0), 0) / values.length;
}

function marginDiffs(description: Pick<SystemDescription, 'states' | 'actions'>, bounds: Bounds, batch: Batch, sample: FrameSample, before: Float64Array, after: Float64Array): MarginDiff[] {
  return Object.entries(bounds).flatMap(([name, [low, high]]) => {
    const column = batch.stateNames.indexOf(name);
    const variable = description.states.find((state) => state.name === name);
    const next = variable?.next;
    if (column < 0 || variable === undefined || !next || next.kind !== 'affine') return [];
    const j = batch.actionNames.indexOf(next.action);
    const states = sampledState(batch, sample, column);
    const margins = (actions: Float64Array): Float64Array =>
      states.map((x, i) => {
        const reached = x + next.gain * actions[i * batch.actionNames.length + j];
        const value = next.clip ? Math.min(variable.range[1], Math.max(variable.range[0], reached)) : reached;
        return Math.min(value - low, high - value) / (high - low);
      });
    const [marginsBefore, marginsAfter] = [margins(before), margins(after)];
    return [
      {
        variable: name,
        unit: variable.unit,
        bounds: [low, high],
        before: rounded(marginsBefore),
        after: rounded(marginsAfter),
        least: { before: roundToShortest(least(marginsBefore)), after: roundToShortest(least(marginsAfter)) },
      },
    ];
  });
}

function supportDiff(support: Support, sample: FrameSample, before: Float64Array, after: Float64Array): SupportDiff {
  const frames = sample.rows.length;
  const excesses = (actions: Float64Array): Float64Array => {
    const densities = support.logDensities(sample, actions);
    const width = actions.length / frames;
    const smallest = new Float64Array(frames).fill(Infinity);
    for (let i = 0; i < frames; i++) for (let j = 0; j < width; j++) smallest[i] = Math.min(smallest[i], densities[i * width + j] - support.threshold[j]);
    return smallest;
  };
  const share = (values: Float64Array): number => values.reduce((count, value) => count + (value >= 0 ? 1 : 0), 0) / values.length;
  const [excessBefore, excessAfter] = [excesses(before), excesses(after)];
  return { before: rounded(excessBefore), after: rounded(excessAfter), share: { before: share(excessBefore), after: share(excessAfter) } };
}

function sampledState(batch: Batch, sample: FrameSample, column: number): Float64Array {
  return eachFrame(sample, (episode, row) => batch.episodes[episode].states[row * batch.stateNames.length + column]);
}

/** A number of each sampled frame. */
function eachFrame({ episodes, rows }: FrameSample, value: (episode: number, row: number) => number): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < out.length; i++) out[i] = value(episodes[i], rows[i]);
  return out;
}

function columnOf(values: Float64Array, width: number, column: number): Float64Array {
  const out = new Float64Array(values.length / width);
  for (let i = 0; i < out.length; i++) out[i] = values[i * width + column];
  return out;
}

function least(values: Float64Array): number {
  return values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
}

/** As the shortest decimals of their float32: a third of the text, and more digits than any screen shows. */
function rounded(values: Float64Array): number[] {
  const out = new Array<number>(values.length);
  for (let i = 0; i < out.length; i++) out[i] = roundToShortest(values[i]);
  return out;
}
