import { t } from '@vscode/l10n';
import type { Chart, Mark, Series } from './chart';
import { policyLabel } from './chart';
import { decimalsFor, formatNumber } from './format';
import { inLanguage } from '../sentence/language';
import type { IterationSummary, PolicySummary, Spread } from '../run/contract';
import type { ReportData } from './reportData';
import { referenceName } from './words';

export type Measure = 'cost' | 'return';

/** Half the width of one iteration's column that policies are spread over; 1 is the distance of two iterations. */
const spread = 0.3;
const dashes = [[2, 3], [7, 3, 2, 3], [6, 4], []];

/**
 * Cost or return of every iteration: the policies' mean on the left of a column, then each policy as a
 * stem from what the models promised (hollow) to what happened (filled), then the probe; reference lines across. What models say
 * of a plant is a promise, also where it is the evaluation.
 */
export function scoreChart(data: ReportData, measure: Measure): Chart {
  const { iterations } = data.summary;
  const last = iterations.length;
  const policies = [...new Set(iterations.flatMap((iteration) => iteration.policies.map((policy) => policy.policy)))].sort((a, b) => a - b);
  const columns = policies.length + 2;
  const offset = (column: number): number => -spread + (2 * spread * column) / Math.max(1, columns - 1);
  const decimals = decimalsFor(iterations.flatMap((iteration) => iteration.policies.map((policy) => policy[measure].mean)));

  const byModels = iterations.some(({ by }) => by === 'models');
  const meanPoints = iterations.map((iteration): [number, number] => [iteration.iteration + offset(0), iteration.mean[measure]]);
  const series: Series[] = [
    { label: byModels ? t('mean, promised') : t('mean'), role: 'mean', points: meanPoints, line: byModels ? 'dashed' : 'solid', markers: 'all', hollow: byModels ? meanPoints.map((_, index) => index) : [] },
    ...policies.map((policy, index) => stems(iterations, policyLabel(policy), policy, offset(index + 1), measure, (iteration) => iteration.policies.find((one) => one.policy === policy))),
    stems(iterations, t('probe'), 'probe', offset(columns - 1), measure, (iteration) => iteration.probe ?? undefined),
    { label: t('recommended'), role: 'recommended', points: recommendedPoints(iterations, policies, offset, measure), line: 'none', markers: 'all', hollow: [] },
  ];
  return {
    id: `${measure}-by-iteration`,
    title: measureTitle(measure),
    subtitle: measure === 'cost' ? t('by iteration, lower is better') : t('by iteration, discount {0}, higher is better', inLanguage(data.discount)),
    summary: summarise(iterations, measure, decimals),
    shape: 'wide',
    group: null,
    x: { title: '', min: 0.5, max: last + 0.5, names: Object.fromEntries(iterations.map(({ iteration }) => [String(iteration), t('iteration {0}', iteration)])) },
    y: { title: '', min: null, max: null, names: null },
    series: series.filter((one) => one.points.length > 0),
    marks: [...references(iterations, measure, decimals), ...meanTexts(meanPoints, decimals)],
    table: scoreTable(iterations, measure, decimals),
  };
}

function measureTitle(measure: Measure): string {
  return measure === 'cost' ? t('Cost per step') : t('Return');
}

function stems(iterations: readonly IterationSummary[], label: string, role: number | 'probe', offset: number, measure: Measure, find: (iteration: IterationSummary) => PolicySummary | undefined): Series {
  const points: [number, number | null][] = [];
  const hollow: number[] = [];
  for (const iteration of iterations) {
    const policy = find(iteration);
    if (!policy) continue;
    const x = iteration.iteration + offset;
    const measured = iteration.by === 'models' ? null : policy[measure].mean;
    const promised = measured === null ? policy[measure].mean : (policy.promised?.[measure].mean ?? null);
    if (points.length > 0) points.push([x, null]);
    if (promised !== null) {
      hollow.push(points.length);
      points.push([x, promised]);
    }
    if (measured !== null) points.push([x, measured]);
  }
  return { label, role, points, line: role === 'probe' ? 'dashed' : 'solid', markers: 'all', hollow };
}

