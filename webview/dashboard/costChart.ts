import type { IterationScores, PolicyScoreView, RunView } from '../../src/messages/dashboard';
import { type Chart, type Mark, policyLabel, type Series } from '../../src/report/chart';
import type { Table } from '../../src/report/table';
import { referenceName } from '../../src/report/words';
import { difference, number } from '../shared/format';
import { t } from '../shared/text';
import { costDecimals, costSummary, promiseGap } from './sentences';

/** Places within an iteration's column, whose width is 1: the mean with its number, then from first to last the policies and the probe. */
const meanAt = -0.36;
const firstAt = -0.12;
const lastAt = 0.4;
/** More iterations than these have room for their number only. */
const mostNamed = 6;
/** More than these, and the mean is told where it is least and last only; each other number is in the table. */
const mostNumbered = 8;
const dashes = [[7, 4], [9, 3, 2, 3], [2, 3], [], [5, 2], [1, 2]];
/** With more iterations than these there is no room for columns: mean, promise and probe become lines. */
const mostColumns = 12;
/** More than this is not drawn: nobody could tell them apart. */
const mostSeries = 8;

/** How much room the page has. */
export type Room = 'wide' | 'middle' | 'narrow';

/**
 * Cost of every iteration: the mean on the left of a column with its 95 % interval, then each policy as a stem from what was
 * promised (hollow) to what happened (filled), then the probe; reference lines across; the future hatched. What models say of a plant
 * is a promise, also where it is the evaluation.
 * @param room for words: `wide`, `middle` (names are short), `narrow` (references lose their numbers too)
 */
export function costChart(run: RunView, room: Room): Chart {
  const decimals = costDecimals(run);
  const indices = Array.from({ length: Math.min(run.policies, mostSeries) }, (_, index) => index + 1);
  // the probe comes after the last policy
  const offset = (column: number): number => firstAt + ((lastAt - firstAt) * (column - 1)) / indices.length;
  const latest = run.scores.findLast(({ references }) => references.length > 0);
  const byPolicy = (policy: number) => (scores: IterationScores) => scores.policies.find((one) => one.policy === policy) ?? null;
  const crowded = !inColumns(run);
  const columns = (): Series[] => [
    meanLine(run, meanAt),
    promisedLine(run, meanAt),
    ...indices.map((policy) => stems(run.scores, policyLabel(policy), policy, offset(policy), byPolicy(policy))),
    stems(run.scores, t('probe'), 'probe', offset(indices.length + 1), ({ probe }) => probe),
    { label: t('recommended'), role: 'recommended', line: 'none', markers: 'all', hollow: [], points: recommendedPoints(run.scores, offset) },
  ];
  const series = crowded ? lines(run) : columns();
  return {
    id: 'cost',
    title: t('Cost per step'),
    subtitle: t('by iteration, lower is better'),
    summary: costSummary(run),
    shape: 'wide',
    group: null,
    x: { title: '', min: 0.5, max: run.iterations + 0.5, names: Object.fromEntries(Array.from({ length: run.iterations }, (_, index) => [String(index + 1), columnName(run, index + 1, room, decimals)])) },
    y: { title: '', min: null, max: null, names: null },
    series: series.filter(({ points }) => points.length > 0),
    marks: [...stretches(run), ...(crowded ? [] : intervals(run, meanAt)), ...references(latest, room === 'narrow', decimals), ...meanTexts(run, crowded ? 0 : meanAt, decimals)],
    table: costTable(run, decimals),
  };
}

function columnName(run: RunView, iteration: number, room: Room, decimals: number): string {
  if (run.iterations > mostNamed) return t('it {0}', String(iteration));
  const scores = run.scores.find((one) => one.iteration === iteration);
  const short = room !== 'wide' || run.iterations > 4;
  const first = short ? t('it {0}', String(iteration)) : t('iteration {0}', String(iteration));
  const gap = scores ? promiseGap(scores) : null;
  if (gap !== null && room === 'narrow') return `${first}\n${t('off by')}\n${difference(gap, decimals)}`;
  if (gap !== null) return `${first}\n${short ? t('off by {0}', difference(gap, decimals)) : t('promise off by {0}', difference(gap, decimals))}`;
  if (scores !== undefined) return `${first}\n${short ? t('promised') : t('promise only')}`;
  if (short) return first;
  const running = run.position?.iteration === iteration && run.state === 'running';
  return `${first}\n${running ? t('under way') : iteration > (run.position?.iteration ?? 0) ? t('not started') : t('no promise yet')}`;
}

