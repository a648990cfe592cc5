import type { IterationScores, RunView } from '../../src/messages/dashboard';
import type { Phase } from '../../src/run/contract';
import { policyLabel } from '../../src/report/chart';
import { referenceAsObject } from '../../src/report/words';
import { count, decimalsFor, duration, number } from '../shared/format';
import type { IconName } from '../shared/icons';
import { t } from '../shared/text';

/** The newest iteration that was evaluated. */
export function evaluated(run: RunView): IterationScores | null {
  return run.scores.findLast(({ mean }) => mean !== null) ?? null;
}

/** Decimals that suit the costs of a run, the same in every place. */
export function costDecimals(run: RunView): number {
  const values = run.scores.flatMap(({ mean, promisedMean }) => [mean?.mean, promisedMean].flatMap((value) => (value === null || value === undefined ? [] : [value])));
  return decimalsFor(values);
}

/** The run in one sentence that a person can repeat to a colleague. */
export function verdict(run: RunView): string {
  const latest = evaluated(run);
  if (latest === null || latest.mean === null) {
    const promise = run.scores.at(-1)?.promisedMean ?? null;
    if (promise !== null) return t('The models promise {0} per step in iteration {1}; nothing has been evaluated yet.', number(promise, costDecimals(run)), String(run.scores.at(-1)?.iteration));
    return run.state === 'failed' ? t('The run failed before an iteration was evaluated.') : t('No iteration has been evaluated yet.');
  }
  const decimals = costDecimals(run);
  const cost = number(latest.mean.mean, decimals);
  const clauses = comparedReferences(latest).map(({ name, cost: other }) => {
    const size = number(Math.abs((latest.mean?.mean ?? 0) - other), decimals);
    if (!/[1-9]/.test(size)) return t('the same as {0}', referenceAsObject(name));
    return (latest.mean?.mean ?? 0) < other ? t('{0} below {1}', size, referenceAsObject(name)) : t('{0} above {1}', size, referenceAsObject(name));
  });
  const begin = latest.by === 'models' ? t('Promised: {0} per step after iteration {1}', cost, String(latest.iteration)) : t('{0} per step after iteration {1}', cost, String(latest.iteration));
  return clauses.length === 0 ? `${begin}.` : `${begin}: ${clauses.join(', ')}.`;
}

/** The behaviour first, as the same judge scores it, then the reference that costs least. */
function comparedReferences({ references }: IterationScores): IterationScores['references'] {
  const behaviour = references.find(({ name }) => name === 'behaviourByModels') ?? references.find(({ name }) => name === 'behaviour');
  const others = references.filter(({ name }) => name !== 'behaviour' && name !== 'behaviourByModels').sort((a, b) => a.cost - b.cost);
  return [...(behaviour ? [behaviour] : []), ...others].slice(0, 2);
}

export interface Fact {
  readonly icon: IconName;
  readonly text: string;
}

/** Whether the bounds were kept, with the scope of that claim; null before anything is known. */
export function boundsFact(run: RunView): Fact | null {
  const scored = run.scores.filter(({ mean }) => mean !== null);
  if (!run.bounded) return { icon: 'info', text: t('No variable has bounds') };
  if (scored.length === 0) return null;
  const steps = scored.reduce((sum, one) => sum + one.policies.length * one.episodes * one.steps, 0);
  const outside = scored.reduce((sum, one) => sum + one.policies.reduce((all, { violations }) => all + violations, 0), 0);
  const byModels = scored.some(({ by }) => by === 'models');
  if (outside === 0) return { icon: 'pass', text: byModels ? t('Bounds kept in all {0} predicted steps', count(steps)) : t('Bounds kept in all {0} steps', count(steps)) };
  return { icon: 'error', text: byModels ? t('Bounds left in {0} of {1} predicted steps', count(outside), count(steps)) : t('Bounds left in {0} of {1} steps', count(outside), count(steps)) };
}

/** How many signs need a look. */
export function signsFact(run: RunView): Fact | null {
  const raised = new Set(run.signs.map(({ code }) => code)).size;
  if (raised === 0) return run.measuredSigns === 0 ? null : { icon: 'pass', text: t('No health sign is raised') };
  return { icon: 'warning', text: raised === 1 ? t('1 sign needs a look') : t('{0} signs need a look', String(raised)) };
}

/** How far the promise of an iteration was off: real less promised, mean over the policies; null where nothing was measured. */
export function promiseGap(scores: IterationScores): number | null {
  return scores.mean === null || scores.by === 'models' || scores.promisedMean === null ? null : scores.mean.mean - scores.promisedMean;
}

export function phaseName(phase: Phase): string {
  switch (phase) {
    case 'collecting':
      return t('Collecting');
    case 'modelling':
      return t('Modelling');
    case 'searching':
      return t('Searching');
    case 'predicting':
      return t('Predicting');
    case 'deploying':
      return t('Deploying');
    case 'evaluating':
      return t('Evaluating');
  }
}

/** Where a run failed. */
export function failedWhile(phase: Phase): string {
  switch (phase) {
    case 'collecting':
      return t('Failed while collecting');
    case 'modelling':
      return t('Failed while modelling');
    case 'searching':
      return t('Failed while searching');
    case 'predicting':
      return t('Failed while predicting');
    case 'deploying':
      return t('Failed while deploying');
    case 'evaluating':
      return t('Failed while evaluating');
  }
}

/** "about 8 s left", or nothing. */
export function remainingText(run: RunView): string {
  return run.remainingMs === null ? '' : t('about {0} left', duration(run.remainingMs));
}

/** The cost chart in words, and all that a person who sees it would take from it. */
export function costSummary(run: RunView): string {
  const decimals = costDecimals(run);
  const means = run.scores.flatMap(({ mean }) => (mean === null ? [] : [number(mean.mean, decimals)]));
  if (means.length === 0) return t('Nothing has been evaluated yet.');
  const sentences = [t('Cost per step by iteration. Mean {0}.', means.join(t(', then ')))];
  const latest = evaluated(run);
  const best = latest?.policies.filter(({ real }) => real !== null).sort((a, b) => (a.real?.mean ?? 0) - (b.real?.mean ?? 0)).at(0);
  if (latest && best?.real) sentences.push(t('Best of iteration {0}: {1}, {2}.', String(latest.iteration), policyLabel(best.policy), number(best.real.mean, decimals)));
  const gap = latest === null ? null : promiseGap(latest);
  const next = run.scores.at(-1);
  if (next && next.mean === null && next.promisedMean !== null) sentences.push(t('Iteration {0} promises {1}.', String(next.iteration), number(next.promisedMean, decimals)));
  if (gap !== null && /[1-9]/.test(number(gap, decimals))) sentences.push(gap > 0 ? t('The last promise was {0} too low.', number(gap, decimals)) : t('The last promise was {0} too high.', number(-gap, decimals)));
  const bounds = boundsFact(run);
  if (bounds !== null) sentences.push(`${bounds.text}.`);
  return sentences.join(' ');
}
