import type { ActionVariable, DiversityMeasure, RewardFormula, SystemDescription } from '../../experiment/experiment';
import type { Scales } from '../data/scaling';
import { type Program, ProgramBuilder, type ValueId } from '../engine/program';
import { gaussianLogDensity } from '../model/behaviour';
import type { ModelTarget } from '../model/transitionModel';
import type { BoundConstraint } from '../safety/bounds';
import { limitedAction } from './actionLimitProgram';
import { expressionValue, frameReader, inUnits } from './expressionProgram';
import { gatherRows } from './rows';
import { exogenousStates, knownNext, knownRows, nextState, scaledRange } from './stateProgram';

/** Everything that decides a rollout's program, but for the numbers written into it. */
export interface RolloutPlan {
  readonly description: SystemDescription;
  readonly scales: Scales;
  /** constraints on actions; empty: only ranges and largest changes */
  readonly constraints: readonly BoundConstraint[];
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
  /** `output`: `mean` for a network like β's, whose first outputs are scaled actions; absent: they go through tanh */
  readonly policy: { readonly sizes: readonly number[]; readonly inputs: readonly string[]; readonly history: number; readonly activation: 'tanh' | 'relu'; readonly output?: 'squashed' | 'mean' };
  readonly model: { readonly sizes: readonly number[]; readonly inputs: readonly string[]; readonly history: number; readonly activation: 'tanh' | 'relu'; readonly targets: readonly ModelTarget[]; readonly known: readonly string[] };
  /** null: no term needs β */
  readonly behaviour: { readonly sizes: readonly number[]; readonly activation: 'tanh' | 'relu'; readonly logDelta: number; readonly clip: number } | null;
  readonly reward: 'learned' | 'formula';
  /** deployed policies, which are kept apart; one more, the probe, may follow */
  readonly count: number;
  readonly policies: number;
  readonly members: number;
  /** rollouts of each policy and member */
  readonly starts: number;
  readonly horizon: number;
  readonly pessimism: 'none' | 'minimum';
  readonly terms: { readonly objective: boolean; readonly soft: boolean; readonly violation: boolean; readonly diversity: { readonly measure: DiversityMeasure; readonly over: readonly string[]; readonly cap: number | null } | null };
  /** false: a forward pass only, which records every reward in the series “reward” */
  readonly trainable: boolean;
}

/** A rollout's program and the ids of what is written into it. */
export interface RolloutProgram {
  readonly program: Program;
  /** scaled states at the start, [states × starts] */
  readonly state: ValueId;
  /** scaled actions that led there, [actions × starts] */
  readonly previous: ValueId;
  /** scaled windows at the start, newest frame first, by the columns they hold */
  readonly windows: readonly { readonly columns: readonly string[]; readonly frames: number; readonly value: ValueId }[];
  /** scaled values of the exogenous variables behind the start, [steps × variables × starts]; null: there are none */
  readonly exogenous: ValueId | null;
  readonly weight: ValueId;
  /** γ^t, [steps × 1 × starts] */
  readonly discount: ValueId;
  readonly terms: readonly TermName[];
}

export type TermName = 'return' | 'objective' | 'soft' | 'violation' | 'diversity';
/** Under the root of a distance, so that equal rollouts have a gradient. */
export const DISTANCE_EPSILON = 1e-6;

/**
 * The virtual rollouts of K policies through M members from B starts, and the loss of arXiv 2411.09722,
 *
 *     L_k = L_R + α_s L_S + α_d L_D,   L_R = −(1/H) Σ_t γ^t r_t / scale, averaged over starts and members,
 *
 * with safety as objective (squared distance to β's mean action), as soft constraint (relu(log δ − log β(a|s)), clipped)
 * or as predicted violation of bounds, and constrained actions as part of the policy. Weights α are the term weights.
 * States are carried scaled; the action is in [−1, 1].
 */
