import type { IterationSummary, ObservedState, PickedPolicy, PolicySummary, RecommendedPick, RunSummary, ScoreSummary, Spread } from '../run/contract';
import type { RunReader } from '../run/reader';
import { describeActions, readableActions } from './actionsTable';
import { table } from './output';
import { describeReliability } from './reliabilityTable';

const stateWords: Readonly<Record<ObservedState, string>> = {
  running: 'running',
  stopped: 'stopped; `ibrl resume` goes on',
  'awaiting-approval': 'waiting for approval of its policies',
  'awaiting-data': 'waiting for new recordings',
  done: 'done',
  failed: 'failed',
  interrupted: 'interrupted; `ibrl resume` goes on',
};

/** A run as text: where it stands, and its iterations. */
export function describeRun(reader: RunReader): string {
  const summary = reader.summary();
  const parts = [heading(summary, reader.folder), ...summary.iterations.map(describeIteration)];
  if (summary.iterations.length > 1) parts.push(overview(summary.iterations));
  const promise = describePromise(reader, summary);
  if (promise !== null) parts.push(promise);
  const actions = readableActions(reader);
  if (actions !== null) parts.push(typeof actions === 'string' ? actions : describeActions(actions));
  const models = describeReliability(summary.reliability);
  if (models !== null) parts.push(models);
  return `${parts.join('\n\n')}`;
}

/** What is recommended of an iteration that was not evaluated yet: what somebody who approves must know. */
function describePromise(reader: RunReader, { iterations }: RunSummary): string | null {
  const next = (iterations.at(-1)?.iteration ?? 0) + 1;
  const reason = reader.predicted(next)?.recommendation?.reason ?? null;
  return reason === null ? null : `Recommended of iteration ${next}, before its deployment: ${reason}`;
}

function heading(summary: RunSummary, folder: string): string {
  const { progress, failure } = summary;
  const lines = [`${summary.name}: ${stateWords[summary.state]}`, folder];
  if (progress !== null) lines.push(`iteration ${progress.iteration}, ${progress.phase}: ${progress.done} of ${progress.total}`);
  if (failure !== null) lines.push(failure.message);
  if (summary.nonFinite > 0) lines.push(`${summary.nonFinite} step(s) with a gradient that is not finite were skipped`);
  for (const warning of summary.warnings) lines.push(`Warning (iteration ${warning.iteration}): ${warning.message}`);
  return lines.join('\n');
}

function describeIteration(iteration: IterationSummary): string {
  const rows = [
    ...iteration.policies.map((policy) => policyRow(`policy ${policy.policy}`, policy)),
    ['mean', number(iteration.mean.cost), '', number(iteration.mean.return), '', '', '', ''],
    pickedRow('best', iteration.best),
    pickedRow('worst', iteration.worst),
    recommendedRow(iteration.recommended),
    ...(iteration.probe === null ? [] : [policyRow('probe', iteration.probe)]),
    ...Object.entries(iteration.references).map(([name, scores]) => [spacedName(name), ...scoreCells(scores), '', '', '']),
  ];
  const facts = [`coverage ${number(100 * iteration.coverage)} %`, `MinLSED ${number(iteration.minLsed)}`];
  facts.unshift(scoredOn(iteration));
  if (iteration.nonFinite > 0) facts.push(`${iteration.nonFinite} step(s) skipped as not finite`);
  const headings = ['', 'cost per step', 'worst decile', 'return', 'worst decile', 'promised cost', 'promised return', 'steps out of bounds'];
  const why = iteration.recommended.reason === null ? '' : `\nRecommended: ${iteration.recommended.reason}`;
  return `Iteration ${iteration.iteration} (${facts.join(', ')})\n${table(headings, rows)}${why}`;
}

/** What the numbers and their ± are, and of how many episodes: a mean of one says nothing about its error. */
function scoredOn({ by, episodes }: IterationSummary): string {
  if (by === 'models') return `told by the models, ${episodes} rollouts of each policy; ± is their spread, of the recorded behaviour the standard error`;
  return episodes === 1 ? 'one episode of each policy' : `${episodes} episodes of each policy; ± is the standard error`;
}

function policyRow(name: string, policy: PolicySummary): string[] {
  const promised = policy.promised === null ? ['–', '–'] : [number(policy.promised.cost.mean), number(policy.promised.return.mean)];
  return [name, ...scoreCells(policy), ...promised, String(policy.violations.steps)];
}

function pickedRow(name: string, picked: PickedPolicy): string[] {
  return [`${name} (policy ${picked.policy})`, number(picked.cost), '', number(picked.return), '', '', '', ''];
}

/** Of the present controller, what the recorded behaviour did. */
function recommendedRow({ policy, cost, return: returned }: RecommendedPick): string[] {
  const name = policy === null ? 'recommended (keep the present controller)' : `recommended (policy ${policy})`;
  return [name, numberOrNone(cost), '', numberOrNone(returned), '', '', '', ''];
}

function scoreCells(scores: ScoreSummary): string[] {
  return [withError(scores.cost), number(scores.cost.p10), withError(scores.return), number(scores.return.p10)];
}

/** How the run got on, one line an iteration. */
function overview(iterations: readonly IterationSummary[]): string {
  const references = Object.keys(iterations[0].references);
  const headings = ['', 'mean', 'best', 'worst', 'recommended', 'probe', ...references.map(spacedName)];
  const row = (iteration: IterationSummary, of: 'cost' | 'return'): string[] => [
    `iteration ${iteration.iteration}`,
    number(iteration.mean[of]),
    number(iteration.best[of]),
    number(iteration.worst[of]),
    numberOrNone(iteration.recommended[of]),
    iteration.probe === null ? '–' : number(iteration.probe[of].mean),
    ...references.map((name) => (name in iteration.references ? number(iteration.references[name][of].mean) : '–')),
  ];
  const part = (title: string, of: 'cost' | 'return'): string => `${title}\n${table(headings, iterations.map((iteration) => row(iteration, of)))}`;
  return `${part('Cost per step', 'cost')}\n\n${part('Return', 'return')}`;
}

function withError({ mean, standardError }: Spread): string {
  return standardError === 0 ? number(mean) : `${number(mean)} ± ${number(standardError)}`;
}

/** Four digits are what an evaluation can bear. */
function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  return Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7 ? value.toExponential(2) : value.toFixed(Math.min(digits, 4));
}

function numberOrNone(value: number | null): string {
  return value === null ? '–' : number(value);
}

/** doNothing → do-nothing */
function spacedName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