function recommendedPoints(iterations: readonly IterationSummary[], policies: readonly number[], offset: (column: number) => number, measure: Measure): [number, number][] {
  return iterations.flatMap((iteration): [number, number][] => {
    const policy = iteration.policies.find((one) => one.policy === iteration.recommended.policy);
    return policy ? [[iteration.iteration + offset(policies.indexOf(policy.policy) + 1), policy[measure].mean]] : [];
  });
}

function meanTexts(points: readonly (readonly [number, number])[], decimals: number): Mark[] {
  return points.map(([x, y]) => ({ kind: 'text', x, y, label: formatNumber(y, decimals) }));
}

function references(iterations: readonly IterationSummary[], measure: Measure, decimals: number): Mark[] {
  const latest = iterations.at(-1)?.references ?? {};
  return Object.entries(latest).map(([name, result], index) => ({
    kind: 'horizontal',
    at: result[measure].mean,
    label: `${referenceName(name)} ${formatNumber(result[measure].mean, decimals)}`,
    dash: dashes[index % dashes.length],
  }));
}

function summarise(iterations: readonly IterationSummary[], measure: Measure, decimals: number): string {
  const means = iterations.map((iteration) => formatNumber(iteration.mean[measure], decimals));
  const latest = iterations.at(-1);
  const bestText = latest ? ` ${t('Best of iteration {0}: {1}, {2}.', latest.iteration, policyLabel(latest.best.policy), formatNumber(latest.best[measure], decimals))}` : '';
  if (means.length === 0) return t('Nothing has been evaluated yet.');
  const all = means.join(t(', then '));
  return (measure === 'cost' ? t('Cost per step by iteration. Mean {0}.', all) : t('Return by iteration. Mean {0}.', all)) + bestText;
}

/** The mean of a single episode says nothing about its error. */
function withError({ mean, standardError }: Spread, decimals: number): string {
  return standardError === 0 ? formatNumber(mean, decimals) : `${formatNumber(mean, decimals)} ± ${formatNumber(standardError, decimals)}`;
}

function scoreTable(iterations: readonly IterationSummary[], measure: Measure, decimals: number): Chart['table'] {
  const rows: string[][] = [];
  const row = (name: string, pick: (iteration: IterationSummary) => Spread | null | undefined): void => {
    const scores = iterations.map(pick);
    if (scores.some(Boolean)) rows.push([name, ...scores.map((score) => (score ? withError(score, decimals) : '–'))]);
  };
  const promise = (name: string, pick: (iteration: IterationSummary) => PolicySummary | null | undefined): void => {
    const values = iterations.map((iteration) => pick(iteration)?.promised?.[measure].mean ?? null);
    if (values.some((value) => value !== null)) rows.push([t('{0}, promised', name), ...values.map((value) => formatNumber(value, decimals))]);
  };
  const policies = [...new Set(iterations.flatMap((iteration) => iteration.policies.map((policy) => policy.policy)))].sort((a, b) => a - b);
  for (const policy of policies) {
    const find = (iteration: IterationSummary): PolicySummary | undefined => iteration.policies.find((one) => one.policy === policy);
    row(policyLabel(policy), (iteration) => find(iteration)?.[measure]);
    promise(policyLabel(policy), find);
  }
  rows.push([t('mean of the policies'), ...iterations.map((iteration) => formatNumber(iteration.mean[measure], decimals))]);
  for (const [pick, title] of [['best', t('best')], ['worst', t('worst')], ['recommended', t('recommended')]] as const) {
    const named = (policy: number | null): string => (policy === null ? t('keep the present controller') : policyLabel(policy));
    rows.push([title, ...iterations.map((iteration) => `${named(iteration[pick].policy)}: ${formatNumber(iteration[pick][measure], decimals)}`)]);
  }
  row(t('probe (never deployed)'), (iteration) => iteration.probe?.[measure]);
  promise(t('probe'), (iteration) => iteration.probe);
  const names = [...new Set(iterations.flatMap((iteration) => Object.keys(iteration.references)))];
  for (const name of names) row(referenceName(name), (iteration) => iteration.references[name]?.[measure]);
  return { columns: [iterations.some(({ by }) => by === 'models') ? t('mean ± spread, by the models; of the recorded behaviour ± standard error') : t('mean ± its standard error'), ...iterations.map(({ iteration }) => t('iteration {0}', iteration))], rows };
}
