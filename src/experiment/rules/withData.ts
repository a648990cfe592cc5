import { joined, type Sentence, sentence } from '../../sentence/sentence';
import type { Experiment, StateVariable, SystemDescription } from '../experiment';
import type { Finding, FindingCode, Range } from '../findings';
import { steeredVariables } from '../systems';
import { listSentence } from '../words';

/** One variable's column in the first batch, in its unit. */
export interface ColumnSummary {
  readonly minimum: number;
  readonly maximum: number;
  readonly standardDeviation: number;
  /** least and largest value in the episodes' first rows */
  readonly first: readonly [number, number];
}

/** What the second stage of validation knows of the first batch. */
export interface BatchSummary {
  /** rows that a model can learn from */
  readonly transitions: number;
  readonly episodes: number;
  /** transitions of the longest episode */
  readonly longestEpisode: number;
  /** of every state and action, by name */
  readonly columns: Readonly<Record<string, ColumnSummary>>;
}

/** What a rule of the second stage may look at. */
export interface DataRuleContext {
  readonly experiment: Experiment;
  readonly description: SystemDescription;
  readonly batch: BatchSummary;
  written(path: string): boolean;
  range(path: string): Range;
  keyRange(path: string): Range;
  report(severity: Finding['severity'], code: FindingCode, said: Sentence, range: Range): void;
}

/** Rules that need the recordings. */
export const dataRules: readonly ((context: DataRuleContext) => void)[] = [
  actionsAreExcited, statesVary, softConstraintHasSupport, recordingsAreLongEnough, episodesOutnumberPolicies, episodesBeginWithinBounds, boundsWereVisited, boundsAgree,
];

/** An action that moves within less than this share of its range shows no effect above the noise. */
const leastExcitement = 0.01;

/** For each policy: about one episode of the 2D world. */
const leastTransitions = 25;

function placeOf({ written, keyRange, range }: DataRuleContext, name: string): Range {
  return written(`variables.${name}`) ? keyRange(`variables.${name}`) : written('data') ? keyRange('data') : range('system.kind');
}

function actionsAreExcited(context: DataRuleContext): void {
  const advice = context.experiment.data.generate ? sentence('Choose another data.generate.behaviour or a larger epsilon.') : sentence('Record while it is moved.');
  for (const { name, range: [low, high], unit } of context.description.actions) {
    const column = context.batch.columns[name];
    if (column.standardDeviation >= leastExcitement * (high - low)) continue;
    const wrong = column.minimum === column.maximum
      ? sentence('`{0}` is {1} in every row, so what it does cannot be learned.', name, column.minimum)
      : sentence('`{0}` hardly moves: its standard deviation is {1} {2} in a range of {3}, so what it does cannot be learned.', name, digits(column.standardDeviation), unit, digits(high - low));
    context.report('warning', 'action-not-excited', joined([wrong, advice], ' '), placeOf(context, name));
  }
}

function statesVary(context: DataRuleContext): void {
  const { models, policies } = context.experiment;
  for (const { name, source } of context.description.states) {
    const { maximum, minimum } = context.batch.columns[name];
    const seen = models.inputs.includes(name) || policies.inputs.includes(name);
    if (minimum !== maximum || (source !== 'learned' && !seen)) continue;
    const advice = source === 'learned' ? sentence('Check its column and sensor, or leave the variable out.') : sentence('Leave it out of policies.inputs and models.inputs.');
    context.report('warning', 'constant-column', joined([sentence('`{0}` is {1} in every row, so nothing about it can be learned.', name, minimum), advice], ' '), placeOf(context, name));
  }
}

/** Where the recordings hold one action only, everything else is out of support; and a quantile needs rows. */
function softConstraintHasSupport(context: DataRuleContext): void {
  const { batch, description, experiment: { models, safety: { soft } } } = context;
  if (soft.weight === 0) return;
  const range = context.range('safety.soft.weight');
  const still = description.actions.filter(({ name }) => batch.columns[name].minimum === batch.columns[name].maximum).map(({ name }) => name);
  if (still.length > 0) {
    context.report('warning', 'soft-without-support', sentence('{0} never changes in the recordings, so the soft constraint holds policies to that one value. Record more, or set safety.soft.weight to 0.', listSentence(still, 'and')), range);
    return;
  }
  const rows = batch.transitions * models.holdout * soft.quantile;
  if (soft.logDensity !== null || rows >= 1) return;
  context.report('warning', 'soft-without-support', sentence('The quantile of the soft constraint rests on less than one of the about {0} hold-out rows. Raise safety.soft.quantile or models.holdout, or record more.', Math.round(batch.transitions * models.holdout)), range);
}