export function rolloutProgram(plan: RolloutPlan): RolloutProgram {
  const { description, scales, policies, members, starts, horizon } = plan;
  const builder = new ProgramBuilder({ policies, members, starts, steps: horizon });
  const one = builder.constant([1]);
  const stateNames = description.states.map((variable) => variable.name);
  const actionNames = description.actions.map((action) => action.name);

  // what is written
  const extent = 'member';
  const startState = builder.input('state', stateNames.length, extent);
  const startAction = builder.input('previous action', actionNames.length, extent);
  const exogenousCount = exogenousStates(description).length;
  const exogenous = exogenousCount === 0 ? null : builder.input('exogenous', exogenousCount, extent, true);
  const weight = builder.input('weight', 1, extent);
  const discount = builder.input('discount', 1, 'shared', true);
  const policy = builder.parameters('policy', plan.policy.sizes, 'policy', plan.trainable);
  const model = builder.parameters('transition model', plan.model.sizes, 'member', false);
  const behaviour = plan.behaviour && builder.parameters('behaviour', plan.behaviour.sizes, 'shared', false);

  // what is carried: states, last action, the windows of the networks (one series where they see the same), sums
  const states = builder.carry('states', stateNames.length, 1, startState);
  const lastAction = builder.carry('last action', actionNames.length, 1, startAction);
  const windows = distinctWindows([plan.policy, plan.model]).map(({ columns, frames }, index) => {
    const value = builder.input(`window ${index}`, columns.length * frames, extent);
    return { columns, frames, value, series: builder.carry(`window ${index}`, columns.length, frames, value) };
  });
  const sum = (name: TermName) => builder.carry(name, 1, 1, null);
  const total = sum('return');
  const objective = plan.terms.objective ? sum('objective') : null;
  const soft = plan.terms.soft ? sum('soft') : null;
  const violation = plan.terms.violation ? sum('violation') : null;
  const rewards = plan.trainable ? null : builder.carry('reward', 1, 1, null);

  builder.beginSteps();
  const window = ({ inputs, history }: { inputs: readonly string[]; history: number }) => {
    const found = windows.find(({ columns }) => sameNames(columns, inputs));
    if (!found) throw new RangeError('every network has its window');
    return builder.window(found.series, history);
  };
  const now = builder.window(states, 1);
  const isMean = plan.policy.output === 'mean';
  const network = builder.network([window(plan.policy)], policy, plan.policy.activation);
  const outputs = isMean ? builder.slice(network, 0, actionNames.length) : network;
  const action = limitedAction(builder, { outputs, squash: !isMean, state: now, previous: builder.window(lastAction, 1), description, scales, constraints: plan.constraints });
  const known = knownNext(builder, { state: now, action, description, scales });
  const knownInputs = plan.model.known.length === 0 ? [] : [knownRows(builder, known, plan.model.known.map((name) => stateNames.indexOf(name)))];
  const predicted = builder.network([window(plan.model), action, ...knownInputs], model, plan.model.activation);
  const next = nextState(builder, known, { state: now, predicted, exogenous, targets: plan.model.targets, description, scales, constraints: plan.constraints });
  const reward = plan.reward === 'formula' ? rewardByFormula(builder, description.reward.formula, { next, now, action, previous: builder.window(lastAction, 1) }, description, scales) : builder.slice(predicted, plan.model.targets.findIndex((target) => target.predict === 'reward'), 1);
  builder.advance(states, next);
  builder.advance(lastAction, action);
  for (const { columns, series } of windows) {
    const rows = columns.map((name) => (stateNames.includes(name) ? stateNames.indexOf(name) : stateNames.length + actionNames.indexOf(name)));
    const source = rows.some((row) => row >= stateNames.length) ? builder.concat([next, action]) : next;
    builder.advance(series, copied(builder, gatherRows(builder, source, rows), next));
  }
  const add = (series: typeof total, value: ValueId) => builder.advance(series, builder.apply('add', builder.window(series, 1), value));
  builder.advance(total, builder.apply('affine', reward, discount, builder.window(total, 1)));
  if (rewards !== null) builder.advance(rewards, builder.apply('multiply', reward, one));
  if (objective !== null || soft !== null) {
    if (behaviour === null || plan.behaviour === null) throw new RangeError('a term needs the behaviour policy');
    const beta = builder.network([window(plan.policy)], behaviour, plan.behaviour.activation);
    if (objective !== null) add(objective, builder.sumRows(builder.apply('square', builder.apply('subtract', action, builder.slice(beta, 0, actionNames.length)))));
    if (soft !== null) {
      const density = builder.sumRows(gaussianLogDensity(builder, beta, action));
      const shortfall = builder.apply('affine', density, builder.constant([-1]), builder.constant([plan.behaviour.logDelta]));
      add(soft, builder.apply('clamp', shortfall, builder.constant([0]), builder.constant([plan.behaviour.clip])));
    }
  }
  if (violation !== null) add(violation, builder.sumRows(boundViolation(builder, next, description, scales, plan.bounds)));

  builder.beginEpilogue();
  const term = (name: TermName, series: typeof total, sign: 1 | -1) => {
    // a rollout's weight is its share of all members' rollouts, of which a minimum counts one in `members`
    if (name === 'return' && plan.pessimism === 'minimum') builder.term(name, builder.window(series, 1), weight, (sign * members) / horizon, 'minimum');
    else builder.term(name, builder.window(series, 1), weight, sign / horizon);
  };
  const terms: TermName[] = ['return'];
  term('return', total, -1);
  for (const [name, series] of [['objective', objective], ['soft', soft], ['violation', violation]] as const)
    if (series !== null) {
      term(name, series, 1);
      terms.push(name);
    }
  const { diversity } = plan.terms;
  if (diversity !== null && diversity.measure !== 'none') {
    builder.diversity({
      name: 'diversity', series: states, weight, epsilon: DISTANCE_EPSILON, cap: diversity.cap ?? 3e38, count: plan.count, measure: diversity.measure,
      rowWeights: diversityWeights(diversity.over, plan),
    });
    terms.push('diversity');
  }
  return { program: builder.build(), state: startState, previous: startAction, windows: windows.map(({ columns, frames, value }) => ({ columns, frames, value })), exogenous, weight, discount, terms };
}

