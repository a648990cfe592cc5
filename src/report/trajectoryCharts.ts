import { t } from '@vscode/l10n';
import type { Chart, Mark } from './chart';
import { policyLabel } from './chart';
import { decimalsFor, formatNumber } from './format';
import { rounded } from './readNumbers';
import type { ReportData, ReportMap, ReportTrajectories, ReportVariable } from './reportData';

/** What the deployed policies did in one iteration: a map where there is one, else bounded variables over time. */
export interface IterationTrajectories {
  readonly iteration: number;
  readonly charts: readonly Chart[];
}

export function trajectoryCharts(data: ReportData): IterationTrajectories[] {
  const iterations = [...new Set(data.trajectories.map((one) => one.iteration))].sort((a, b) => a - b);
  return iterations.map((iteration) => {
    const episodes = data.trajectories.filter((one) => one.iteration === iteration);
    const { map } = data;
    if (map) return { iteration, charts: [mapChart(data, map, iteration, episodes)] };
    const bounded = data.variables.filter((variable) => variable.bounds);
    return { iteration, charts: bounded.map((variable, index) => seriesChart(variable, index, iteration, episodes)) };
  });
}

function mapChart(data: ReportData, map: ReportMap, iteration: number, episodes: readonly ReportTrajectories[]): Chart {
  const find = (name: string): ReportVariable | undefined => data.variables.find((variable) => variable.name === name);
  const x = find(map.x);
  const y = find(map.y);
  const marks: Mark[] = [];
  if (map.goal) {
    for (const factor of [1, 2, 3]) marks.push({ kind: 'circle', x: map.goal.x, y: map.goal.y, radius: map.goal.width * factor, label: factor === 1 ? t('goal') : '' });
  }
  if (x?.bounds && y?.bounds) marks.push({ kind: 'rectangle', x: x.bounds, y: y.bounds, label: t('bounds') });
  const decimals = 2;
  return {
    id: `map-${iteration}`,
    title: t('Iteration {0}', iteration),
    subtitle: t('{0} to the right, {1} upwards', map.x, map.y),
    summary: t('Paths of the recorded episodes of iteration {0}. {1}.', iteration, episodes.map((episode) => t('{0} ends at {1}, {2}', policyLabel(episode.policy), formatNumber(last(episode, map.x), 1), formatNumber(last(episode, map.y), 1))).join('; ')),
    shape: 'square',
    group: null,
    x: { title: map.x, min: x?.range[0] ?? null, max: x?.range[1] ?? null, names: null },
    y: { title: map.y, min: y?.range[0] ?? null, max: y?.range[1] ?? null, names: null },
    series: episodes.map((episode) => ({
      label: policyLabel(episode.policy),
      role: episode.policy,
      points: episode.values[map.x].map((value, index): [number, number] => [value, episode.values[map.y][index]]),
      line: 'policy',
      markers: 'last',
      hollow: [],
    })),
    marks,
    table: {
      columns: [t('episode'), t('{0} at the start', map.x), t('{0} at the start', map.y), t('{0} at the end', map.x), t('{0} at the end', map.y)],
      rows: episodes.map((episode) => [
        t('{0}, episode {1}', policyLabel(episode.policy), episode.episode),
        ...[episode.values[map.x][0], episode.values[map.y][0], last(episode, map.x), last(episode, map.y)].map((value) => formatNumber(value, decimals)),
      ]),
    },
  };
}

function seriesChart(variable: ReportVariable, index: number, iteration: number, episodes: readonly ReportTrajectories[]): Chart {
  const values = episodes.map((episode) => episode.values[variable.name] ?? []);
  const decimals = decimalsFor(values.flat());
  const bounds = variable.bounds ?? [-Infinity, Infinity];
  const unit = variable.unit === '' || variable.unit === '1' ? '' : `, ${variable.unit}`;
  const [low, high] = bounds.map(rounded); // as the values are
  const outside = values.reduce((count, series) => count + series.filter((value) => value < low || value > high).length, 0);
  return {
    id: `series-${iteration}-${index}`,
    title: variable.name,
    subtitle: t('iteration {0}, recorded', iteration) + unit,
    summary: `${t('{0} over the recorded episodes of iteration {1}, bounds {2} to {3}.', variable.name, iteration, formatNumber(bounds[0], decimals), formatNumber(bounds[1], decimals))} ${outside === 0 ? t('Inside the bounds in every drawn step.') : t('Outside in {0} drawn steps.', outside)}`,
    shape: 'strip',
    group: `series-${iteration}`,
    x: { title: t('step'), min: 0, max: Math.max(0, ...episodes.map((episode) => episode.steps.at(-1) ?? 0)), names: null },
    y: { title: '', min: null, max: null, names: null },
    series: episodes.map((episode, e) => ({
      label: episode.episode > 1 ? `${policyLabel(episode.policy)} (${episode.episode})` : policyLabel(episode.policy),
      role: episode.policy,
      points: values[e].map((value, i): [number, number] => [episode.steps[i], value]),
      line: 'policy',
      markers: 'none',
      hollow: [],
    })),
    marks: bounds.filter(Number.isFinite).map((at): Mark => ({ kind: 'horizontal', at, label: t('bound {0}', formatNumber(at, Number.isInteger(at) ? 0 : decimals)), dash: [4, 3] })),
    table: {
      columns: [t('episode'), t('first'), t('least'), t('largest'), t('last')],
      rows: episodes.map((episode, e) => [
        t('{0}, episode {1}', policyLabel(episode.policy), episode.episode),
        ...[values[e][0], Math.min(...values[e]), Math.max(...values[e]), values[e].at(-1)].map((value) => formatNumber(value, decimals)),
      ]),
    },
  };
}

function last(episode: ReportTrajectories, name: string): number | undefined {
  return episode.values[name]?.at(-1);
}