/** Without columns: what happened, what had been promised, and the probe. */
function lines(run: RunView): Series[] {
  const line = (label: string, role: Series['role'], dashed: boolean, find: (scores: IterationScores) => number | null | undefined): Series => ({
    label, role, line: dashed ? 'dashed' : 'solid', markers: 'none', hollow: [],
    points: run.scores.flatMap((scores): [number, number][] => {
      const cost = find(scores);
      return typeof cost === 'number' ? [[scores.iteration, cost]] : [];
    }),
  });
  return [
    line(t('mean, promised'), 'accent', true, (scores) => promisedMean(scores)),
    line(t('probe'), 'probe', true, ({ probe }) => probe?.real?.mean),
    line(t('mean'), 'mean', false, (scores) => measuredMean(scores)?.mean),
  ];
}

function meanLine(run: RunView, offset: number): Series {
  const points = run.scores.flatMap((scores): [number, number][] => {
    const mean = measuredMean(scores);
    return mean === null ? [] : [[scores.iteration + offset, mean.mean]];
  });
  return { label: t('mean'), role: 'mean', points, line: 'solid', markers: 'all', hollow: [] };
}

/** From the last real mean to what is only promised since. */
function promisedLine(run: RunView, offset: number): Series {
  const last = run.scores.findLast((scores) => measuredMean(scores) !== null);
  const start: [number, number][] = last?.mean ? [[last.iteration + offset, last.mean.mean]] : [];
  const promised = run.scores.flatMap((scores): [number, number][] => {
    const cost = promisedMean(scores);
    return scores.iteration <= (last?.iteration ?? 0) || cost === null ? [] : [[scores.iteration + offset, cost]];
  });
  const base = { label: t('mean, promised'), role: 'mean', line: 'dashed', markers: start.length > 0 ? 'last' : 'all' } as const;
  return promised.length === 0 ? { ...base, points: [], hollow: [] } : { ...base, points: [...start, ...promised], hollow: promised.map((_, index) => start.length + index) };
}

/** What happened, where it was measured: the models' word for it is a promise. */
function measuredMean({ by, mean }: IterationScores): IterationScores['mean'] {
  return by === 'models' ? null : mean;
}

function promisedMean({ by, mean, promisedMean: promised }: IterationScores): number | null {
  return by === 'models' ? (mean?.mean ?? null) : promised;
}

/** The same of one policy. */
function told({ by }: IterationScores, { real, promised }: PolicyScoreView): { readonly measured: PolicyScoreView['real']; readonly promised: PolicyScoreView['promised'] } {
  return by === 'models' ? { measured: null, promised: real ?? promised } : { measured: real, promised };
}

function stems(all: readonly IterationScores[], label: string, role: number | 'probe', offset: number, find: (scores: IterationScores) => PolicyScoreView | null): Series {
  const points: [number, number | null][] = [];
  const hollow: number[] = [];
  for (const scores of all) {
    const policy = find(scores);
    if (policy === null) continue;
    const x = scores.iteration + offset;
    if (points.length > 0) points.push([x, null]);
    const { measured, promised } = told(scores, policy);
    if (promised !== null) {
      hollow.push(points.length);
      points.push([x, promised.mean]);
    }
    if (measured !== null) points.push([x, measured.mean]);
  }
  return { label, role, points, line: role === 'probe' ? 'dashed' : 'solid', markers: 'all', hollow };
}

function recommendedPoints(all: readonly IterationScores[], offset: (column: number) => number): [number, number][] {
  return all.flatMap((scores): [number, number][] => {
    const policy = scores.policies.find((one) => one.policy === scores.recommended);
    const score = policy?.real ?? policy?.promised;
    return policy && score && policy.policy <= mostSeries ? [[scores.iteration + offset(policy.policy), score.mean]] : [];
  });
}

function stretches(run: RunView): Mark[] {
  const here = run.position?.iteration ?? 0;
  const begun = run.state === 'done' ? run.iterations : here;
  const now: Mark[] = run.state !== 'done' && here > 0 ? [{ kind: 'column', x: [here - 0.5, here + 0.5], stretch: 'now' }] : [];
  return begun < run.iterations ? [...now, { kind: 'column', x: [begun + 0.5, run.iterations + 0.5], stretch: 'future' }] : now;
}

/** 95 %: 1.96 standard errors of the mean over the scored episodes. */
function intervals(run: RunView, offset: number): Mark[] {
  return run.scores.flatMap((scores): Mark[] => {
    const { iteration } = scores;
    const mean = measuredMean(scores);
    return mean === null || mean.standardError === 0 ? [] : [{ kind: 'interval', x: iteration + offset, y: [mean.mean - 1.96 * mean.standardError, mean.mean + 1.96 * mean.standardError] }];
  });
}

function references(latest: IterationScores | undefined, narrow: boolean, decimals: number): Mark[] {
  return (latest?.references ?? []).map(({ name, cost }, index) => ({
    kind: 'horizontal',
    at: cost,
    label: narrow ? referenceName(name) : `${referenceName(name)}  ${number(cost, decimals)}`,
    dash: dashes[index % dashes.length],
  }));
}

