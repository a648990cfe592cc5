import type { Episode } from '../../learning/data/batch';
import { ensembleMean } from '../../learning/data/statistics';
import type { Rollouts } from '../../learning/diff/predictedDiff';
import { coverage, coverageGrid } from '../../learning/evaluation/coverage';
import { distanceVariables, episodeDistances, minLsed } from '../../learning/evaluation/distance';
import { episodeCost, episodeReturn } from '../../learning/evaluation/scores';
import type { EnsembleSpread, EpisodeScores, EvaluatedPolicy, Evaluation, Predicted, PredictedPolicy } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import type { IterationContext } from '../context';
import { tellRecordingHealth } from './health';
import { trajectoriesFile } from './deploying';
import { judgeOnNew } from './judging';
import type { Models } from './modelsFile';

/**
 * evaluation.json of a plant: nobody can play episodes of it, so the models say what each policy does, each member by
 * itself, beside what was recorded of the behaviour.
 *
 * @param rollouts of the policies and the probe
 */
export function evaluateByModels(context: IterationContext, predicted: Predicted, rollouts: readonly Rollouts[]): void {
  const { experiment, description, frame, iteration, batch, output } = context;
  const { over } = experiment.diversity;
  const { steps } = predicted;
  const recorded = pieces(batch.episodes.filter((episode) => episode.iteration === 0), steps);
  const deployed = rollouts.slice(0, experiment.policies.count).map((own) => episodesOf(own, description.states.length));
  const evaluation: Evaluation = {
    format: 'ibrl-evaluation', version: 1, iteration, steps, by: 'models',
    policies: predicted.policies.map((policy, index) => evaluated(policy, rollouts[index])),
    probe: predicted.probe && evaluated(predicted.probe, rollouts[experiment.policies.count]),
    references: {
      behaviour: { costs: recorded.map(episodeCost), returns: recorded.map((episode) => episodeReturn(episode, experiment.search.discount)) },
      ...(predicted.behaviour && { behaviourByModels: { ...predicted.behaviour, ensembleSpread: spreadOf(predicted.behaviour, rollouts[0]) } }),
    },
    coverage: coverage(coverageGrid(description, frame.bounds, over), batch.episodes),
    minLsed: minLsed(episodeDistances(distanceVariables(description, frame.bounds, over), deployed)),
    recommended: predicted.recommended,
  };
  output.json(iterationFiles.evaluation(iteration), evaluation, iteration);
}

/**
 * New recordings of a plant, which `add-data` put into the iteration: what they say of the models, and what they look
 * like. Takes the place of a deployment.
 * @param joined all recordings, these included
 */
export function takeIn(context: IterationContext, models: Models, joined: readonly Episode[]): void {
  const { batch, frame, iteration, output } = context;
  const fresh = joined.filter((episode) => episode.iteration === iteration);
  output.begin(iteration, 'deploying');
  tellRecordingHealth(context, joined);
  judgeOnNew(context, models, fresh);
  output.file(iterationFiles.trajectories(iteration), trajectoriesFile({ ...batch, episodes: fresh }, frame), iteration);
  output.end(iteration, 'deploying');
}

/** Pieces of recordings as long as the rollouts that they stand beside; what is left over at an end counts only where there is nothing else. */
export function pieces(episodes: readonly Episode[], steps: number): Episode[] {
  const whole = episodes.flatMap((episode) => Array.from({ length: Math.floor((episode.frames - 1) / steps) }, (_, i) => piece(episode, i * steps, steps)));
  return whole.length > 0 ? whole : [...episodes];
}

function piece(episode: Episode, first: number, steps: number): Episode {
  const frames = steps + 1;
  const part = (values: Float64Array): Float64Array => {
    const width = values.length / episode.frames;
    return values.slice(first * width, (first + frames) * width);
  };
  return { ...episode, frames, states: part(episode.states), actions: part(episode.actions), rewards: part(episode.rewards) };
}

function evaluated(policy: PredictedPolicy, rollouts: Rollouts): EvaluatedPolicy {
  return { ...policy, ensembleSpread: spreadOf(policy, rollouts) };
}

function spreadOf({ costs, returns }: EpisodeScores, { members, starts }: Rollouts): EnsembleSpread {
  return { cost: ensembleMean(costs, members, starts).spread, return: ensembleMean(returns, members, starts).spread };
}

function episodesOf({ members, starts, steps, states }: Rollouts, width: number): Episode[] {
  const frames = steps + 1;
  return Array.from({ length: members * starts }, (_, rollout): Episode => ({
    iteration: 0, policy: 0, frames,
    states: Float64Array.from(states.subarray(rollout * frames * width, (rollout + 1) * frames * width)),
    actions: new Float64Array(0), rewards: new Float64Array(frames),
  }));
}
