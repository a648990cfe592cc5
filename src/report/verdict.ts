import { t } from '@vscode/l10n';
import type { RunSummary } from '../run/contract';
import { failureWords } from '../run/spokenEvents';
import { policyLabel } from './chart';
import { decimalsFor, formatNumber, formatPercent } from './format';
import type { ReportData } from './reportData';
import { referenceAsObject } from './words';

export interface Sign {
  readonly kind: 'pass' | 'warning' | 'error' | 'note';
  readonly text: string;
}

/** The run in one sentence that a person can repeat: the mean cost now, against what else could have been done. */
export function verdict(summary: RunSummary): string {
  const latest = summary.iterations.at(-1);
  if (!latest) return summary.state === 'failed' ? t('The run failed before an iteration was evaluated.') : t('No iteration has been evaluated yet.');
  const decimals = decimalsFor(latest.policies.map((policy) => policy.cost.mean));
  const against = (name: string): string[] => {
    const reference = latest.references[name];
    if (!reference) return [];
    const difference = latest.mean.cost - reference.cost.mean;
    const size = formatNumber(Math.abs(difference), decimals);
    if (!/[1-9]/.test(size)) return [t('the same as {0}', referenceAsObject(name))];
    return [difference < 0 ? t('{0} below {1}', size, referenceAsObject(name)) : t('{0} above {1}', size, referenceAsObject(name))];
  };
  // the behaviour once, as the same judge scores it
  const behaviour = 'behaviourByModels' in latest.references ? 'behaviourByModels' : 'behaviour';
  const others = Object.keys(latest.references).filter((name) => !['behaviour', 'behaviourByModels', 'doNothing'].includes(name));
  const compared = [behaviour, 'doNothing', ...others].flatMap(against).slice(0, 3);
  const mean = formatNumber(latest.mean.cost, decimals);
  const whose = latest.policies.length === 1 ? t('one policy') : t('{0} policies', latest.policies.length);
  const cost = latest.by === 'models' ? t('Promised cost {0} per step after iteration {1}, mean of {2}', mean, latest.iteration, whose) : t('Cost {0} per step after iteration {1}, mean of {2}', mean, latest.iteration, whose);
  return compared.length === 0 ? `${cost}.` : `${cost}: ${compared.join(', ')}.`;
}

/** What a reader must know besides: bounds with their scope, how far promises were off, skipped steps, a failure. */
export function signs(data: ReportData): Sign[] {
  const { summary } = data;
  const found: Sign[] = [];
  if (summary.failure) found.push({ kind: 'error', text: t('The run failed: {0}', failureWords({ ...summary.failure, causes: [] }).message) });
  if (summary.iterations.at(-1)?.by === 'models') found.push({ kind: 'note', text: t('The scores are what the models say of this plant, not measurements; “give or take” is what the ensemble and the choice of starts leave open.') });
  if (summary.iterations.length > 0) found.push(boundsSign(data), ...promiseSign(summary));
  found.push(
    summary.nonFinite === 0
      ? { kind: 'pass', text: t('Every gradient was finite.') }
      : { kind: 'warning', text: summary.nonFinite === 1 ? t('1 gradient step was not finite and skipped.') : t('{0} gradient steps were not finite and skipped.', formatNumber(summary.nonFinite, 0)) },
  );
  if (summary.warnings.length > 0) found.push({ kind: 'warning', text: summary.warnings.length === 1 ? t('1 warning, listed below.') : t('{0} warnings, listed below.', summary.warnings.length) });
  for (const text of data.unreadable) found.push({ kind: 'warning', text });
  return found;
}

function boundsSign(data: ReportData): Sign {
  if (data.variables.every((variable) => variable.bounds === null)) return { kind: 'note', text: t('No variable has bounds.') };
  const scored = data.summary.iterations.flatMap((iteration) => iteration.policies.map((policy) => ({ iteration: iteration.iteration, policy })));
  const all = data.evaluation ? formatNumber(scored.length * data.evaluation.episodes * data.evaluation.steps, 0) : null;
  const outside = scored.reduce((sum, { policy }) => sum + policy.violations.steps, 0);
  const predicted = data.summary.iterations.at(-1)?.by === 'models';
  if (outside === 0) {
    if (all === null) return { kind: 'pass', text: predicted ? t('Bounds kept in all predicted steps.') : t('Bounds kept in all evaluated steps.') };
    return { kind: 'pass', text: predicted ? t('Bounds kept in all {0} predicted steps.', all) : t('Bounds kept in all {0} evaluated steps.', all) };
  }
  const worst = scored.reduce((a, b) => (b.policy.violations.worst > a.policy.violations.worst ? b : a));
  const count = all === null ? formatNumber(outside, 0) : t('{0} of {1}', formatNumber(outside, 0), all);
  const [share, policy] = [formatPercent(worst.policy.violations.worst), policyLabel(worst.policy.policy)];
  return {
    kind: 'error',
    text: predicted
      ? t('Bounds left in {0} predicted steps; furthest {1} of the bounds’ width, by {2} in iteration {3}.', count, share, policy, worst.iteration)
      : t('Bounds left in {0} evaluated steps; furthest {1} of the bounds’ width, by {2} in iteration {3}.', count, share, policy, worst.iteration),
  };
}

function promiseSign(summary: RunSummary): Sign[] {
  const latest = summary.iterations.at(-1);
  const gaps = latest?.policies.flatMap((policy) => (policy.promised ? [policy.cost.mean - policy.promised.cost.mean] : [])) ?? [];
  if (!latest || gaps.length === 0) return [];
  const gap = gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
  const size = formatNumber(Math.abs(gap), decimalsFor(latest.policies.map((policy) => policy.cost.mean)));
  if (!/[1-9]/.test(size)) return [{ kind: 'note', text: t('The models’ promise of iteration {0} was right on average.', latest.iteration) }];
  return [{ kind: 'note', text: gap > 0 ? t('The models promised {0} per step too little cost in iteration {1}.', size, latest.iteration) : t('The models promised {0} per step too much cost in iteration {1}.', size, latest.iteration) }];
}
