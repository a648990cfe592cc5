import { t } from '@vscode/l10n';
import type { Chart, Mark, Series } from './chart';
import { policyLabel } from './chart';
import { decimalsFor, formatNumber } from './format';
import type { SearchCurves } from './reportData';
import { policyCount } from './words';

function titleOf(term: string): string {
  switch (term) {
    case 'loss':
      return t('Loss');
    case 'return':
      return t('Return term');
    case 'soft':
    case 'safety':
      return t('Safety term');
    case 'diversity':
      return t('Diversity term');
    case 'violation':
      return t('Violation term');
    case 'objective':
      return t('Distance to behaviour');
    case 'gradientNorm':
      return t('Gradient norm');
    default:
      return term;
  }
}

/** One chart for each term of the search's loss, all iterations one after the other, one line for each policy. */
export function searchCharts(curves: readonly SearchCurves[]): Chart[] {
  const terms = [...new Set(curves.flatMap((search) => search.terms.map((term) => term.name)))];
  const starts = startOf(curves);
  return terms.map((name, index) => termChart(curves, starts, name, index));
}

/** Where each search begins on the common axis: after the updates of those before it. */
function startOf(curves: readonly SearchCurves[]): number[] {
  const starts: number[] = [];
  let start = 0;
  for (const search of curves) {
    starts.push(start);
    start += (search.updates.at(-1) ?? 0) + 1;
  }
  return starts;
}

function termChart(curves: readonly SearchCurves[], starts: readonly number[], name: string, index: number): Chart {
  const valuesOf = (search: SearchCurves): readonly (readonly number[])[] => search.terms.find((term) => term.name === name)?.values ?? [];
  const policies = [...new Set(curves.flatMap((search) => search.policies))];
  const title = titleOf(name);
  const series = policies.map((policy): Series => ({
    label: policyLabel(policy),
    role: policy === 0 ? 'probe' : policy,
    line: policy === 0 ? 'dashed' : 'policy',
    markers: 'none',
    hollow: [],
    points: curves.flatMap((search, s): [number, number | null][] => {
      const values = valuesOf(search)[search.policies.indexOf(policy)] ?? [];
      const points = values.map((value, i): [number, number | null] => [starts[s] + search.updates[i], Number.isFinite(value) ? value : null]);
      return s > 0 ? [[starts[s], null], ...points] : points;
    }),
  }));
  const decimals = decimalsFor(curves.flatMap((search) => valuesOf(search).flatMap((values) => values.slice(-1))));
  const rows = curves.flatMap((search) => valuesOf(search).map((values, policy) => [
    t('iteration {0}, {1}', search.iteration, policyLabel(search.policies[policy])),
    formatNumber(values[0], decimals),
    formatNumber(values[Math.floor(values.length / 2)], decimals),
    formatNumber(values.at(-1), decimals),
  ]));
  return {
    id: `search-${index}`,
    title,
    subtitle: t('by update of the search'),
    summary: t('{0} over the updates of {1}, {2}. The table gives the first, middle and last value.', title, curves.length === 1 ? t('1 search') : t('{0} searches', curves.length), policyCount(policies.filter((policy) => policy !== 0).length)),
    shape: 'panel',
    group: 'search',
    x: { title: t('update'), min: 0, max: null, names: null },
    y: { title: '', min: null, max: null, names: null },
    series,
    marks: curves.map((search, s): Mark => ({ kind: 'vertical', at: starts[s], label: t('it {0}', search.iteration) })),
    table: { columns: [t('search'), t('first'), t('middle'), t('last')], rows },
  };
}
