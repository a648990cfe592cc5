import { type Episode, stateColumn } from '../../learning/data/batch';
import { toScaled } from '../../learning/data/scaling';
import { coverage, coverageGrid } from '../../learning/evaluation/coverage';
import { boundsBind, coverageStalls, recordingsRedundant } from '../../learning/evaluation/healthSigns/explorationSigns';
import { actionsWithoutSupport, behaviourWithoutSupport, modelsUnstable } from '../../learning/evaluation/healthSigns/modelSigns';
import { modelsVary, policiesVary, promiseMissed } from '../../learning/evaluation/healthSigns/outcomeSigns';
import { chosenFrames, distancesToRecordings, promisedValues } from '../../learning/evaluation/healthSigns/recordings';
import { diversityDominates, termsInConflict } from '../../learning/evaluation/healthSigns/searchSigns';
import type { HealthSign } from '../../learning/evaluation/healthSigns/sign';
import type { Prediction } from '../../learning/search/prediction';
import type { EpisodeScores } from '../../run/contract';
import { english } from '../../sentence/sentence';
import type { IterationContext } from '../context';
import type { GradientLog } from './gradientLog';

/**
 * Tells the measured signs, and warns of those that are raised. Signs are events only: no file of a run depends on them. They are
 * told before the last file of their phase, so that whoever does the phase again after a crash tells them again.
 */
function tell({ output, iteration }: IterationContext, signs: readonly (HealthSign | null)[]): void {
  for (const sign of signs) {
    if (sign === null) continue;
    const { code, raised, metrics, said } = sign;
    output.event({ type: 'health-measured', iteration, sign: code, raised, metrics });
    if (raised) output.event({ type: 'warning', code, message: english(said), sentence: said, iteration, metrics });
  }
}

/** @param negativeLogLikelihood of β, mean over its hold-out rows */
export function tellModelHealth(context: IterationContext, negativeLogLikelihood: number): void {
  tell(context, [behaviourWithoutSupport(-negativeLogLikelihood, context.description.actions.length)]);
}

/** @param endReturns L_R of each policy over the end of the search, the probe last */
export function tellSearchHealth(context: IterationContext, gradients: GradientLog, endReturns: readonly number[]): void {
  const checks = gradients.firstHalf();
  const { count } = context.experiment.policies;
  tell(context, [termsInConflict(checks), diversityDominates(checks, endReturns.slice(0, count), endReturns[count])]);
}

/** @param supportShares of each deployed policy's actions, none where there is no β */
export function tellPromiseHealth(context: IterationContext, prediction: Prediction, supportShares: readonly number[]): void {
  const { experiment, frame } = context;
  const { members, starts, costs } = prediction;
  const { soft, objective } = experiment.safety;
  const promised = Array.from({ length: experiment.policies.count }, (_, policy) =>
    Array.from({ length: members }, (_unused, member) => [...costs.subarray((policy * members + member) * starts, (policy * members + member + 1) * starts)]));
  tell(context, [
    modelsVary(promised, frame.scales.reward),
    modelsUnstable(rolledOut(context, prediction)),
    actionsWithoutSupport(supportShares, soft.weight > 0 || objective.weight > 0),
  ]);
}

/** @param joined all recordings, this iteration's included */
export function tellRecordingHealth(context: IterationContext, joined: readonly Episode[]): void {
  const { experiment, description, frame, iteration, batch } = context;
  const fresh = joined.filter((episode) => episode.iteration === iteration);
  if (fresh.length === 0) return;
  const grid = coverageGrid(description, frame.bounds, experiment.diversity.over);
  tell(context, [
    coverageStalls(coverage(grid, batch.episodes), coverage(grid, joined), grid.axes.length > 0 && isExploring(context)),
    boundsBind(chosenFrames({ ...batch, episodes: fresh }, Object.keys(frame.bounds)), Object.values(frame.bounds)),
    recordingsRedundant(distancesToRecordings(description, frame.scales, experiment.models.inputs, batch.episodes, fresh)),
  ]);
}

/** What the deployed policies really cost, beside what was promised of them. */
export function tellOutcomeHealth(context: IterationContext, promised: readonly EpisodeScores[], real: readonly EpisodeScores[]): void {
  const scale = context.frame.scales.reward;
  const costs = (scores: readonly EpisodeScores[]) => scores.map((own) => own.costs);
  tell(context, [policiesVary(costs(real), scale, isExploring(context)), promiseMissed(costs(promised), costs(real), scale)]);
}

/** Whether diversity drives this iteration's policies apart. */
function isExploring({ experiment: { diversity, policies }, iteration }: IterationContext): boolean {
  return diversity.measure !== 'none' && policies.count > 1 && diversity.weight[iteration - 1] > 0;
}

/**
 * The learned variables in the rollouts of the deployed policies, and the range in which each was recorded, scaled. What constrained
 * policies keep within bounds cannot run away: it is where it is because it was sent there.
 */
function rolledOut({ experiment, description, batch, frame }: IterationContext, { members, starts, steps, states }: Prediction) {
  const width = description.states.length;
  const rollouts = experiment.policies.count * members * starts;
  return description.states.flatMap((variable, column) => {
    if (variable.source !== 'learned' || frame.constraints.some((constraint) => constraint.variable === variable.name)) return [];
    const scale = frame.scales.states[column];
    const recorded = stateColumn(batch, column).reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const values = promisedValues(states, rollouts, steps, width, column).map((value) => toScaled(scale, value));
    return [{ name: variable.name, recorded: [toScaled(scale, recorded[0]), toScaled(scale, recorded[1])] as const, values }];
  });
}
