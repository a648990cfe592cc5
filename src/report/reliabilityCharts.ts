import { t } from '@vscode/l10n';
import type { IterationReliability, RunReliability, VariableReliability } from '../run/reliability';
import { reasonWords } from '../run/spokenEvents';
import type { Chart, Series } from './chart';
import { formatNumber, formatPercent } from './format';
import type { Table } from './table';
import { stepCount } from './words';

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
  const rows = (name: string, { horizons }: RunReliability) => horizons.flatMap((horizon) => {
    const why = reasonWords(horizon);
    return why === null ? [] : [[`${name}, ${stepCount(horizon.steps)}`, why]];
  });
  return { columns: [t('recordings'), t('why there is no number')], rows: [...rows(t('held out'), heldOut), ...(recent === null ? [] : rows(t('new'), recent))] };
}

function variableChart(variable: VariableReliability, index: number, latest: IterationReliability, iterations: readonly IterationReliability[]): Chart {
  const { name } = variable;
  const title = titleOf(variable);
  const recent = latest.new?.variables.find((one) => one.name === name) ?? null;
  const horizons = latest.heldOut.horizons.map(({ steps }) => steps);
  const series: Series[] = [
    { label: t('held out'), role: 'accent', points: pointsOf(horizons, variable.error), line: 'solid', markers: 'all', hollow: [] },
    { label: t('held out, stays as it is'), role: 'muted', points: pointsOf(horizons, variable.naive), line: 'dashed', markers: 'none', hollow: [] },
  ];
  if (recent !== null) {
    series.push(
      { label: t('new'), role: 'probe', points: pointsOf(horizons, recent.error), line: 'solid', markers: 'all', hollow: [] },
      { label: t('new, stays as it is'), role: 'muted', points: pointsOf(horizons, recent.naive), line: 'dashed', markers: 'none', hollow: [] },
    );
  }
  return {
    id: `models-${index}`,
    title,
    subtitle: variable.logarithmic ? t('error in standard deviations of its logarithm, iteration {0}', latest.iteration) : t('error in standard deviations, iteration {0}', latest.iteration),
    summary: summarise(title, variable, recent, horizons),
    shape: 'panel',
    group: 'models',
    x: { title: t('steps ahead'), min: 0, max: Math.max(...horizons), names: Object.fromEntries(horizons.map((steps) => [String(steps), String(steps)])) },
    y: { title: '', min: 0, max: null, names: null },
    series: series.filter(({ points }) => points.some(([, y]) => y !== null)),
    marks: [],
    table: tableOf(name, horizons, iterations),
  };
}

/** The reward is no variable of the run's. */
function titleOf({ name, source }: VariableReliability): string {
  return source === 'reward' ? t('reward') : name;
}

function pointsOf(horizons: readonly number[], values: readonly (number | null)[]): [number, number | null][] {
  return horizons.map((steps, h) => [steps, values[h]]);
}

function summarise(name: string, { error, naive, standardDeviation }: VariableReliability, recent: VariableReliability | null, horizons: readonly number[]): string {
  if (standardDeviation === 0) return t('{0} never changes in the recordings, so its models cannot be judged.', name);
  const told = horizons.flatMap((steps, h) => (error[h] === null ? [] : [(steps === 1 ? t('{0} at 1 step', formatNumber(error[h], DECIMALS)) : t('{0} at {1} steps', formatNumber(error[h], DECIMALS), steps)) + (naive[h] === null ? '' : ` (${formatNumber(naive[h], DECIMALS)})`)]));
  const again = recent === null ? [] : horizons.flatMap((steps, h) => (recent.error[h] === null ? [] : [t('{0} at {1}', formatNumber(recent.error[h], DECIMALS), steps)]));
  const first = told.length === 0 ? t('Nothing of {0} could be judged on held-out recordings.', name) : t('Error of {0} on held-out recordings, and of the forecast that it stays as it is: {1}.', name, told.join(', '));
  return again.length === 0 ? first : `${first} ${t('On new recordings, before they were learned: {0}.', again.join(', '))}`;
}

/** Every iteration's models; the table is for those who want to know whether they get better. */
function tableOf(name: string, horizons: readonly number[], iterations: readonly IterationReliability[]): Table {
  const rows = iterations.flatMap(({ iteration, heldOut, new: recent }) =>
    ([[t('held out'), heldOut], [t('new'), recent]] as const).flatMap(([label, judged]) => {
      const variable = judged?.variables.find((one) => one.name === name);
      if (variable === undefined) return [];
      const row = (measure: string, values: readonly (number | null)[], format: (value: number | null) => string) => [`${t('iteration {0}, {1}', iteration, label)}: ${measure}`, ...horizons.map((_, h) => format(values[h] ?? null))];
      const number = (value: number | null) => formatNumber(value, DECIMALS);
      return [row(t('error'), variable.error, number), row(t('stays as it is'), variable.naive, number), row(t('spread of the models'), variable.spread, number), row(t('truth within the spread'), variable.within, formatPercent), row(t('forecasts'), judged?.horizons.map(({ windows }) => windows) ?? [], (count) => formatNumber(count, 0))];
    }),
  );
  return { columns: ['', ...horizons.map(stepCount)], rows };
}
