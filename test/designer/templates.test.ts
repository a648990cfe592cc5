import { expect, test } from 'vitest';
import { validateExperiment } from '../../src/experiment/validate';
import { templates } from '../../src/extension/designer/templates';
import { templateKinds } from '../../src/messages/designer';

test.each(templateKinds)('the template for %s is of that kind, and nothing is wrong or doubtful in it', (kind) => {
  const { experiment, findings } = validateExperiment(templates[kind]);
  expect(findings).toEqual([]);
  expect(experiment?.system.kind).toBe(kind);
});
