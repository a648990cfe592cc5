import { expect, test } from 'vitest';
import { reliabilityCharts, unjudgedTable } from '../../src/report/reliabilityCharts';
import { renderReport } from '../../src/report/renderReport';
import { syntheticReport } from './syntheticReport';

const { reliability } = syntheticReport().summary;

test('each learned variable has a chart of the latest models beside the naive forecast, and none of what is known', () => {
  const charts = reliabilityCharts(reliability);
  expect(charts.map(({ title }) => title)).toEqual(['fatigue']);
  expect(charts[0].subtitle).toContain('iteration 4');
  expect(charts[0].series.map(({ label }) => label)).toEqual(['held out', 'held out, stays as it is', 'new', 'new, stays as it is']);
  expect(charts[0].series[0].points.map(([steps]) => steps)).toEqual([1, 10, 25, 50, 100]);
});

test('the table holds every number of every iteration', () => {
  const [{ table }] = reliabilityCharts(reliability);
  expect(table.rows).toHaveLength(4 * 2 * 5);
  expect(table.rows[0]).toEqual(['iteration 1, held out: error', '0.05', '0.16', '0.25', '0.35', '–']);
  expect(table.rows[3]).toEqual(['iteration 1, held out: truth within the spread', '70.0\u202f%', '70.0\u202f%', '70.0\u202f%', '70.0\u202f%', '–']);
  expect(table.rows[4]).toEqual(['iteration 1, held out: forecasts', ...reliability[0].heldOut.horizons.map(({ windows }) => String(windows))]);
});

test('a horizon without numbers is named with its reason', () => {
  expect(unjudgedTable(reliability[0]).rows.map(([what]) => what)).toEqual(['held out, 100 steps', 'new, 100 steps']);
  expect(renderReport(syntheticReport())).toContain('No run of 100 steps');
});

test('a variable that never changes is said to be beyond judgement', () => {
  const still = reliability.map((one) => ({ ...one, heldOut: { ...one.heldOut, variables: one.heldOut.variables.map((variable) => ({ ...variable, standardDeviation: 0, error: [null, null, null, null, null] })) } }));
  expect(reliabilityCharts(still)[0].summary).toContain('never changes');
});

test('a run without judged models has a report without that section', () => {
  const data = syntheticReport();
  expect(renderReport({ ...data, summary: { ...data.summary, reliability: [] } })).not.toContain('<h2>Models</h2>');
});
