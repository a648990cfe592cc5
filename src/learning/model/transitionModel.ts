import type { ModelSettings, SystemDescription } from '../../experiment/experiment';
import type { Batch } from '../data/batch';
import { type Scales, toScaled, transform, type VariableScale } from '../data/scaling';
import { type Split, splitTransitions, type Transitions } from '../data/split';
import { columnScales, scaleFrames, windowColumns } from '../data/window';
import { ProgramBuilder } from '../engine/program';
import type { PolicyInput } from '../policy/definition';
import type { Network } from '../policy/network';
import type { SupervisedProgram, SupervisedRows } from './supervisedFit';

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

/** The targets that a system's model learns, in the order of its states, then the reward if it is learned. */
export function modelTargets(description: SystemDescription, settings: Pick<ModelSettings, 'reward'>, scales: Scales): ModelTarget[] {
  const targets: ModelTarget[] = [];
  description.states.forEach((variable, index) => {
    if (variable.source !== 'learned') return;
    targets.push({ name: variable.name, predict: variable.predict, scale: variable.predict === 'change' ? scales.changes[index] : scales.states[index] });
  });
  if (settings.reward === 'learned') targets.push({ name: 'reward', predict: 'reward', scale: { name: 'reward', middle: 0, unit: scales.reward, logFloor: null } });
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
  const ofColumns = columnScales(columns, scales);
  const frames = batch.episodes.map((episode) => scaleFrames(episode, columns, ofColumns));
  const sides = splitTransitions(batch, split, history);
  const width = columns.length;
  const [states, actions] = [batch.stateNames.length, batch.actionNames.length];
  const sources = targets.map(({ name }) => batch.stateNames.indexOf(name));
  const next = known.map((name) => settings.inputs.indexOf(name));
  // both are asked for in every update: scaled once
  const taken = batch.episodes.map((episode) => Float32Array.from(episode.actions, (action, at) => toScaled(scales.actions[at % actions], action)));
  const wanted = batch.episodes.map(({ frames: count, states: values, rewards }) => {
    const all = new Float32Array(count * targets.length);
    for (let row = 0; row + 1 < count; row++)
      targets.forEach(({ predict, scale }, i) => {
        if (predict === 'reward') {
          all[row * targets.length + i] = rewards[row + 1] / scale.unit;
          return;
        }
        const after = transform(values[(row + 1) * states + sources[i]], scale.logFloor);
        const now = predict === 'change' ? transform(values[row * states + sources[i]], scale.logFloor) : scale.middle;
        all[row * targets.length + i] = (after - now) / scale.unit;
      });
    return all;
  });

  return {
    inputs: history * width + actions + known.length,
    targets: targets.length,
    training: sides.training.rows.length,
    holdout: sides.holdout.rows.length,
    write(side, index, x, y, column, stride) {
      const of: Transitions = sides[side];
      const row = of.rows[index];
      const episode = of.episodes[index];
      const scaled = frames[episode];
      let at = column;
      for (let age = 0; age < history; age++) {
        const from = Math.max(0, row - age) * width;
        for (let i = 0; i < width; i++, at += stride) x[at] = scaled[from + i];
      }
      for (let i = 0; i < actions; i++, at += stride) x[at] = taken[episode][(row + 1) * actions + i];
      for (let i = 0; i < next.length; i++, at += stride) x[at] = scaled[(row + 1) * width + next[i]];
      at = column;
      for (let i = 0; i < targets.length; i++, at += stride) y[at] = wanted[episode][row * targets.length + i];
    },
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
