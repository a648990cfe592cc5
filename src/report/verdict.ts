import type { RunSummary } from '../run/contract';
import { policyLabel } from './chart';
import { decimalsFor, formatNumber, formatPercent, referenceLabel } from './format';
import type { ReportData } from './reportData';

export interface Sign {
  readonly kind: 'pass' | 'warning' | 'error' | 'note';
  readonly text: string;
}

/** The run in one sentence that a person can repeat: the mean cost now, against what else could have been done. */
export function verdict(summary: RunSummary): string {
  const latest = summary.iterations.at(-1);
  if (!latest) return summary.state === 'failed' ? 'The run failed before an iteration was evaluated.' : 'No iteration has been evaluated yet.';
  const decimals = decimalsFor(latest.policies.map((policy) => policy.cost.mean));
  const against = (name: string): string[] => {
    const reference = latest.references[name];
    if (!reference) return [];
    const difference = latest.mean.cost - reference.cost.mean;
    const size = formatNumber(Math.abs(difference), decimals);
    if (!/[1-9]/.test(size)) return [`the same as ${referenceLabel(name)}`];
    return [`${size} ${difference < 0 ? 'below' : 'above'} ${referenceLabel(name)}`];
  };
  // the behaviour once, as the same judge scores it
  const behaviour = 'behaviourByModels' in latest.references ? 'behaviourByModels' : 'behaviour';
  const others = Object.keys(latest.references).filter((name) => !['behaviour', 'behaviourByModels', 'doNothing'].includes(name));
  const compared = [behaviour, 'doNothing', ...others].flatMap(against).slice(0, 3);
  const cost = `${latest.by === 'models' ? 'Promised cost' : 'Cost'} ${formatNumber(latest.mean.cost, decimals)} per step after iteration ${latest.iteration}, mean of ${latest.policies.length === 1 ? 'one policy' : `${latest.policies.length} policies`}`;
  return compared.length === 0 ? `${cost}.` : `${cost}: ${compared.join(', ')}.`;
}

/** What a reader must know besides: bounds with their scope, how far promises were off, skipped steps, a failure. */
export function signs(data: ReportData): Sign[] {
  const { summary } = data;
  const found: Sign[] = [];
  if (summary.failure) found.push({ kind: 'error', text: `The run failed: ${summary.failure.message}` });
  if (summary.iterations.at(-1)?.by === 'models') found.push({ kind: 'note', text: 'The scores are what the models say of this plant, not measurements; “give or take” is what the ensemble and the choice of starts leave open.' });
  if (summary.iterations.length > 0) found.push(boundsSign(data), ...promiseSign(summary));
  found.push(
    summary.nonFinite === 0
      ? { kind: 'pass', text: 'Every gradient was finite.' }
      : { kind: 'warning', text: `${formatNumber(summary.nonFinite, 0)} gradient ${summary.nonFinite === 1 ? 'step was' : 'steps were'} not finite and skipped.` },
  );
  if (summary.warnings.length > 0) found.push({ kind: 'warning', text: `${summary.warnings.length} ${summary.warnings.length === 1 ? 'warning' : 'warnings'}, listed below.` });
  for (const text of data.unreadable) found.push({ kind: 'warning', text });
  return found;
}

function boundsSign(data: ReportData): Sign {
  if (data.variables.every((variable) => variable.bounds === null)) return { kind: 'note', text: 'No variable has bounds.' };
  const scored = data.summary.iterations.flatMap((iteration) => iteration.policies.map((policy) => ({ iteration: iteration.iteration, policy })));
  const all = data.evaluation ? formatNumber(scored.length * data.evaluation.episodes * data.evaluation.steps, 0) : null;
  const outside = scored.reduce((sum, { policy }) => sum + policy.violations.steps, 0);
  const steps = data.summary.iterations.at(-1)?.by === 'models' ? 'predicted' : 'evaluated';
  if (outside === 0) return { kind: 'pass', text: `Bounds kept in ${all ? `all ${all}` : 'all'} ${steps} steps.` };
  const worst = scored.reduce((a, b) => (b.policy.violations.worst > a.policy.violations.worst ? b : a));
  return {
    kind: 'error',
    text: `Bounds left in ${formatNumber(outside, 0)} ${all ? `of ${all} ` : ''}${steps} steps; furthest ${formatPercent(worst.policy.violations.worst)} of the bounds’ width, by ${policyLabel(worst.policy.policy)} in iteration ${worst.iteration}.`,
  };
}

function promiseSign(summary: RunSummary): Sign[] {
  const latest = summary.iterations.at(-1);
  const gaps = latest?.policies.flatMap((policy) => (policy.promised ? [policy.cost.mean - policy.promised.cost.mean] : [])) ?? [];
  if (!latest || gaps.length === 0) return [];
  const gap = gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
  const size = formatNumber(Math.abs(gap), decimalsFor(latest.policies.map((policy) => policy.cost.mean)));
  if (!/[1-9]/.test(size)) return [{ kind: 'note', text: `The models’ promise of iteration ${latest.iteration} was right on average.` }];
  return [{ kind: 'note', text: `The models promised ${size} per step too ${gap > 0 ? 'little' : 'much'} cost in iteration ${latest.iteration}.` }];
}
