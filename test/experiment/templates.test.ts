import { expect, test } from 'vitest';
import { systemKinds } from '../../src/experiment/systems';
import { templates } from '../../src/experiment/templates';
import { validateExperiment } from '../../src/experiment/validate';

test.each(systemKinds)('the template for %s is of that kind, and nothing is wrong or doubtful in it', (kind) => {
  const { experiment, findings } = validateExperiment(templates[kind]);
  expect(findings).toEqual([]);
  expect(experiment?.system.kind).toBe(kind);
});
