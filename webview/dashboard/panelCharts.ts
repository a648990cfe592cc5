import type { CurvesMessage, ModelErrorView, RunView } from '../../src/messages/dashboard';
import { type Chart, type Mark, policyLabel, type Series } from '../../src/report/chart';
import { decimalsFor, number, percent, withUnit } from '../shared/format';
import { t } from '../shared/text';

/** Names of the loss's terms and of the relations between their gradients. */
export function termName(name: string): string {
  switch (name) {
    case 'return':
      return t('Return');
    case 'diversity':
      return t('Diversity');
    case 'soft':
    case 'safety':
      return t('Safety');
    case 'objective':
      return t('Distance to behaviour');
    case 'violation':
      return t('Violation');
    case 'gradientNorm':
      return t('Gradient norm');
    default:
      if (name.startsWith('cosine ')) return t('Cosine {0} / {1}', ...name.slice('cosine '.length).split(' ').map(termName));
      return name;
  }
}

/** Terms that have a strip: those of the loss, then cosines; norms of single terms only feed health signs. */
export function shownTerms(run: RunView): string[] {
  const names = run.loss?.terms.map(({ name }) => name) ?? [];
  const cosines = names.filter((name) => name.startsWith('cosine '));
  const terms = names.filter((name) => !name.startsWith('cosine ') && !name.startsWith('gradientNorm '));
  return [...terms.filter((name) => name !== 'gradientNorm'), ...cosines, ...terms.filter((name) => name === 'gradientNorm')];
}

/** The value of a term now, and its change over the last 100 updates. */
export function termNow(run: RunView, name: string): { readonly value: number; readonly change: number | null } | null {
  const term = run.loss?.terms.find((one) => one.name === name);
  if (term === undefined || term.values.length === 0) return null;
  const last = term.values.length - 1;
  const before = term.updates.findLastIndex((update) => update <= term.updates[last] - 100);
  return { value: term.values[last], change: before < 0 ? null : term.values[last] - term.values[before] };
}

/** One term of the loss over the updates of the newest search: the mean while it goes on, each policy once its curves are there. */
export function termChart(run: RunView, curves: CurvesMessage | null, name: string): Chart | null {
  const loss = run.loss;
  const live = loss?.terms.find((term) => term.name === name);
  if (loss === null || live === undefined) return null;
  const own = curves?.iteration === loss.iteration ? curves : null;
  const recorded = own?.terms.find((term) => term.name === name);
  const series: Series[] = recorded && own
    ? own.policies.map((policy, index): Series => ({
        label: policy === 0 ? t('probe') : policyLabel(policy), role: policy === 0 ? 'probe' : policy, line: policy === 0 ? 'dashed' : 'policy', markers: 'last', hollow: [],
        points: Array.from(recorded.values[index], (value, point): [number, number | null] => [own.updates[point], Number.isFinite(value) ? value : null]),
      }))
    : [{ label: t('mean'), role: 'mean', line: 'solid', markers: live.values.length < 20 ? 'all' : 'last', hollow: [], points: live.updates.map((update, index) => [update, live.values[index]]) }];
  const decimals = decimalsFor(live.values);
  const title = termName(name);
  const ends = series.map(({ label, points }) => `${label} ${number(points.at(-1)?.[1], decimals)}`);
  return {
    id: `term-${name.replaceAll(' ', '-')}`, title, subtitle: '', group: 'search', shape: 'strip',
    summary: t('{0} after update {1} of {2}: {3}.', title, String(loss.done), String(loss.total), ends.slice(0, 8).join(', ')),
    x: { title: t('update'), min: 0, max: loss.total, names: null },
    y: { title: '', min: null, max: null, names: null },
    series,
    marks: loss.done < loss.total ? [{ kind: 'vertical', at: loss.done, label: '' }] : [],
    table: { columns: [t('update'), ...series.map(({ label }) => label)], rows: tableRows(series, decimals) },
  };
}

