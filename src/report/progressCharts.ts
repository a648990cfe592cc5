import { t } from '@vscode/l10n';
import type { Chart } from './chart';
import { formatNumber, formatPercent } from './format';
import type { IterationSummary } from '../run/contract';

/** Coverage and MinLSED by iteration: does diversity bring new data? */
export function progressCharts(iterations: readonly IterationSummary[]): Chart[] {
  const coverage = numbers(iterations, 'coverage', t('Coverage'), t('% of cells visited'), t('coverage'), 'coverage', 100, (value) => formatPercent(value));
  const distance = numbers(iterations, 'min-lsed', t('Diversity'), iterations.at(-1)?.by === 'models' ? t('MinLSED through the models, no unit') : t('MinLSED in reality, no unit'), t('diversity'), 'minLsed', 1, (value) => formatNumber(value, 2));
  return [coverage, distance];
}

function numbers(
  iterations: readonly IterationSummary[], id: string, title: string, subtitle: string, heading: string,
  field: 'coverage' | 'minLsed', factor: number, format: (value: number) => string,
): Chart {
  const known = iterations.map((iteration): [number, number] => [iteration.iteration, iteration[field]]);
  return {
    id,
    title,
    subtitle,
    summary: t('{0} by iteration: {1}.', title, known.map(([, value]) => format(value)).join(t(', then '))),
    shape: 'panel',
    group: null,
    x: { title: t('iteration'), min: 0.5, max: iterations.length + 0.5, names: Object.fromEntries(iterations.map(({ iteration }) => [String(iteration), String(iteration)])) },
    y: { title: '', min: 0, max: null, names: null },
    series: [{ label: title, role: 'accent', points: known.map(([iteration, value]) => [iteration, value * factor]), line: 'solid', markers: 'all', hollow: [] }],
    marks: known.map(([x, value]) => ({ kind: 'text', x, y: value * factor, label: format(value) })),
    table: { columns: [t('iteration'), heading], rows: known.map(([iteration, value]) => [String(iteration), format(value)]) },
  };
}
