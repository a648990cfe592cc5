import { t } from '@vscode/l10n';
import { replaceBy } from '../remedies';
import type { Rule, RuleContext } from './rule';

/** Below this many episodes a worst decile is at most one episode, and the standard error itself is uncertain by a sixth. */
const fewestEvaluations = 20;

/** What decides how many transitions of one episode the models can be trained and checked on. */
const learnedFrom = ['models.history', 'models.holdout', 'policies.history'] as const;

/** Rules about how the settings of diversity, safety, search and deployment fit one another. */
export const settingsRules: readonly Rule[] = [
  { reads: ['diversity.weight', 'iterations'], check: oneWeightForEachIteration },
  { reads: ['diversity.weight', 'diversity.measure'], check: measureHasWeight },
  { reads: ['diversity.weight', 'diversity.measure', 'policies.count'], check: diversityHasPartners },
  { reads: ['policies.replaceWorst', 'policies.count', 'policies.warmStart'], check: someAreLeft },
  { reads: ['policies.replaceWorst', 'diversity.weight', 'diversity.measure'], check: replacementLeavesDiversity },
  { reads: ['safety'], check: someSafetyIsInForce },
  { reads: ['safety.soft'], check: quantileIsUsed },
  { reads: ['search.members', 'search.pessimism'], check: pessimismComparesMembers },
  { reads: ['models.members', 'search.pessimism', 'search.members'], check: pessimismHasMembers },
  { reads: ['models.members', 'search.members', 'search.starts'], check: everyMemberIsUsed },
  { reads: ['search.horizon', 'data.generate'], check: horizonWasRecorded },
  { reads: ['models.history', 'data.generate'], check: (context) => historyWasRecorded(context, 'models') },
  { reads: ['policies.history', 'data.generate'], check: (context) => historyWasRecorded(context, 'policies') },
  { reads: ['policies.count', 'data.generate'], check: recordingsOutnumberPolicies },
  { reads: ['data.generate', ...learnedFrom], check: firstBatchCanBeSplit },
  { reads: ['deployment.episodes', 'deployment.steps', 'policies.count', 'iterations', ...learnedFrom], check: deploymentsCanBeSplit },
  { reads: ['deployment.evaluate'], check: evaluationsSuffice },
];

function oneWeightForEachIteration(context: RuleContext): void {
  const { diversity, iterations } = context.experiment;
  const { length } = diversity.weight;
  if (length === iterations) return;
  // one weight for one iteration has been let pass above
  const wrong = length === 1
    ? t('diversity.weight lists 1 weight for {0} iterations.', iterations)
    : iterations === 1 ? t('diversity.weight lists {0} weights for 1 iteration.', length) : t('diversity.weight lists {0} weights for {1} iterations.', length, iterations);
  const message = `${wrong} ${t('Write one number, or one for each iteration.')}`;
  context.report('error', 'weight-count', message, context.range('diversity.weight'));
}

/** Says nothing where the file is silent about diversity: then 0 is the default, not a mistake. */
function measureHasWeight(context: RuleContext): void {
  const { measure, weight } = context.experiment.diversity;
  if (measure === 'none' || weight.some((value) => value > 0)) return;
  if (!context.written('diversity.weight') && !context.written('diversity.measure')) return;
  const path = context.written('diversity.weight') ? 'diversity.weight' : 'diversity.measure';
  context.report('warning', 'diversity-off', t('The weight of `{0}` is 0, so diversity is off. Give it a weight, or write `measure: none`.', measure), context.range(path));
}

function diversityHasPartners(context: RuleContext): void {
  const { diversity, policies } = context.experiment;
  if (policies.count > 1 || diversity.measure === 'none' || !diversity.weight.some((value) => value > 0)) return;
  context.report('warning', 'diversity-alone', t('One policy has no partner to differ from. Search at least two, or write `measure: none`.'), context.range('policies.count'));
}

function someAreLeft(context: RuleContext): void {
  const { replaceWorst, count, warmStart } = context.experiment.policies;
  if (replaceWorst === 0) return;
  const range = context.range('policies.replaceWorst');
  if (replaceWorst >= count) context.report('error', 'replaces-all', t('{0} of {1} policies cannot be replaced by one of the others. Replace fewer.', replaceWorst, count), range);
  else if (!warmStart) context.report('warning', 'replacement-unused', t('Without warm start no policy begins where one was, so none is replaced. Set policies.warmStart to true, or replace none.'), range);
}

function replacementLeavesDiversity(context: RuleContext): void {
  const { diversity, policies } = context.experiment;
  if (policies.replaceWorst === 0 || diversity.measure === 'none' || !diversity.weight.some((weight) => weight > 0)) return;
  context.report('warning', 'replacement-against-diversity', t('Replaced policies begin beside one another while diversity pulls them apart. Use one of the two.'), context.range('policies.replaceWorst'));
}

function someSafetyIsInForce(context: RuleContext): void {
  const { constrain, objective, soft, violation } = context.experiment.safety;
  if (constrain || objective.weight > 0 || soft.weight > 0 || violation.weight > 0) return;
  const path = context.written('safety.constrain') ? 'safety.constrain' : 'safety';
  const range = context.range(path);
  context.report('warning', 'no-safety', t('No safety is in force. Set safety.constrain to true, or give one of its other forms a weight.'), range, replaceBy('true', range));
}