function recordingsAreLongEnough(context: DataRuleContext): void {
  const { batch: { longestEpisode }, experiment: { data, models, policies, search } } = context;
  if (data.files === null) return;
  const place = (path: string): Range => context.range(context.written(path) ? path : 'data.files');
  if (search.horizon > longestEpisode) {
    context.report('warning', 'horizon-beyond-recordings', sentence('Rollouts of {0} steps are longer than the longest recorded episode, {1} steps. Shorten search.horizon, or record longer episodes.', search.horizon, longestEpisode), place('search.horizon'));
  }
  for (const [path, history] of [['models.history', models.history], ['policies.history', policies.history]] as const) {
    if (history <= longestEpisode + 1) continue;
    context.report('warning', 'history-beyond-recordings', sentence('A history of {0} frames is longer than the longest recorded episode, {1} steps. Shorten {2}, or record longer episodes.', history, longestEpisode, path), place(path));
  }
}

/** One continuous recording is cut into blocks, so here it is rows that must be enough. */
function episodesOutnumberPolicies(context: DataRuleContext): void {
  const { batch: { transitions }, experiment: { data, policies } } = context;
  if (data.files === null || transitions >= leastTransitions * policies.count) return;
  context.report('warning', 'more-policies-than-episodes', sentence('{0} policies are searched on {1} recorded transitions. Record more, or search fewer.', policies.count, transitions), context.range(context.written('policies.count') ? 'policies.count' : 'data.files'));
}

function boundedStates({ description, experiment: { bounds } }: DataRuleContext): { state: StateVariable; low: number; high: number }[] {
  if (bounds.kind !== 'values') return [];
  return description.states.flatMap((state) => {
    const bound = Object.hasOwn(bounds.values, state.name) ? bounds.values[state.name] : undefined;
    return bound ? [{ state, low: bound[0], high: bound[1] }] : [];
  });
}

/** The first stage knows where shipped simulators begin. */
function episodesBeginWithinBounds(context: DataRuleContext): void {
  if (context.experiment.system.kind !== 'plant' && context.experiment.system.kind !== 'program') return;
  for (const { high, low, state: { name } } of boundedStates(context)) {
    const { first: [least, most], maximum, minimum } = context.batch.columns[name];
    if ((least >= low && most <= high) || maximum < low || minimum > high) continue;
    const wrong = least === most
      ? sentence('Recorded episodes begin at {0} in `{1}`, partly or wholly outside of [{2}, {3}].', digits(least), name, low, high)
      : sentence('Recorded episodes begin from {0} to {1} in `{2}`, partly or wholly outside of [{3}, {4}].', digits(least), digits(most), name, low, high);
    context.report('warning', 'start-outside-bounds', joined([wrong, sentence('Widen the bound, or expect violations at the beginning.')], ' '), context.range(`bounds.${name}`));
  }
}

function boundsWereVisited(context: DataRuleContext): void {
  for (const { high, low, state: { name } } of boundedStates(context)) {
    const { maximum, minimum } = context.batch.columns[name];
    if (maximum >= low && minimum <= high) continue;
    context.report('warning', 'bounds-unvisited', sentence("`{0}` was from {1} to {2} and never within [{3}, {4}], so nothing is known of what happens there. Check the bound's unit, or record within it.", name, digits(minimum), digits(maximum), low, high), context.range(`bounds.${name}`));
  }
}

/**
 * With x′ = x + k a and y′ = y + m a, the action never changes x / k − y / m. So if no point within both bounds has a
 * value that an episode can begin with, the two can never hold together.
 */
function boundsAgree(context: DataRuleContext): void {
  if (!context.experiment.safety.constrain) return;
  const steered = steeredVariables(context.description);
  const held = boundedStates(context).filter(({ state }) => steered.includes(state.name));
  held.forEach((one, index) => {
    for (const other of held.slice(index + 1)) {
      const { next: a } = one.state;
      const { next: b } = other.state;
      if (a?.kind !== 'affine' || b?.kind !== 'affine' || a.action !== b.action || a.clip || b.clip) continue;
      const allowed = difference([one.low, one.high], a.gain, [other.low, other.high], b.gain);
      const begins = difference(context.batch.columns[one.state.name].first, a.gain, context.batch.columns[other.state.name].first, b.gain);
      if (begins[1] >= allowed[0] && begins[0] <= allowed[1]) continue;
      const said = sentence('`{0}` and `{1}` both follow `{2}`, and from where the recorded episodes begin no action ever brings both within their bounds. Bound only one of them, or correct the formulas.', one.state.name, other.state.name, a.action);
      context.report('error', 'bounds-exclude', said, context.keyRange(`bounds.${other.state.name}`));
    }
  });
}

/** The interval of x / k − y / m. */
function difference(x: readonly [number, number], k: number, y: readonly [number, number], m: number): readonly [number, number] {
  const a = [x[0] / k, x[1] / k].sort((p, q) => p - q);
  const b = [y[0] / m, y[1] / m].sort((p, q) => p - q);
  return [a[0] - b[1], a[1] - b[0]];
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
