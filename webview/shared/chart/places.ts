import type { Chart, Role, Series } from '../../../src/report/chart';
import { decimalsFor, number } from '../format';
import { t } from '../text';

/** A point of a chart that a person can be at. */
export interface Place {
  readonly series: number;
  readonly point: number;
  readonly x: number;
  readonly y: number;
}

/** What a page is told when a point is chosen. */
export interface ChosenPoint {
  readonly label: string;
  readonly role: Role;
  readonly x: number;
  readonly y: number;
}

/** The column that an x belongs to: where the axis has names, its nearest whole number. */
export function columnOf(chart: Chart, x: number): number {
  return chart.x.names === null ? x : Math.round(x);
}

function shown(series: Series): boolean {
  return series.role !== 'recommended';
}

/** The nearest point in pixels' terms. @param toPixel position of a point @returns null where there is none within 40 px sideways */
export function nearestPlace(chart: Chart, pixel: { readonly x: number; readonly y: number }, toPixel: (x: number, y: number) => { readonly x: number; readonly y: number }): Place | null {
  let best: Place | null = null;
  let least = Infinity;
  for (const [s, series] of chart.series.entries()) {
    if (!shown(series)) continue;
    for (const [p, [x, y]] of series.points.entries()) {
      if (y === null) continue;
      const at = toPixel(x, y);
      const distance = Math.abs(at.x - pixel.x) * 4 + Math.abs(at.y - pixel.y);
      if (distance >= least || Math.abs(at.x - pixel.x) > 40) continue;
      least = distance;
      best = { series: s, point: p, x, y };
    }
  }
  return best;
}

/**
 * The next place by key: left and right to the next x (of the same series where it has one there), up and down to the next
 * series of the same column.
 */
export function neighbour(chart: Chart, from: Place | null, key: 'left' | 'right' | 'up' | 'down' | 'first' | 'last'): Place | null {
  const places = chart.series.flatMap((series, s) => (shown(series) ? series.points.flatMap(([x, y], p): Place[] => (y === null ? [] : [{ series: s, point: p, x, y }])) : []));
  if (places.length === 0) return null;
  const columns = [...new Set(places.map((place) => columnOf(chart, place.x)))].sort((a, b) => a - b);
  const inColumn = (column: number): Place[] => places.filter((place) => columnOf(chart, place.x) === column).sort((a, b) => a.x - b.x || a.series - b.series || b.y - a.y);
  if (key === 'last') return inColumn(columns[columns.length - 1])[0];
  if (from === null || key === 'first') return inColumn(columns[0])[0];
  const here = columnOf(chart, from.x);
  if (key === 'left' || key === 'right') {
    const next = columns.indexOf(here) + (key === 'right' ? 1 : -1);
    if (next < 0 || next >= columns.length) return from;
    const candidates = inColumn(columns[next]);
    return candidates.find((place) => place.series === from.series) ?? candidates[0];
  }
  const around = inColumn(here);
  const at = around.findIndex((place) => place.series === from.series && place.point === from.point) + (key === 'down' ? 1 : -1);
  return around[Math.min(around.length - 1, Math.max(0, at))];
}

/** The words of the tooltip: its title, and a line for each series in the column. */
export function describeColumn(chart: Chart, place: Place): { readonly title: string; readonly lines: readonly { readonly label: string; readonly role: Role; readonly text: string }[] } {
  const column = columnOf(chart, place.x);
  const decimals = decimalsFor(chart.series.flatMap((series) => series.points.flatMap(([, y]) => (y === null ? [] : [y]))));
  const name = chart.x.names?.[String(column)]?.split('\n')[0];
  const title = name ?? `${chart.x.title === '' ? '' : `${chart.x.title} `}${number(place.x, Number.isInteger(place.x) ? 0 : 2)}`;
  const lines = chart.series.filter(shown).flatMap((series) => {
    const here = series.points.flatMap(([x, y], p) => (y !== null && columnOf(chart, x) === column ? [{ y, promised: series.hollow.includes(p) }] : []));
    if (here.length === 0) return [];
    const text = here.map(({ y, promised }) => (promised ? t('{0} promised', number(y, decimals)) : number(y, decimals))).join(', ');
    return [{ label: series.label, role: series.role, text }];
  });
  return { title, lines: lines.slice(0, 12) };
}

/** One point in words, for who does not see it. */
export function describePlace(chart: Chart, place: Place): string {
  const series = chart.series[place.series];
  const { title } = describeColumn(chart, place);
  const decimals = decimalsFor(series.points.flatMap(([, y]) => (y === null ? [] : [y])));
  const value = number(place.y, decimals);
  return series.hollow.includes(place.point) ? t('{0}, {1}: {2} promised', title, series.label, value) : t('{0}, {1}: {2}', title, series.label, value);
}
