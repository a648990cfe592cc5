import type { PolicySettings } from '../../experiment/experiment';
import type { Batch } from '../data/batch';
import { type Scales, toScaled } from '../data/scaling';
import { type Split, splitTransitions, type Transitions } from '../data/split';
import { percentile } from '../data/statistics';
import { columnScales, windowColumns } from '../data/window';
import { ProgramBuilder, type ValueId } from '../engine/program';
import { copyRow } from '../engine/rowTable';
import type { PolicyInput } from '../policy/definition';
import { createForward } from '../policy/forward';
import type { Network } from '../policy/network';
import { rowTable, windowTables } from './rowTable';
import type { SideRows, SupervisedProgram, SupervisedRows } from './supervisedFit';

/** σ is at least 3 % of an action's range, which is 2 in scaled actions, and at most e^0.7. */
export const LOG_SIGMA = { low: Math.log(0.06), high: 0.7 } as const;
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * The behaviour policy β(a | s): a Gaussian whose means and log σ, of the actions scaled to [−1, 1], are outputs of one
 * network over the same window that the policies see. Densities are those of the scaled actions.
 */
export interface BehaviourModel {
  /** outputs: [means, log σ before clamping] */
  readonly network: Network;
  readonly history: number;
  readonly inputs: readonly PolicyInput[];
  readonly actions: readonly string[];
  /** 5 % quantile of log β(a_j | s) over hold-out rows, for each action dimension: above it an action has support */
  readonly supportThresholds: readonly number[];
  /** log δ of the soft constraint: a given number, or a quantile of log β(a | s) over hold-out rows */
  readonly logDelta: number;
}

/** Rows (window → action) to fit β to. */
export function behaviourRows(batch: Batch, split: Split, settings: Pick<PolicySettings, 'history' | 'inputs'>, scales: Scales): SupervisedRows {
  const { history } = settings;
  const columns = windowColumns(settings.inputs, batch.stateNames, batch.actionNames);
  const windows = windowTables(batch, columns, columnScales(columns, scales), history);
  const sides = splitTransitions(batch, split, history);
  const actions = batch.actionNames.length;
  const tablesOf = (transitions: Transitions): SideRows => ({
    rows: transitions.rows.length,
    inputs: [windows(transitions)],
    targets: [rowTable(transitions, actions, (episode, row, out, at) => {
      for (let i = 0; i < actions; i++) out[at + i] = toScaled(scales.actions[i], batch.episodes[episode].actions[(row + 1) * actions + i]);
    })],
  });
  return {
    inputs: history * columns.length,
    targets: actions,
    training: tablesOf(sides.training),
    holdout: tablesOf(sides.holdout),
  };
}

/** Negative log likelihood of a Gaussian. */
export function behaviourProgram(sizes: readonly number[], rows: number, activation: Network['activation']): SupervisedProgram {
  const actions = sizes[sizes.length - 1] / 2;
  const builder = new ProgramBuilder({ policies: 1, members: 1, starts: rows, steps: 0 });
  const inputs = builder.input('inputs', sizes[0], 'member');
  const targets = builder.input('targets', actions, 'member');
  const weight = builder.input('weight', 1);
  const network = builder.parameters('behaviour', sizes, 'member', true);
  const density = gaussianLogDensity(builder, builder.network([inputs], network, activation), targets);
  builder.term('negative log likelihood', builder.sumRows(density), weight, -1);
  return { program: builder.build(), inputs, targets, weight, network: 'behaviour' };
}

/** log β(a_j | s) for each action dimension, from the outputs of β's network. */
export function gaussianLogDensity(builder: ProgramBuilder, outputs: ValueId, action: ValueId): ValueId {
  const actions = builder.rows(action);
  const means = builder.slice(outputs, 0, actions);
  const logSigma = builder.apply('clamp', builder.slice(outputs, actions, actions), builder.constant([LOG_SIGMA.low]), builder.constant([LOG_SIGMA.high]));
  const inverse = builder.apply('exp', builder.apply('multiply', logSigma, builder.constant([-1])));
  const z = builder.apply('multiply', builder.apply('subtract', action, means), inverse);
  const half = builder.apply('affine', builder.apply('square', z), builder.constant([-0.5]), builder.constant([-HALF_LOG_TWO_PI]));
  return builder.apply('subtract', half, logSigma);
}

/** Evaluates β in float64 on one window at a time. Allocates nothing per call. */
export class BehaviourDensity {
  /** of the window last seen: means, and log σ before clamping */
  readonly outputs: Float64Array;
  readonly means: Float64Array;
  readonly logSigmas: Float64Array;
  private readonly forward;

  constructor(network: Network) {
    this.forward = createForward(network);
    const actions = network.sizes[network.sizes.length - 1] / 2;
    this.outputs = new Float64Array(2 * actions);
    this.means = this.outputs.subarray(0, actions);
    this.logSigmas = this.outputs.subarray(actions);
  }

  see(window: ArrayLike<number>): void {
    this.forward(window, 0, this.outputs, 0);
  }

  /** log β of each action dimension. @param action scaled to [−1, 1] @param out [actions] */
  logDensities(window: ArrayLike<number>, action: ArrayLike<number>, out: Float64Array): void {
    this.see(window);
    logDensitiesOf(this.outputs, 0, action, out);
  }
}

/** log β of each action dimension. @param outputs of β's network, from `at` on: means, then log σ before clamping */
export function logDensitiesOf(outputs: Float64Array, at: number, action: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const logSigma = Math.min(LOG_SIGMA.high, Math.max(LOG_SIGMA.low, outputs[at + out.length + i]));
    const z = (action[i] - outputs[at + i]) * Math.exp(-logSigma);
    out[i] = -0.5 * z * z - HALF_LOG_TWO_PI - logSigma;
  }
}

/**
 * Thresholds over the hold-out rows: each action dimension's 5 % quantile, and the given quantile of the whole density.
 * @param quantile in (0, 1), of the soft constraint
 */
export function behaviourThresholds(network: Network, rows: SupervisedRows, quantile: number): { readonly supportThresholds: number[]; readonly logDelta: number } {
  const density = new BehaviourDensity(network);
  const window = new Float32Array(rows.inputs);
  const action = new Float32Array(rows.targets);
  const own = new Float64Array(rows.targets);
  const { holdout } = rows;
  const perDimension = Array.from({ length: rows.targets }, () => new Float64Array(holdout.rows));
  const whole = new Float64Array(holdout.rows);
  for (let row = 0; row < holdout.rows; row++) {
    copyRow(holdout.inputs, row, window);
    copyRow(holdout.targets, row, action);
    density.logDensities(window, action, own);
    for (let i = 0; i < own.length; i++) {
      perDimension[i][row] = own[i];
      whole[row] += own[i];
    }
  }
  return { supportThresholds: perDimension.map((values) => percentile(values, 5)), logDelta: percentile(whole, 100 * quantile) };
}
