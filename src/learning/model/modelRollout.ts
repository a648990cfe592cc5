import { createEvaluator } from '../../experiment/evaluateExpression';
import type { StateVariable, SystemDescription } from '../../experiment/experiment';
import type { Episode } from '../data/batch';
import { fromScaled, type Scales, toScaled, type VariableScale } from '../data/scaling';
import { columnScales, windowColumns, writeWindow } from '../data/window';
import { createForward, type Forward } from '../policy/forward';
import type { BoundConstraint } from '../safety/bounds';
import { NARROWING } from '../safety/narrowedBounds';
import type { ModelTarget, TransitionModel } from './transitionModel';

/** What a rollout needs besides its model. */
export interface RolledSystem {
  readonly description: SystemDescription;
  readonly scales: Scales;
  /** what a constrained policy guarantees, and so the models keep; empty for actions of which nothing is guaranteed */
  readonly constraints: readonly BoundConstraint[];
}

/** Where a rollout stands, all of it scaled. */
interface Moment {
  /** [states] */
  readonly now: Float64Array;
  /** [states]; known and exogenous variables are written before the model is asked */
  readonly next: Float64Array;
  /** [actions], those that lead from `now` to `next` */
  readonly action: Float64Array;
  /** the network's outputs, [targets] */
  readonly predicted: Float64Array;
  /** [states], the recorded frame that `next` is a forecast of; only where there are exogenous variables */
  readonly recorded: Float64Array;
}

/** Writes one variable's next value, from a moment into its `next`. */
type Rule = () => void;

/**
 * One member of the ensemble run freely: from a recorded frame on with the *recorded* actions, its own states fed back into
 * it. The rollout of a search, step by step in float64 and without a policy: known variables follow their formula,
 * exogenous ones what was recorded, learned ones the model, as change or value, within the physical range widened by
 * its own width.
 *
 * Everything is allocated here, once; an instance must not be shared between threads.
 */
export class ModelRollout {
  /** scaled states of the last `run`, [(steps + 1) × states]; row 0 is the start */
  readonly states: Float64Array;
  /** reward / scale of the last `run`, [steps + 1], where the model has learned it; row 0 means nothing */
  readonly rewards: Float64Array;
  private readonly moment: Moment;
  private readonly forward: Forward;
  private readonly input: Float64Array;
  private readonly columns;
  private readonly columnScales: readonly VariableScale[];
  /** [states], of variables that do not wait for the model; then of those that do */
  private readonly certain: readonly Rule[];
  private readonly learned: readonly Rule[];
  /** columns of the inputs whose next values stand behind the actions */
  private readonly known: readonly number[];
  private readonly reward: number;
  /** some variable is replayed from the recording */
  private readonly replays: boolean;

  /** @param longest steps of the longest `run` */
  constructor(private readonly system: RolledSystem, private readonly model: TransitionModel, longest: number) {
    const { description, scales, constraints } = system;
    const stateNames = description.states.map((variable) => variable.name);
    const actionNames = description.actions.map((action) => action.name);
    this.columns = windowColumns(model.inputs.map((input) => input.scale.name), stateNames, actionNames);
    this.columnScales = columnScales(this.columns, scales);
    this.forward = createForward(model.network);
    this.input = new Float64Array(model.network.sizes[0]);
    this.known = model.known.map((name) => stateNames.indexOf(name));
    this.replays = description.states.some((variable) => variable.source === 'exogenous');
    this.reward = model.targets.findIndex((target) => target.predict === 'reward');
    const row = () => new Float64Array(stateNames.length);
    this.moment = { now: row(), next: row(), recorded: row(), action: new Float64Array(actionNames.length), predicted: new Float64Array(model.targets.length) };
    const isLearned = (variable: StateVariable) => variable.source === 'learned';
    const indices = description.states.map((_, index) => index);
    this.certain = indices.filter((index) => !isLearned(description.states[index])).map((index) => certainRule(this.moment, description, scales, index));
    this.learned = indices.filter((index) => isLearned(description.states[index])).map((index) => learnedRule(this.moment, description.states[index], scales.states[index], constraints, model.targets, index));
    this.states = new Float64Array((longest + 1) * stateNames.length);
    this.rewards = new Float64Array(longest + 1);
  }

