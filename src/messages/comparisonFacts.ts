import type { Comparison } from './comparison';

/** An action "differs" where it changes by more than this share of its range. */
export const differs = 0.1;
/** A drop of support by this share of the frames or more is a reason to look twice. */
const supportDrop = 0.05;
/** Numbers of the models are float32: this far outside, in widths of the bounds, is on the bound. */
const onTheBound = 1e-6;

/** What a comparison says at a glance; its words are elsewhere. */
export interface ComparisonFacts {
  /** per step, predicted; null: not predicted */
  readonly cost: { readonly before: number; readonly after: number; readonly change: number } | null;
  /** of the return, paired rollout by rollout: mean and two spreads either side; null: not predicted */
  readonly improvement: { readonly before: number; readonly after: number; readonly mean: number; readonly low: number; readonly high: number } | null;
  /** `same`: the interval holds 0, or cost and return point in different directions; `unknown`: not predicted */
  readonly direction: 'falls' | 'rises' | 'same' | 'unknown';
  readonly bounds: { readonly kind: 'none' } | { readonly kind: 'kept' } | { readonly kind: 'crossed'; readonly variable: string; /** in widths of the bounds */ readonly by: number };
  /** the smallest distance from a bound, in widths of the bounds, and of which variable */
  readonly margin: { readonly before: number; readonly after: number; readonly variable: string; readonly by: 'models' | 'next-value' } | null;
  /** shares of frames whose action the recordings support */
  readonly support: { readonly before: number; readonly after: number } | null;
  /** the actuator that differs in the most frames */
  readonly steered: { readonly action: string; readonly share: number; readonly frames: number; readonly where: Where | null };
  readonly sign: 'pass' | 'warning' | 'error';
}

/** Mostly above or below a value of a state. */
export interface Where {
  readonly state: string;
  readonly side: 'above' | 'below';
  readonly value: number;
}

/** The facts of one pair, by the rules of docs/policy-diff.md. */
export function comparisonFacts(comparison: Comparison): ComparisonFacts {
  const cost = costOf(comparison);
  const improvement = improvementOf(comparison);
  const direction = directionOf(cost, improvement);
  const margin = marginOf(comparison);
  const bounds: ComparisonFacts['bounds'] = margin === null ? { kind: 'none' } : margin.after < -onTheBound ? { kind: 'crossed', variable: margin.variable, by: -margin.after } : { kind: 'kept' };
  const support = comparison.diff.support?.share ?? null;
  const supported = support !== null && support.before - support.after < supportDrop;
  const sign = bounds.kind === 'crossed' ? 'error' : direction === 'falls' && bounds.kind === 'kept' && supported ? 'pass' : 'warning';
  return { cost, improvement, direction, bounds, margin, support, steered: steeredOf(comparison), sign };
}

function costOf({ predicted }: Comparison): ComparisonFacts['cost'] {
  const before = predicted?.before.cost.mean ?? null;
  const after = predicted?.after.cost.mean ?? null;
  return before === null || after === null ? null : { before, after, change: after - before };
}

function improvementOf({ predicted }: Comparison): ComparisonFacts['improvement'] {
  if (predicted === null) return null;
  const { mean, spread } = predicted.improvement;
  const [before, after] = [predicted.before.return.mean, predicted.after.return.mean];
  return mean === null || spread === null || before === null || after === null ? null : { before, after, mean, low: mean - 2 * spread, high: mean + 2 * spread };
}

function directionOf(cost: ComparisonFacts['cost'], improvement: ComparisonFacts['improvement']): ComparisonFacts['direction'] {
  if (cost === null || improvement === null) return 'unknown';
  if (improvement.low > 0 && cost.change < 0) return 'falls';
  return improvement.high < 0 && cost.change > 0 ? 'rises' : 'same';
}

/** What the models say where they say something, else the known next values on recorded frames. */
function marginOf({ diff, predicted }: Comparison): ComparisonFacts['margin'] {
  const after = predicted?.after.margins.filter((margin) => margin.least !== null) ?? [];
  if (predicted !== null && after.length > 0) {
    const least = after.reduce((a, b) => ((b.least ?? 0) < (a.least ?? 0) ? b : a));
    const earlier = predicted.before.margins.find(({ variable }) => variable === least.variable)?.least ?? null;
    return { before: earlier ?? Number.NaN, after: least.least ?? Number.NaN, variable: least.variable, by: 'models' };
  }
  if (diff.margins.length === 0) return null;
  const { variable, least } = diff.margins.reduce((a, b) => (b.least.after < a.least.after ? b : a));
  return { ...least, variable, by: 'next-value' };
}

function steeredOf({ diff }: Comparison): ComparisonFacts['steered'] {
  const shares = diff.actions.map((action) => ({ action, changed: changedFrames(action) }));
  const { action, changed } = shares.reduce((a, b) => (b.changed.length > a.changed.length ? b : a));
  const frames = diff.sample.row.length;
  return { action: action.name, share: changed.length / frames, frames, where: whereMostly(diff.sample.states, changed, frames) };
}

/** The frames on which an action differs. */
export function changedFrames({ before, after, range }: Comparison['diff']['actions'][number]): number[] {
  const large = differs * (range[1] - range[0]);
  return before.flatMap((value, frame) => (Math.abs(after[frame] - value) > large ? [frame] : []));
}

/** So many of the frames must lie on one side, and so many more than of all frames, to be "mostly" there. */
const mostly = 0.75;
const moreThanElsewhere = 0.2;

/** The state whose median divides the frames that differ from the others most clearly; null: they are everywhere. */
function whereMostly(states: Readonly<Record<string, readonly number[]>>, changed: readonly number[], frames: number): Where | null {
  if (changed.length < 10 || changed.length > 0.9 * frames) return null;
  let best: Where | null = null;
  let clearest = moreThanElsewhere;
  for (const [state, values] of Object.entries(states)) {
    const value = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
    for (const side of ['above', 'below'] as const) {
      const lies = (frame: number): boolean => (side === 'above' ? values[frame] > value : values[frame] < value);
      const share = changed.filter(lies).length / changed.length;
      // where most frames are anyway, most changes are too
      const lead = share - values.filter((_, frame) => lies(frame)).length / frames;
      if (share < mostly || lead <= clearest) continue;
      clearest = lead;
      best = { state, side, value };
    }
  }
  return best;
}
