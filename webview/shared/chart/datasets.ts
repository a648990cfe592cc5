import type { ChartDataset, ScaleOptionsByType } from 'chart.js';
import type { Axis, Chart, Series } from '../../../src/report/chart';
import { number } from '../format';
import { type ChartColours, lineDash, roleColour, roleMarker } from './appearance';

type Dataset = ChartDataset<'scatter', { x: number; y: number | null }[]>;

/** A series of more points has small markers. */
const mostLargeMarkers = 24;

/**
 * One series as Chart.js wants it. `into` is changed in place, so that an update makes no new chart and no new dataset.
 * @param faded another policy is chosen
 */
export function fillDataset(into: Dataset, series: Series, chart: Chart, colours: ChartColours, faded: boolean): Dataset {
  const line = roleColour(series.role, colours);
  const hollow = new Set(series.hollow);
  const alwaysHollow = typeof series.role === 'number' && series.role > 4 && series.hollow.length === 0;
  const last = series.points.length - 1;
  // so many points in a row are a line already
  const dense = series.line !== 'none' && series.points.length > mostLargeMarkers && (series.markers !== 'all' || series.points.every(([, y]) => y !== null));
  const size = dense ? 0 : series.role === 'recommended' ? 9 : chart.shape === 'strip' || series.points.length > mostLargeMarkers ? 2.2 : series.role === 'mean' ? 5 : 4.5;
  const colour = faded ? `color-mix(in srgb, ${line} 22%, ${colours.background})` : line;
  const points = into.data;
  points.length = series.points.length;
  for (let i = 0; i < points.length; i++) points[i] = { x: series.points[i][0], y: series.points[i][1] };
  return Object.assign(into, {
    label: series.label,
    showLine: series.line !== 'none',
    borderColor: colour,
    borderWidth: (dense && chart.shape === 'strip' ? 1 : series.role === 'mean' ? 2 : 1.6) * (colours.highContrast ? 1.5 : 1),
    borderDash: [...lineDash(series)],
    pointStyle: roleMarker(series.role),
    // one number where it can be: from a list, Chart.js works out the options of each point anew, each time the range changes
    pointRadius: series.markers === 'all' || size === 0 ? size : series.markers === 'none' ? 0 : series.points.map((_, index) => (index === last ? size : 0)),
    pointHoverRadius: size,
    pointBackgroundColor: series.role === 'recommended' ? 'transparent' : hollow.size === 0 ? (alwaysHollow ? colours.background : colour) : series.points.map((_, index) => (hollow.has(index) || alwaysHollow ? colours.background : colour)),
    pointBorderColor: colour,
    pointBorderWidth: 1.6,
    spanGaps: false,
    order: series.role === 'mean' || series.role === 'recommended' ? -1 : 0,
  });
}

/** At most four ticks, grid only at ticks; names instead of numbers where the axis has them. */
export function axisOptions(axis: Axis, chart: Chart, colours: ChartColours, vertical: boolean): ScaleOptionsByType<'linear'> {
  const size = (colours.fontSize * 11) / 13;
  const names = axis.names;
  const range = vertical ? shownRange(axis, chart) : { min: axis.min, max: axis.max };
  const most = chart.shape === 'strip' ? 2 : 4;
  return {
    type: 'linear',
    ...(range.min !== null && { min: range.min }),
    ...(range.max !== null && { max: range.max }),
    title: { display: axis.title !== '' && chart.shape !== 'strip', text: axis.title, color: colours.muted, font: { size, family: colours.font } },
    border: { display: !vertical, color: colours.rule },
    grid: { color: colours.grid, display: vertical || chart.shape === 'square', drawTicks: false },
    ticks: {
      color: colours.muted,
      font: { size, family: colours.font },
      maxRotation: 0,
      // names that would run into one another are left out evenly
      autoSkip: names !== null && !vertical,
      autoSkipPadding: chart.shape === 'strip' ? 8 : 14,
      padding: 6,
      callback: (value: number | string, _index: number, all: readonly { readonly value: number }[]) => (names ? (names[String(value)] ?? '').split('\n') : tickText(Number(value), all)),
    },
    // strips below one another share their left edge
    ...(vertical && chart.shape === 'strip' && { afterFit: (scale: { width: number }) => void (scale.width = Math.max(scale.width, colours.fontSize * 3.2)) }),
    afterBuildTicks: (built: { ticks: { value: number }[]; min: number; max: number }) => {
      built.ticks = (names ? Object.keys(names).map(Number) : niceTicks(built.min, built.max, most)).map((value) => ({ value }));
    },
  } as unknown as ScaleOptionsByType<'linear'>;
}

/** What a vertical axis must hold: every point, reference and interval, and a little air. */
function shownRange(axis: Axis, chart: Chart): { readonly min: number | null; readonly max: number | null } {
  let [least, most] = [Infinity, -Infinity];
  const add = (value: number): void => {
    least = Math.min(least, value);
    most = Math.max(most, value);
  };
  for (const { points } of chart.series) for (const [, y] of points) if (y !== null && Number.isFinite(y)) add(y);
  for (const mark of chart.marks) {
    if (mark.kind === 'horizontal') add(mark.at);
    else if (mark.kind === 'interval') mark.y.forEach(add);
  }
  if (axis.min !== null) add(axis.min);
  if (axis.max !== null) add(axis.max);
  if (least > most) return { min: axis.min, max: axis.max };
  const air = (most - least || Math.abs(most) || 1) * 0.07;
  return { min: axis.min ?? least - air, max: axis.max ?? most + air };
}

/** Round numbers inside a range. @param most of them */
export function niceTicks(min: number, max: number, most: number): number[] {
  const width = max - min;
  if (!(width > 0)) return [min];
  const power = 10 ** Math.floor(Math.log10(width / most));
  const step = [1, 2, 2.5, 5, 10, 20, 25, 50].map((factor) => factor * power).find((size) => Math.floor(max / size) - Math.ceil(min / size) + 1 <= most) ?? width;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.max(0, Math.floor(max / step) - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Numbers of an axis have the same decimals; 0 needs none. */
function tickText(value: number, all: readonly { readonly value: number }[]): string {
  return value === 0 ? number(0, 0) : number(value, Math.max(...all.map((tick) => decimalsOf(tick.value))));
}

function decimalsOf(value: number): number {
  const written = String(Math.abs(value));
  return Math.min(6, written.includes('e') ? 6 : (written.split('.')[1]?.length ?? 0));
}
