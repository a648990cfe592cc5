import type { Chart } from './chart';
import { formatNumber, formatPercent } from './format';
import type { IterationSummary } from '../run/contract';

/** Coverage and MinLSED by iteration: does diversity bring new data? */
export function progressCharts(iterations: readonly IterationSummary[]): Chart[] {
  const coverage = numbers(iterations, 'coverage', 'Coverage', '% of cells visited', 'coverage', 100, (value) => formatPercent(value));
  const distance = numbers(iterations, 'min-lsed', 'Diversity', 'MinLSED in reality, no unit', 'minLsed', 1, (value) => formatNumber(value, 2));
  return [coverage, distance];
}

function numbers(
  iterations: readonly IterationSummary[], id: string, title: string, subtitle: string,
  field: 'coverage' | 'minLsed', factor: number, format: (value: number) => string,
): Chart {
  const known = iterations.map((iteration): [number, number] => [iteration.iteration, iteration[field]]);
  return {
    id,
    title,
    subtitle,
    summary: `${title} by iteration: ${known.map(([, value]) => format(value)).join(', then ')}.`,
    shape: 'panel',
    group: null,
    x: { title: 'iteration', min: 0.5, max: iterations.length + 0.5, names: Object.fromEntries(iterations.map(({ iteration }) => [String(iteration), String(iteration)])) },
    y: { title: '', min: 0, max: null, names: null },
    series: [{ label: title, role: 'accent', points: known.map(([iteration, value]) => [iteration, value * factor]), line: 'solid', markers: 'all', hollow: [] }],
    marks: known.map(([x, value]) => ({ kind: 'text', x, y: value * factor, label: format(value) })),
    table: { columns: ['iteration', title.toLowerCase()], rows: known.map(([iteration, value]) => [String(iteration), format(value)]) },
  };
}