function meanTexts(run: RunView, offset: number, decimals: number): Mark[] {
  return numbered(run).flatMap(({ iteration, mean, promisedMean }): Mark[] => {
    const value = mean?.mean ?? promisedMean;
    return value === null ? [] : [{ kind: 'text', x: iteration + offset, y: value, label: number(value, decimals) }];
  });
}

function numbered({ iterations, scores }: RunView): readonly IterationScores[] {
  if (iterations <= mostNumbered) return scores;
  const told = scores.filter(({ mean }) => mean !== null);
  const least = told.toSorted((a, b) => (a.mean?.mean ?? 0) - (b.mean?.mean ?? 0)).at(0);
  const last = told.at(-1);
  return told.filter((one) => one === last || (one === least && (last?.iteration ?? 0) - one.iteration > iterations / 10));
}

function costTable(run: RunView, decimals: number): Table {
  const measure = (score: PolicyScoreView['real']): string => (score === null ? '–' : score.standardError === 0 ? number(score.mean, decimals) : `${number(score.mean, decimals)} ± ${number(score.standardError, decimals)}`);
  const row = (label: string, find: (scores: IterationScores) => PolicyScoreView | null | undefined): string[] => [label, ...run.scores.flatMap((scores) => {
    const policy = find(scores);
    if (!policy) return ['–', '–'];
    const { measured, promised } = told(scores, policy);
    return [number(promised?.mean, decimals), measure(measured)];
  })];
  const indices = Array.from({ length: run.policies }, (_, index) => index + 1);
  const names = [...new Set(run.scores.flatMap(({ references: all }) => all.map(({ name }) => name)))];
  return {
    columns: [t('policy'), ...run.scores.flatMap(({ iteration }) => [t('iteration {0}, promised', String(iteration)), t('iteration {0}, real ± standard error', String(iteration))])],
    rows: [
      ...indices.map((policy) => row(policyLabel(policy), ({ policies }) => policies.find((one) => one.policy === policy))),
      [t('mean'), ...run.scores.flatMap((scores) => [number(promisedMean(scores), decimals), measure(measuredMean(scores))])],
      ...(run.scores.some(({ probe }) => probe !== null) ? [row(t('probe'), ({ probe }) => probe)] : []),
      ...names.map((name) => [referenceName(name), ...run.scores.flatMap(({ by, references: all }) => {
        const cost = number(all.find((one) => one.name === name)?.cost, decimals);
        return by === 'models' && name !== 'behaviour' ? [cost, '–'] : ['–', cost];
      })]),
    ],
  };
}

/** Whether each iteration has a column with a stem for each policy; else there are lines, which have their names beside them. */
export function inColumns({ iterations }: RunView): boolean {
  return iterations <= mostColumns;
}

/** How many policies the chart leaves out, and why, as a sentence; null: none. */
export function hiddenPolicies(run: RunView): string | null {
  if (!inColumns(run)) return t('With more than {0} iterations the chart shows mean, promise and probe; the table has every policy.', String(mostColumns));
  return run.policies > mostSeries ? t('{0} of {1} policies are drawn, so that they can be told apart; the table has all.', String(mostSeries), String(run.policies)) : null;
}

/** The means of several runs, each in the colour that it keeps. */
export function comparisonChart(runs: readonly { readonly run: RunView; readonly slot: number }[]): Chart {
  const iterations = Math.max(...runs.map(({ run }) => run.iterations));
  const decimals = costDecimals(runs[0].run);
  return {
    id: 'comparison',
    title: t('Cost per step'),
    subtitle: t('mean of the policies by iteration, lower is better'),
    summary: runs.map(({ run }) => `${run.name}: ${costSummary(run)}`).join(' '),
    shape: 'wide',
    group: null,
    x: { title: '', min: 0.5, max: iterations + 0.5, names: Object.fromEntries(Array.from({ length: iterations }, (_, index) => [String(index + 1), t('iteration {0}', String(index + 1))])) },
    y: { title: '', min: null, max: null, names: null },
    series: runs.map(({ run, slot }): Series => ({ label: run.name, role: slot, points: run.scores.flatMap(({ iteration, mean }): [number, number][] => (mean === null ? [] : [[iteration, mean.mean]])), line: 'policy', markers: 'all', hollow: run.scores.filter(({ mean }) => mean !== null).flatMap(({ by }, index) => (by === 'models' ? [index] : [])) })),
    marks: [],
    table: {
      columns: [t('run'), ...Array.from({ length: iterations }, (_, index) => t('iteration {0}', String(index + 1)))],
      rows: runs.map(({ run }) => [`${run.name} ${run.id}`, ...Array.from({ length: iterations }, (_, index) => number(run.scores.find((one) => one.iteration === index + 1)?.mean?.mean, decimals))]),
    },
  };
}