/** Ten moments are enough to read. */
function tableRows(series: readonly Series[], decimals: number): string[][] {
  const points = series[0]?.points ?? [];
  const kept = [...new Set(Array.from({ length: 10 }, (_, index) => Math.round((index * (points.length - 1)) / 9)))].filter((index) => index >= 0 && index < points.length);
  return kept.map((index) => [String(points[index][0]), ...series.map((one) => number(one.points[index]?.[1], decimals))]);
}

/** What the models predict, as people say it: a variable by its name, which is never `reward`. */
export function predictedName(name: string): string {
  return name === 'reward' ? t('reward') : name;
}

/** Error of a learned variable by iteration, each member thin, their mean strong. */
export function modelChart(error: ModelErrorView, iterations: number): Chart {
  const members = Math.max(0, ...error.iterations.map((one) => one.members.length));
  const means = error.iterations.map(({ iteration, members: own }): [number, number] => [iteration, own.reduce((sum, value) => sum + value, 0) / own.length]);
  const decimals = decimalsFor(means.map(([, value]) => value));
  const unit = error.logarithmic ? '' : error.unit;
  return {
    id: `model-${error.name}`, title: predictedName(error.name), subtitle: '', group: null, shape: 'strip',
    summary: t('Held-out error of {0} by iteration: {1}.', predictedName(error.name), means.map(([, value]) => withUnit(value, decimals, unit)).join(t(', then '))),
    x: { title: '', min: 0.5, max: iterations + 0.5, names: Object.fromEntries(Array.from({ length: iterations }, (_, index) => [String(index + 1), String(index + 1)])) },
    y: { title: '', min: 0, max: null, names: null },
    series: [
      ...Array.from({ length: members > 1 ? members : 0 }, (_, member): Series => ({ label: t('member {0}', String(member + 1)), role: 'muted', line: 'solid', markers: 'last', hollow: [], points: error.iterations.flatMap(({ iteration, members: own }): [number, number][] => (member < own.length ? [[iteration, own[member]]] : [])) })),
      { label: t('mean'), role: 'mean', line: 'solid', markers: 'all', hollow: [], points: means },
    ],
    marks: means.slice(-1).map(([x, y]): Mark => ({ kind: 'text', x, y, label: number(y, decimals) })),
    table: { columns: [t('iteration'), t('mean'), ...Array.from({ length: members }, (_, member) => t('member {0}', String(member + 1)))], rows: error.iterations.map(({ iteration, members: own }, index) => [String(iteration), number(means[index][1], decimals), ...own.map((value) => number(value, decimals))]) },
  };
}

/** With more iterations than these only the last is told as a number. */
const mostNumbered = 6;

/** Share of the cells that the recordings have visited, by iteration; a bar from 0 as a thick stem. */
export function coverageChart(run: RunView): Chart | null {
  const known = run.scores.flatMap(({ iteration, coverage }): [number, number][] => (coverage === null ? [] : [[iteration, coverage * 100]]));
  if (known.length === 0) return null;
  return {
    id: 'coverage', title: t('Coverage'), subtitle: t('% of cells visited'), group: null, shape: 'panel',
    summary: t('Coverage by iteration: {0}.', known.map(([, value]) => percent(value / 100)).join(t(', then '))),
    x: { title: '', min: 0.5, max: run.iterations + 0.5, names: Object.fromEntries(Array.from({ length: run.iterations }, (_, index) => [String(index + 1), t('it {0}', String(index + 1))])) },
    y: { title: '', min: 0, max: null, names: null },
    series: [{ label: t('Coverage'), role: 'accent', line: 'solid', markers: 'all', hollow: [], points: known }],
    marks: (known.length > mostNumbered ? known.slice(-1) : known).map(([x, y]): Mark => ({ kind: 'text', x, y, label: percent(y / 100) })),
    table: { columns: [t('iteration'), t('coverage')], rows: known.map(([iteration, value]) => [String(iteration), percent(value / 100)]) },
  };
}
