import type { Chart } from '../../../src/report/chart';

/** Every point of a chart as CSV (RFC 4180), with plain numbers: for programs, whatever the workbench's language. */
export function chartCsv(chart: Chart): string {
  const rows = chart.series.flatMap((series) => series.points.flatMap(([x, y], index) => (y === null ? [] : [[series.label, String(x), String(y), series.hollow.includes(index) ? 'promised' : '']])));
  return `${[['series', chart.x.title || 'x', chart.title, 'kind'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