  /**
   * Rolls out from a frame of an episode into `states` and `rewards`.
   * @param row   the start, with the history that the recording has there
   * @param steps at most `longest`, and at most as many as there are recorded actions behind the start
   * @throws RangeError otherwise
   */
  run(episode: Episode, row: number, steps: number): void {
    const { moment, model, columns } = this;
    const { now, next, action, predicted, recorded } = moment;
    if (row + steps >= episode.frames || steps >= this.rewards.length) throw new RangeError(`A rollout of ${steps} steps from row ${row} needs as many recorded actions and as much room.`);
    const windowLength = model.history * columns.length;
    writeWindow(episode, row, model.history, columns, this.columnScales, this.input, 0);
    this.scaleStates(episode, row, now);
    this.states.set(now, 0);
    for (let step = 1; step <= steps; step++) {
      this.scaleActions(episode, row + step, action);
      if (this.replays) this.scaleStates(episode, row + step, recorded);
      for (const rule of this.certain) rule();
      this.input.set(action, windowLength);
      this.known.forEach((index, i) => (this.input[windowLength + action.length + i] = next[index]));
      this.forward(this.input, 0, predicted, 0);
      for (const rule of this.learned) rule();
      this.states.set(next, step * next.length);
      if (this.reward >= 0) this.rewards[step] = predicted[this.reward];
      now.set(next);
      // the window moves on by one frame, the newest first
      this.input.copyWithin(columns.length, 0, windowLength - columns.length);
      columns.forEach(({ source, index }, i) => (this.input[i] = source === 'state' ? next[index] : action[index]));
    }
  }

  private scaleStates(episode: Episode, row: number, out: Float64Array): void {
    const { states } = this.system.scales;
    for (let i = 0; i < out.length; i++) out[i] = toScaled(states[i], episode.states[row * out.length + i]);
  }

  private scaleActions(episode: Episode, row: number, out: Float64Array): void {
    const { actions } = this.system.scales;
    for (let i = 0; i < out.length; i++) out[i] = toScaled(actions[i], episode.actions[row * out.length + i]);
  }
}

/** A variable that is certain before the model is asked: known by formula, or recorded. */
function certainRule(moment: Moment, description: SystemDescription, scales: Scales, index: number): Rule {
  const { now, next, action, recorded } = moment;
  const variable = description.states[index];
  const { name, source, next: formula, range } = variable;
  const scale = scales.states[index];
  if (source === 'exogenous') return () => void (next[index] = recorded[index]);
  if (formula?.kind === 'constant') return () => void (next[index] = now[index]);
  if (formula?.kind === 'affine') {
    // z′ = clip(z + g (a − a₀)), g = k · half range / unit, a₀ the scaled zero
    const column = description.actions.findIndex((action) => action.name === formula.action);
    const gain = (formula.gain * scales.actions[column].unit) / scale.unit;
    const zero = toScaled(scales.actions[column], 0);
    const [low, high] = formula.clip ? range.map((end) => toScaled(scale, end)) : [-Infinity, Infinity];
    return () => void (next[index] = Math.min(high, Math.max(low, now[index] + gain * (action[column] - zero))));
  }
  if (formula?.kind === 'formula') {
    // of the values before the step and the action, in units, kept where a model's prediction would be kept
    const value = createEvaluator(formula.expression, (read) => unitReader(moment, description, scales, read));
    const [low, high] = predictionLimits(variable, scale, []);
    return () => void (next[index] = Math.min(high, Math.max(low, toScaled(scale, value()))));
  }
  throw new RangeError(`${name} is known but has no formula.`);
}

/** Reads a state before the step, or the action, in its unit. */
function unitReader({ now, action }: Moment, description: SystemDescription, scales: Scales, name: string): () => number {
  const state = description.states.findIndex((candidate) => candidate.name === name);
  if (state >= 0) return () => fromScaled(scales.states[state], now[state]);
  const column = description.actions.findIndex((candidate) => candidate.name === name);
  if (column < 0) throw new RangeError(`A formula reads ${name}, which is neither a state nor an action.`);
  return () => fromScaled(scales.actions[column], action[column]);
}

function learnedRule({ now, next, predicted }: Moment, variable: StateVariable, scale: VariableScale, constraints: readonly BoundConstraint[], targets: readonly ModelTarget[], index: number): Rule {
  const output = targets.findIndex((target) => target.name === variable.name);
  const factor = targets[output].scale.unit / scale.unit;
  const isChange = variable.predict === 'change';
  const [low, high] = predictionLimits(variable, scale, constraints);
  return () => {
    const value = factor * predicted[output] + (isChange ? now[index] : 0);
    next[index] = Math.min(high, Math.max(low, value));
  };
}

/** As in a search's program: the constrained bounds, or the physical range widened by its own width. */
function predictionLimits(variable: StateVariable, scale: VariableScale, constraints: readonly BoundConstraint[]): readonly [number, number] {
  const constraint = constraints.find((candidate) => candidate.variable === variable.name);
  if (constraint) {
    const margin = NARROWING * (constraint.high - constraint.low);
    return [toScaled(scale, constraint.low + margin), toScaled(scale, constraint.high - margin)];
  }
  const [low, high] = variable.range.map((end) => toScaled(scale, end));
  return [low - (high - low), high + (high - low)];
}
