import type { Episode } from '../../learning/data/batch';
import { coverage, coverageGrid } from '../../learning/evaluation/coverage';
import { distanceVariables, episodeDistances, minLsed } from '../../learning/evaluation/distance';
import { episodeCost, episodeReturn } from '../../learning/evaluation/scores';
import { countViolations } from '../../learning/evaluation/violations';
import { isShipped } from '../../experiment/systems';
import { episodeSeeds } from '../../learning/system/seeds';
import type { EpisodeScores, EvaluatedPolicy, Evaluation, Predicted } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import type { IterationContext } from '../context';
import { tellOutcomeHealth, tellRecordingHealth } from './health';
import { judgeOnNew } from './judging';
import type { Models } from './modelsFile';
import type { Player } from '../simulation/playing';
import type { Policies } from './searching';

/** Reference lines by system: name in evaluation.json → scripted policy. */
const REFERENCES = {
  'grid-2d': { doNothing: 'do-nothing', straightToGoal: 'straight-to-goal' },
  'industrial-benchmark': { doNothing: 'do-nothing', bestHold: 'hold', oscillator: 'shift-oscillator' },
} as const;

/**
 * Scores every policy, the probe and the reference lines on the same separate episodes, which never join the batch.
 * The models are judged on the new recordings, which they have not learned.
 * @param joined all recordings, this iteration's included
 */
export function evaluate(context: IterationContext, models: Models, policies: Policies, predicted: Predicted, joined: readonly Episode[]): void {
  const { experiment, description, frame, iteration, output, random, players } = context;
  output.begin(iteration, 'evaluating');
  const { evaluate: count, evaluateSteps: steps } = experiment.deployment;
  const seeds = episodeSeeds(random.fork('evaluation'), count);
  const stateNames = description.states.map((variable) => variable.name);
  const known = earlierReferences(context);
  const references = known === null ? referencesOf(context) : [];
  const playing = [...policies.definitions.map((definition): Player => ({ kind: 'policy', definition })), ...references.map(([, player]) => player)];
  const all = players.play(playing.map((player) => ({ player, seeds, steps, iteration, policy: 0 })), (done, total) => output.progress(iteration, 'evaluating', done, total, {})).map(({ episodes }) => episodes);

  const played = all.slice(0, policies.definitions.length);
  const evaluated = played.map((episodes, index): EvaluatedPolicy => {
    const { outside, share, worst } = countViolations(stateNames, frame.bounds, episodes);
    return { policy: index < experiment.policies.count ? index + 1 : 0, sha256: policies.sha256[index], ...scores(episodes, experiment.search.discount), violations: { steps: outside, share, worst } };
  });
  const deployed = played.slice(0, experiment.policies.count);
  const evaluation: Evaluation = {
    format: 'ibrl-evaluation', version: 1, iteration, steps,
    policies: evaluated.slice(0, experiment.policies.count),
    probe: evaluated[experiment.policies.count],
    references: known ?? Object.fromEntries(references.map(([name], index) => [name, scores(all[played.length + index], experiment.search.discount)])),
    coverage: coverage(coverageGrid(description, frame.bounds, experiment.diversity.over), joined),
    minLsed: minLsed(episodeDistances(distanceVariables(description, frame.bounds, experiment.diversity.over), deployed)),
    recommended: predicted.recommended,
  };
  tellRecordingHealth(context, joined);
  tellOutcomeHealth(context, predicted.policies, evaluation.policies);
  judgeOnNew(context, models, joined.filter((episode) => episode.iteration === iteration));
  output.json(iterationFiles.evaluation(iteration), evaluation, iteration);
  output.end(iteration, 'evaluating');
}

/** The references do not change from one iteration to the next: the seeds are the same. */
function earlierReferences({ iteration, output }: IterationContext): Evaluation['references'] | null {
  const earlier = iterationFiles.evaluation(iteration - 1);
  return iteration > 1 && output.has(earlier) ? output.readJson<Evaluation>(earlier).references : null;
}

function referencesOf({ experiment }: IterationContext): [string, Player][] {
  const { generate } = experiment.data;
  if (generate === null) throw new RangeError('Nobody plays episodes of a plant.');
  const { behaviour, epsilon } = generate;
  const { kind } = experiment.system;
  const scriptedLines: Readonly<Record<string, string>> = isShipped(kind) ? REFERENCES[kind] : { doNothing: 'do-nothing' };
  const lines = Object.entries(scriptedLines).map(([name, scripted]): [string, Player] => [name, { kind: 'scripted', name: scripted, epsilon: 0 }]);
  return [...lines, ['behaviour', { kind: 'scripted', name: behaviour, epsilon }]];
}

function scores(episodes: readonly Episode[], discount: number): EpisodeScores {
  return { costs: episodes.map(episodeCost), returns: episodes.map((episode) => episodeReturn(episode, discount)) };
}