function quantileIsUsed(context: RuleContext): void {
  if (context.experiment.safety.soft.logDensity === null || !context.written('safety.soft.quantile')) return;
  context.report('warning', 'quantile-unused', t('The quantile is not used, since logDensity takes its place. Remove one of the two.'), context.keyRange('safety.soft.quantile'));
}

function pessimismComparesMembers(context: RuleContext): void {
  const { members, pessimism } = context.experiment.search;
  if (pessimism === 'none' || members === 'all') return;
  const range = context.range('search.members');
  context.report('error', 'pessimism-one-member', t('`pessimism: minimum` needs every member on every start. Write `members: all`.'), range, replaceBy('all', range));
}

function pessimismHasMembers(context: RuleContext): void {
  const { models, search } = context.experiment;
  if (search.pessimism === 'none' || search.members === 'one' || models.members > 1) return;
  context.report('warning', 'pessimism-single-model', t('With one model there is no worst one. Raise models.members, or write `pessimism: none`.'), context.range('search.pessimism'));
}

function everyMemberIsUsed(context: RuleContext): void {
  const { models, search } = context.experiment;
  if (search.members === 'all' || search.starts.count >= models.members) return;
  const message = t('With `members: one`, {0} starts use at most as many of the {1} members. Raise search.starts.', search.starts.count, models.members);
  context.report('warning', 'members-unused', message, context.range(context.written('search.starts.count') ? 'search.starts.count' : 'search.starts'));
}

function horizonWasRecorded(context: RuleContext): void {
  const { data, search } = context.experiment;
  if (data.generate === null || search.horizon <= data.generate.steps) return;
  const message = t('Rollouts of {0} steps are longer than the recorded episodes of {1}. Shorten search.horizon, or record longer episodes.', search.horizon, data.generate.steps);
  context.report('warning', 'horizon-beyond-recordings', message, context.range(context.written('search.horizon') ? 'search.horizon' : 'data.generate.steps'));
}

function historyWasRecorded(context: RuleContext, section: 'models' | 'policies'): void {
  const { history } = context.experiment[section];
  const { generate } = context.experiment.data;
  if (generate === null || history <= generate.steps + 1) return;
  const { steps } = generate;
  const path = `${section}.history`;
  const message = t('A history of {0} frames is longer than the recorded episodes of {1} steps. Shorten {2}, or record longer episodes.', history, steps, path);
  context.report('warning', 'history-beyond-recordings', message, context.range(context.written(path) ? path : 'data.generate.steps'));
}

function recordingsOutnumberPolicies(context: RuleContext): void {
  const { data, policies } = context.experiment;
  if (data.generate === null || policies.count <= data.generate.episodes) return;
  const { episodes } = data.generate;
  const message = episodes === 1
    ? t('{0} policies are searched on 1 recorded episode. Record more, or search fewer.', policies.count)
    : t('{0} policies are searched on {1} recorded episodes. Record more, or search fewer.', policies.count, episodes);
  context.report('warning', 'more-policies-than-episodes', message, context.range(context.written('data.generate.episodes') ? 'data.generate.episodes' : 'policies.count'));
}

function firstBatchCanBeSplit(context: RuleContext): void {
  const { generate } = context.experiment.data;
  if (generate?.episodes === 1) episodeCanBeSplit(context, 'data.generate', generate.steps);
}

/** The last deployment is learned from no more. */
function deploymentsCanBeSplit(context: RuleContext): void {
  const { deployment, iterations, policies, system } = context.experiment;
  if (system.kind !== 'plant' && iterations > 1 && policies.count * deployment.episodes === 1) episodeCanBeSplit(context, 'deployment', deployment.steps);
}

/** Of several episodes a whole one can be held out. Of one, a block and one transition with its window beside it must fit in (`splitBatch`). */
function episodeCanBeSplit(context: RuleContext, section: 'data.generate' | 'deployment', steps: number): void {
  const { models, policies } = context.experiment;
  const history = Math.max(models.history, policies.history);
  if (steps > Math.max(1, Math.round(models.holdout * steps)) + history) return;
  const message = t('One episode of {0} steps cannot both train and check models that look {1} frames back. Raise {2}.steps or {2}.episodes, or lower the histories or models.holdout.', steps, history, section);
  const place = [`${section}.steps`, `${section}.episodes`, 'models.history', 'policies.history', 'models.holdout', 'policies.count'].find(context.written);
  context.report('error', 'episode-too-short', message, context.range(place ?? 'system.kind'));
}

function evaluationsSuffice(context: RuleContext): void {
  const { evaluate } = context.experiment.deployment;
  if (evaluate >= fewestEvaluations || context.experiment.system.kind === 'plant') return;
  const range = context.range('deployment.evaluate');
  const message = evaluate === 1
    ? t('1 evaluation episode says little about the mean and nothing about the worst decile. Use at least {0}.', fewestEvaluations)
    : t('{0} evaluation episodes say little about the mean and nothing about the worst decile. Use at least {1}.', evaluate, fewestEvaluations);
  context.report('warning', 'few-evaluations', message, range, replaceBy(String(fewestEvaluations), range));
}
