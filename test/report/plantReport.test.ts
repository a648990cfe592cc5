import { describe, expect, test } from 'vitest';
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
  });

  test('says that they are no measurements', () => {
    const texts = signs(plant).map(({ text }) => text);
    expect(texts.some((text) => text.includes('not measurements'))).toBe(true);
    expect(texts.some((text) => text.includes('too little cost') || text.includes('too much cost'))).toBe(false);
    expect(texts.some((text) => /predicted steps/.test(text))).toBe(true);
    expect(signs(report).some(({ text }) => text.includes('not measurements'))).toBe(false);
  });
});
