import { describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/renderReport';
import { scoreChart } from '../../src/report/scoreChart';
import { policyTable } from '../../src/report/tables';
import { signs, verdict } from '../../src/report/verdict';
import { syntheticReport } from './syntheticReport';

describe('the report of a plant, of which nobody plays episodes', () => {
  const report = syntheticReport();
  const iterations = report.summary.iterations.map((iteration) => ({
    ...iteration, by: 'models' as const,
    policies: iteration.policies.map((policy) => ({ ...policy, promised: null, ensembleSpread: { cost: 4, return: 99 } })),
  }));
  const plant = { ...report, summary: { ...report.summary, iterations } };

  test('calls its scores promises, with their spread, and nothing real', () => {
    const { columns, rows } = policyTable(iterations[0]);
    expect(columns).toEqual(['policy', 'promised', 'give or take', 'worst decile', 'steps outside']);
    expect(rows[0][2]).toMatch(/^4[.,]0/);
    expect(verdict(plant.summary)).toMatch(/^Promised cost /);
    const [latest] = iterations.slice(-1);
    const references = { ...latest.references, behaviourByModels: latest.references['behaviour'] };
    expect(verdict({ ...plant.summary, iterations: [{ ...latest, references }] }).match(/behaviour/g)).toHaveLength(1);
  });

  test('draws them as promises', () => {
    const { series } = scoreChart(plant, 'cost');
    for (const { role, hollow, points } of series) if (role !== 'recommended') expect(hollow).toEqual(points.flatMap(([, cost], index) => (cost === null ? [] : [index])));
    expect(series.find(({ role }) => role === 'mean')).toMatchObject({ label: 'mean, promised', line: 'dashed' });
  });

  test('counts steps outside the bounds and measures diversity in the models, not in reality', () => {
    const page = renderReport(plant);
    expect(page).toContain('Steps outside the bounds in rollouts through the models.');
    expect(page).toContain('MinLSED through the models');
    expect(page).not.toMatch(/evaluation episodes|MinLSED in reality/);
    expect(renderReport(report)).toMatch(/evaluation episodes/);
  });

  test('says that they are no measurements', () => {
    const texts = signs(plant).map(({ text }) => text);
    expect(texts.some((text) => text.includes('not measurements'))).toBe(true);
    expect(texts.some((text) => text.includes('too little cost') || text.includes('too much cost'))).toBe(false);
    expect(texts.some((text) => /predicted steps/.test(text))).toBe(true);
    expect(signs(report).some(({ text }) => text.includes('not measurements'))).toBe(false);
  });
});
