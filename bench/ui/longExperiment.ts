import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const plant = readFileSync(join(import.meta.dirname, '../../examples/plant-csv', 'tank.ibrl.yaml'), 'utf8');

/** A plant with so many measured variables that its file has about so many lines, without an error. */
export function longExperiment(lines: number): string {
  const variables = Array.from({ length: Math.floor((lines - plant.split('\n').length) / 4) }, (_, i) => `  sensor${i}:\n    role: exogenous\n    unit: bar\n    range: [0, ${10 + (i % 7)}]`);
  return plant.replace(/^safety: .*$/m, 'safety:\n  constrain: true').replace(/^variables:$/m, `variables:\n${variables.join('\n')}`);
}
