import type { ModelSettings, SystemDescription } from '../../experiment/experiment';
import type { Batch } from '../data/batch';
import { type Scales, toScaled, transform, type VariableScale } from '../data/scaling';
import { type Split, splitTransitions, type Transitions } from '../data/split';
import { columnScales, windowColumns } from '../data/window';
import { ProgramBuilder } from '../engine/program';
import type { PolicyInput } from '../policy/definition';
import type { Network } from '../policy/network';
import { rowTable, windowTables } from './rowTable';
import type { SideRows, SupervisedProgram, SupervisedRows } from './supervisedFit';

/** One output of a transition model: a variable's change or next value, or the reward, as a dimensionless number. */
export interface ModelTarget {
  readonly name: string;
  readonly predict: 'change' | 'value' | 'reward';
  /** of a change: middle 0 and the change's unit; of a value: the variable's scale; of the reward: middle 0 and its scale */
  readonly scale: VariableScale;
}

/**
 * One member of the ensemble: from the history window (newest frame first), the action in [−1, 1] and what the inputs
 * that are known by formula will be next, to the targets. Known variables are not among the targets.
 */
export interface TransitionModel {
  readonly network: Network;
  readonly history: number;
  readonly inputs: readonly PolicyInput[];
  /** names of the actions behind the window */
  readonly actions: readonly string[];
  /** names of the inputs whose next scaled values stand behind the actions */
  readonly known: readonly string[];
  readonly targets: readonly ModelTarget[];
}

/**
 * The targets that a system's model learns, in the order of its states, then the reward if it is learned. Where all else
 * is known by formula the reward is one too, though no rollout asks for it: a model has one output at least.
 */
export function modelTargets(description: SystemDescription, settings: Pick<ModelSettings, 'reward'>, scales: Scales): ModelTarget[] {
  const targets: ModelTarget[] = [];
  description.states.forEach((variable, index) => {
    if (variable.source !== 'learned') return;
    targets.push({ name: variable.name, predict: variable.predict, scale: variable.predict === 'change' ? scales.changes[index] : scales.states[index] });
  });
  if (settings.reward === 'learned' || targets.length === 0) targets.push({ name: 'reward', predict: 'reward', scale: { name: 'reward', middle: 0, unit: scales.reward, logFloor: null } });
  return targets;
}

/** The inputs whose next values are known before the model is asked. */
export function knownInputs(description: SystemDescription, inputs: readonly string[]): string[] {
  return inputs.filter((name) => description.states.some((variable) => variable.name === name && variable.source === 'known'));
}

/** Layer sizes of a member's network. */
export function modelSizes(settings: Pick<ModelSettings, 'history' | 'inputs' | 'hidden'>, actions: number, known: number, targets: number): number[] {
  return [settings.history * settings.inputs.length + actions + known, ...settings.hidden, targets];
}

/** The transitions of a batch as rows of a supervised problem, split into training and hold-out. */
export function transitionRows(batch: Batch, split: Split, settings: Pick<ModelSettings, 'history' | 'inputs'>, scales: Scales, targets: readonly ModelTarget[], known: readonly string[]): SupervisedRows {
  const { history } = settings;
  const columns = windowColumns(settings.inputs, batch.stateNames, batch.actionNames);
  const windows = windowTables(batch, columns, columnScales(columns, scales), history);
  const next = known.map((name) => batch.stateNames.indexOf(name));
  const [states, actions] = [batch.stateNames.length, batch.actionNames.length];
  const sources = targets.map(({ name }) => batch.stateNames.indexOf(name));
  const tablesOf = (transitions: Transitions): SideRows => ({
    rows: transitions.rows.length,
    // behind the window the action of the next row, and what the known inputs are there
    inputs: [windows(transitions), rowTable(transitions, actions + next.length, (episode, row, out, at) => {
      const { actions: taken, states: values } = batch.episodes[episode];
      for (let i = 0; i < actions; i++) out[at + i] = toScaled(scales.actions[i], taken[(row + 1) * actions + i]);
      for (let i = 0; i < next.length; i++) out[at + actions + i] = toScaled(scales.states[next[i]], values[(row + 1) * states + next[i]]);
    })],
    targets: [rowTable(transitions, targets.length, (episode, row, out, at) => {
      const { states: values, rewards } = batch.episodes[episode];
      targets.forEach(({ predict, scale }, i) => {
        if (predict === 'reward') {
          out[at + i] = rewards[row + 1] / scale.unit;
          return;
        }
        const after = transform(values[(row + 1) * states + sources[i]], scale.logFloor);
        const now = predict === 'change' ? transform(values[row * states + sources[i]], scale.logFloor) : scale.middle;
        out[at + i] = (after - now) / scale.unit;
      });
    })],
  });
  const sides = splitTransitions(batch, split, history);
  return {
    inputs: history * columns.length + actions + next.length,
    targets: targets.length,
    training: tablesOf(sides.training),
    holdout: tablesOf(sides.holdout),
  };
}

/** Mean squared error over the variables, plus `rewardWeight` times the reward's. */
export function transitionProgram(sizes: readonly number[], members: number, rows: number, targets: readonly ModelTarget[], rewardWeight: number, activation: Network['activation']): SupervisedProgram {
  const builder = new ProgramBuilder({ policies: 1, members, starts: rows, steps: 0 });
  const inputs = builder.input('inputs', sizes[0], 'member');
  const wanted = builder.input('targets', targets.length, 'member');
  const weight = builder.input('weight', 1);
  const network = builder.parameters('transition model', sizes, 'member', true);
  const variables = Math.max(1, targets.filter((target) => target.predict !== 'reward').length);
  const weights = builder.constant(targets.map((target) => (target.predict === 'reward' ? rewardWeight : 1 / variables)));
  const error = builder.apply('subtract', builder.network([inputs], network, activation), wanted);
  builder.term('error', builder.sumRows(builder.apply('multiply', builder.apply('square', error), weights)), weight, 1);
  return { program: builder.build(), inputs, targets: wanted, weight, network: 'transition model' };
}
