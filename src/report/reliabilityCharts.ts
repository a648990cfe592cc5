import type { IterationReliability, RunReliability, VariableReliability } from '../run/reliability';
import type { Chart, Series } from './chart';
import { formatNumber, formatPercent } from './format';
import type { Table } from './table';

/** Errors are shares of a standard deviation: two decimals are what the windows can bear. */
const DECIMALS = 2;

/** One chart for each variable that the models have to learn: the latest models' error by horizon, beside the naive forecast's. */
export function reliabilityCharts(iterations: readonly IterationReliability[]): Chart[] {
  const latest = iterations.at(-1);
  if (latest === undefined) return [];
  return latest.heldOut.variables.filter(({ source }) => source !== 'known').map((variable, index) => variableChart(variable, index, latest, iterations));
}

/** What is learned, at which horizons nothing could be judged, and why; empty where all could. */
export function unjudgedTable({ heldOut, new: recent }: IterationReliability): Table {
  const rows = (name: string, { horizons }: RunReliability) => horizons.flatMap(({ steps, reason }) => (reason === null ? [] : [[`${name}, ${steps} steps`, reason]]));
  return { columns: ['recordings', 'why there is no number'], rows: [...rows('held out', heldOut), ...(recent === null ? [] : rows('new', recent))] };
}

function variableChart(variable: VariableReliability, index: number, latest: IterationReliability, iterations: readonly IterationReliability[]): Chart {
  const { name } = variable;
  const recent = latest.new?.variables.find((one) => one.name === name) ?? null;
  const horizons = latest.heldOut.horizons.map(({ steps }) => steps);
  const series: Series[] = [
    { label: 'held out', role: 'accent', points: pointsOf(horizons, variable.error), line: 'solid', markers: 'all', hollow: [] },
    { label: 'held out, stays as it is', role: 'muted', points: pointsOf(horizons, variable.naive), line: 'dashed', markers: 'none', hollow: [] },
  ];
  if (recent !== null) {
    series.push(
      { label: 'new', role: 'probe', points: pointsOf(horizons, recent.error), line: 'solid', markers: 'all', hollow: [] },
      { label: 'new, stays as it is', role: 'muted', points: pointsOf(horizons, recent.naive), line: 'dashed', markers: 'none', hollow: [] },
    );
  }
  return {
    id: `models-${index}`,
    title: name,
    subtitle: `error in standard deviations${variable.logarithmic ? ' of its logarithm' : ''}, iteration ${latest.iteration}`,
    summary: summarise(variable, recent, horizons),
    shape: 'panel',
    group: 'models',
    x: { title: 'steps ahead', min: 0, max: Math.max(...horizons), names: Object.fromEntries(horizons.map((steps) => [String(steps), String(steps)])) },
    y: { title: '', min: 0, max: null, names: null },
    series: series.filter(({ points }) => points.some(([, y]) => y !== null)),
    marks: [],
    table: tableOf(name, horizons, iterations),
  };
}

function pointsOf(horizons: readonly number[], values: readonly (number | null)[]): [number, number | null][] {
  return horizons.map((steps, h) => [steps, values[h]]);
}

function summarise({ name, error, naive, standardDeviation }: VariableReliability, recent: VariableReliability | null, horizons: readonly number[]): string {
  if (standardDeviation === 0) return `${name} never changes in the recordings, so its models cannot be judged.`;
  const told = horizons.flatMap((steps, h) => (error[h] === null ? [] : [`${formatNumber(error[h], DECIMALS)} at ${steps} ${steps === 1 ? 'step' : 'steps'}${naive[h] === null ? '' : ` (${formatNumber(naive[h], DECIMALS)})`}`]));
  const again = recent === null ? [] : horizons.flatMap((steps, h) => (recent.error[h] === null ? [] : [`${formatNumber(recent.error[h], DECIMALS)} at ${steps}`]));
  const first = told.length === 0 ? `Nothing of ${name} could be judged on held-out recordings.` : `Error of ${name} on held-out recordings, and of the forecast that it stays as it is: ${told.join(', ')}.`;
  return again.length === 0 ? first : `${first} On new recordings, before they were learned: ${again.join(', ')}.`;
}

/** Every iteration's models; the table is for those who want to know whether they get better. */
function tableOf(name: string, horizons: readonly number[], iterations: readonly IterationReliability[]): Table {
  const rows = iterations.flatMap(({ iteration, heldOut, new: recent }) =>
    ([['held out', heldOut], ['new', recent]] as const).flatMap(([label, judged]) => {
      const variable = judged?.variables.find((one) => one.name === name);
      if (variable === undefined) return [];
      const row = (measure: string, values: readonly (number | null)[], format: (value: number | null) => string) => [`iteration ${iteration}, ${label}: ${measure}`, ...horizons.map((_, h) => format(values[h] ?? null))];
      const number = (value: number | null) => formatNumber(value, DECIMALS);
      return [row('error', variable.error, number), row('stays as it is', variable.naive, number), row('spread of the models', variable.spread, number), row('truth within the spread', variable.within, formatPercent)];
    }),
  );
  return { columns: ['', ...horizons.map((steps) => `${steps} ${steps === 1 ? 'step' : 'steps'}`)], rows };
}