/**
 * Weights that make the sum over steps and rows of squared scaled differences a mean of squares in the unit of diversity:
 * the width of the bounds, else of the physical range, divided by √12.
 */
export function diversityWeights(over: readonly string[], plan: Pick<RolloutPlan, 'description' | 'scales' | 'bounds' | 'horizon'>): number[] {
  return plan.description.states.map((variable, index) => {
    if (!over.includes(variable.name)) return 0;
    const [low, high] = scaledRange(plan.scales.states[index], plan.bounds[variable.name] ?? variable.range);
    const unit = (high - low) / Math.sqrt(12);
    return 1 / (unit * unit * over.length * plan.horizon);
  });
}

/** r / scale of the new state, and where the formula says so of the action and of the state and action before. */
function rewardByFormula(builder: ProgramBuilder, formula: RewardFormula, step: { readonly next: ValueId; readonly now: ValueId; readonly action: ValueId; readonly previous: ValueId }, description: SystemDescription, scales: Scales): ValueId {
  if (formula.kind === 'column' || formula.kind === 'told') throw new RangeError('a reward without a formula is learned');
  const { next, now, action, previous: lastAction } = step;
  if (formula.kind === 'expression') {
    const after = frameReader(builder, [{ rows: next, scales: scales.states }, { rows: action, scales: scales.actions }]);
    const before = frameReader(builder, [{ rows: now, scales: scales.states }, { rows: lastAction, scales: scales.actions }]);
    const value = expressionValue(builder, formula.expression, (name, previous) => (previous ? before : after)(name));
    return builder.apply('multiply', value, builder.constant([1 / scales.reward]));
  }
  const named = Object.entries(formula.kind === 'linear' ? formula.weights : formula.centre);
  const indices = named.map(([name]) => description.states.findIndex((variable) => variable.name === name));
  const values = named.map(([, number], i) => {
    const raw = inUnits(builder, builder.slice(next, indices[i], 1), scales.states[indices[i]]);
    if (formula.kind === 'linear') return builder.apply('multiply', raw, builder.constant([number / scales.reward]));
    return builder.apply('square', builder.apply('subtract', raw, builder.constant([number])));
  });
  const sum = builder.sumRows(builder.concat(values));
  if (formula.kind === 'linear') return sum;
  const density = builder.apply('exp', builder.apply('multiply', sum, builder.constant([-0.5 / formula.width ** 2])));
  return builder.apply('multiply', density, builder.constant([1 / scales.reward]));
}

/** How far each bounded variable lies outside of its bounds, as a share of their width. */
function boundViolation(builder: ProgramBuilder, next: ValueId, description: SystemDescription, scales: Scales, bounds: RolloutPlan['bounds']): ValueId {
  const bounded = description.states.flatMap((variable, index) => (bounds[variable.name] === undefined ? [] : [index]));
  const ranges = bounded.map((index) => scaledRange(scales.states[index], bounds[description.states[index].name]));
  const widths = ranges.map(([low, high]) => high - low);
  const value = gatherRows(builder, next, bounded);
  const share = (sign: 1 | -1, limit: readonly number[]) => builder.apply('relu', builder.apply('affine', value, builder.constant(widths.map((width) => sign / width)), builder.constant(limit.map((end, i) => (-sign * end) / widths[i]))));
  return builder.apply('add', share(1, ranges.map(([, high]) => high)), share(-1, ranges.map(([low]) => low)));
}

/** Networks that see the same columns share a series, as long as the longest of their windows. */
function distinctWindows(networks: readonly { readonly inputs: readonly string[]; readonly history: number }[]): { columns: readonly string[]; frames: number }[] {
  const windows: { columns: readonly string[]; frames: number }[] = [];
  for (const { inputs, history } of networks) {
    const same = windows.find(({ columns }) => sameNames(columns, inputs));
    if (same) same.frames = Math.max(same.frames, history);
    else windows.push({ columns: inputs, frames: history });
  }
  return windows;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/** A series is advanced by a value that is computed; rows that are only a view on another are copied. */
function copied(builder: ProgramBuilder, value: ValueId, original: ValueId): ValueId {
  return value === original ? builder.apply('multiply', value, builder.constant([1])) : value;
}

/** The parts of an action that the rollout knows. */
export type RolloutAction = Pick<ActionVariable, 'name' | 'range' | 'maxChange'>;
