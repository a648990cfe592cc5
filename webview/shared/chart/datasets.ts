import type { ChartDataset, ScaleOptionsByType } from 'chart.js';
import type { Axis, Chart, Series } from '../../../src/report/chart';
import { number } from '../format';
import { type ChartColours, lineDash, roleColour, roleMarker } from './appearance';

type Dataset = ChartDataset<'scatter', { x: number; y: number | null }[]>;

/**
 * One series as Chart.js wants it. `into` is changed in place, so that an update makes no new chart and no new dataset.
 * @param faded another policy is chosen
 */
export function fillDataset(into: Dataset, series: Series, chart: Chart, colours: ChartColours, faded: boolean): Dataset {
  const line = roleColour(series.role, colours);
  const hollow = new Set(series.hollow);
  const alwaysHollow = typeof series.role === 'number' && series.role > 4 && series.hollow.length === 0;
  const last = series.points.length - 1;
  const size = series.role === 'recommended' ? 9 : series.role === 'mean' ? 5 : chart.shape === 'strip' ? 3 : 4.5;
  const colour = faded ? `color-mix(in srgb, ${line} 22%, ${colours.background})` : line;
  const points = into.data;
  points.length = series.points.length;
  for (let i = 0; i < points.length; i++) points[i] = { x: series.points[i][0], y: series.points[i][1] };
  return Object.assign(into, {
    label: series.label,
    showLine: series.line !== 'none',
    borderColor: colour,
    borderWidth: (series.role === 'mean' ? 2 : 1.6) * (colours.highContrast ? 1.5 : 1),
    borderDash: [...lineDash(series)],
    pointStyle: roleMarker(series.role),
    pointRadius: series.markers === 'all' ? size : series.markers === 'none' ? 0 : series.points.map((_, index) => (index === last ? size : 0)),
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
  const references = vertical ? chart.marks.flatMap((mark) => (mark.kind === 'horizontal' ? [mark.at] : mark.kind === 'interval' ? mark.y : [])) : [];
  const size = (colours.fontSize * 11) / 13;
  const names = axis.names;
  return {
    type: 'linear',
    ...(axis.min !== null && { min: axis.min }),
    ...(axis.max !== null && { max: axis.max }),
    ...(references.length > 0 && { suggestedMin: Math.min(...references), suggestedMax: Math.max(...references) }),
    grace: vertical ? '8%' : 0,
    title: { display: axis.title !== '', text: axis.title, color: colours.muted, font: { size, family: colours.font } },
    border: { display: !vertical, color: colours.rule },
    grid: { color: colours.grid, display: vertical || chart.shape === 'square', drawTicks: false },
    ticks: {
      color: colours.muted,
      font: { size, family: colours.font },
      maxRotation: 0,
      autoSkip: names === null,
      padding: 6,
      maxTicksLimit: chart.shape === 'strip' ? 3 : 5,
      callback: (value: number | string) => (names ? (names[String(value)] ?? '').split('\n') : tickText(Number(value))),
    },
    ...(names && { afterBuildTicks: (built: { ticks: { value: number }[] }) => { built.ticks = Object.keys(names).map((name) => ({ value: Number(name) })); } }),
  } as unknown as ScaleOptionsByType<'linear'>;
}

function tickText(value: number): string {
  const size = Math.abs(value);
  const decimals = size === 0 || Number.isInteger(value) ? 0 : Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(size))));
  return number(value, decimals).replace(/([.,]\d*?)0+$/, '$1').replace(/[.,]$/, '');
}
