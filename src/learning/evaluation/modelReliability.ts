import type { SystemDescription } from '../../experiment/experiment';
import { type Sentence, sentence } from '../../sentence/sentence';
import type { Batch, Episode } from '../data/batch';
import { stateColumn } from '../data/batch';
import { type Scales, transform } from '../data/scaling';
import { standardDeviation } from '../data/statistics';
import { ModelRollout } from '../model/modelRollout';
import type { TransitionModel } from '../model/transitionModel';
import { HorizonErrors } from './horizonErrors';
import { chooseWindows, judgedHorizons, type JudgedWindow } from './judgedWindows';

/** An ensemble as it is judged. */
export interface JudgedModels {
  readonly members: readonly TransitionModel[];
  /** root mean square of the hold-out residuals of the ensemble's mean, by target, in its (logarithmic) unit */
  readonly residualSpread: Readonly<Record<string, number>>;
}

/** How far models can be believed on some recordings, by horizon and variable. */
export interface Reliability {
  readonly horizons: readonly { readonly steps: number; readonly windows: number; readonly reason: Sentence | null }[];
  readonly variables: readonly VariableReliability[];
}

/** One variable. Errors have no unit: they are in standard deviations of the variable. */
export interface VariableReliability {
  readonly name: string;
  readonly source: 'learned' | 'known' | 'reward';
  /** the variable is judged in its logarithm */
  readonly logarithmic: boolean;
  /** over the recordings that the models learned from, in the (logarithmic) unit; 0: it never changes, so nothing can be said */
  readonly standardDeviation: number;
  /** by horizon; null where there is no window or no standard deviation */
  readonly error: readonly (number | null)[];
  readonly naive: readonly (number | null)[];
  readonly spread: readonly (number | null)[];
  /** null for known variables, about which the models are never unsure */
  readonly within: readonly (number | null)[];
}

/** What is judged of a frame: a state's column, or the reward. */
interface Judged {
  readonly name: string;
  readonly source: VariableReliability['source'];
  /** column of the state; −1: the reward */
  readonly column: number;
  readonly logFloor: number | null;
  readonly standardDeviation: number;
  /** scaled 1 in standard deviations */
  readonly factor: number;
  /** in standard deviations */
  readonly residualSpread: number;
}

/**
 * Judges an ensemble on recordings. From each window's start every member is rolled out by itself with the recorded actions,
 * and what it says after h steps is held against what was recorded then:
 *
 * - error: root mean square of (mean of the members − truth)
 * - naive: root mean square of (value at the start − truth), the forecast “stays as it is”
 * - spread: root mean square of the members' standard deviation
 * - within: share of the windows with |mean − truth| ≤ standard deviation of the members + residual spread
 *
 * each divided by the variable's standard deviation over `learned`. A variable with a logarithm is judged in it. Exogenous variables
 * are not forecast and not judged. Bounds that a policy guarantees are not used: nobody guarantees them of recorded actions.
 *
 * @param learned  the recordings that the models learned from
 * @param episodes the recordings to judge on
 * @param usable   of each episode, [frames]: 1 where a row may be used
 */
export function judgeModels(description: SystemDescription, scales: Scales, models: JudgedModels, learned: Batch, episodes: readonly Episode[], usable: readonly Uint8Array[]): Reliability {
  const windows = chooseWindows(usable, models.members[0].history);
  const judged = judgedVariables(description, scales, models, learned);
  const longest = windows.reduce((most, window) => Math.max(most, window.steps), 0);
  const rollouts = models.members.map((member) => new ModelRollout({ description, scales, constraints: [] }, member, longest));
  const errors = judgedHorizons.map(() => judged.map(({ residualSpread }) => new HorizonErrors(residualSpread)));
  for (const window of windows) judgeWindow(window, episodes[window.episode], rollouts, judged, description.states.length, scales, errors);

  const counts = judgedHorizons.map(({ steps }) => windows.filter((window) => window.steps >= steps).length);
  return {
    horizons: judgedHorizons.map(({ steps }, h) => ({ steps, windows: counts[h], reason: counts[h] > 0 ? null : sentence('No run of {0} steps with its history lies within the recordings to judge on.', steps) })),
    variables: judged.map(({ name, source, logFloor, standardDeviation: deviation }, v) => {
      const by = (value: (errors: HorizonErrors) => number | null) => errors.map((own) => (deviation > 0 ? value(own[v]) : null));
      return {
        name, source, logarithmic: logFloor !== null, standardDeviation: deviation,
        error: by((own) => own.error), naive: by((own) => own.naive), spread: by((own) => own.spread),
        within: by((own) => (source === 'known' ? null : own.within)),
      };
    }),
  };
}

function judgedVariables(description: SystemDescription, scales: Scales, { members, residualSpread }: JudgedModels, learned: Batch): Judged[] {
  const judged = description.states.flatMap((variable, column): Judged[] => {
    if (variable.source === 'exogenous') return [];
    const { unit, logFloor } = scales.states[column];
    const values = stateColumn(learned, column).map((value) => transform(value, logFloor));
    return [judgedVariable(variable.name, variable.source, column, logFloor, spreadOf(values), unit, residualSpread[variable.name] ?? 0)];
  });
  if (!members[0].targets.some((target) => target.predict === 'reward')) return judged;
  // an episode's first frame has no reward: its 0 was given to it
  const rewards = learned.episodes.flatMap((episode) => [...episode.rewards.subarray(1)]);
  return [...judged, judgedVariable('reward', 'reward', -1, null, spreadOf(rewards), scales.reward, residualSpread['reward'] ?? 0)];
}

function judgedVariable(name: string, source: Judged['source'], column: number, logFloor: number | null, deviation: number, unit: number, residualSpread: number): Judged {
  return { name, source, column, logFloor, standardDeviation: deviation, factor: unit / deviation, residualSpread: residualSpread / deviation };
}

/** Standard deviation; exactly 0 where all values are equal, which rounding would otherwise hide. */
function spreadOf(values: ArrayLike<number>): number {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return standardDeviation(values);
  return 0;
}

function judgeWindow(window: JudgedWindow, episode: Episode, rollouts: readonly ModelRollout[], judged: readonly Judged[], width: number, scales: Scales, errors: readonly (readonly HorizonErrors[])[]): void {
  for (const rollout of rollouts) rollout.run(episode, window.row, window.steps);
  const said = new Float64Array(rollouts.length);
  const scaled = (row: number, column: number): number => {
    if (column < 0) return episode.rewards[row] / scales.reward;
    const { logFloor, middle, unit } = scales.states[column];
    return (transform(episode.states[row * width + column], logFloor) - middle) / unit;
  };
  judgedHorizons.forEach(({ steps }, h) => {
    if (steps > window.steps) return;
    judged.forEach(({ column, factor }, v) => {
      const truth = scaled(window.row + steps, column);
      rollouts.forEach(({ states, rewards }, member) => (said[member] = factor * ((column < 0 ? rewards[steps] : states[steps * width + column]) - truth)));
      // an episode's first frame has no reward that could stay as it is
      const naive = column < 0 && window.row === 0 ? null : factor * (scaled(window.row, column) - truth);
      errors[h][v].add(said, naive);
    });
  });
}
