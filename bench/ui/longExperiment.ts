import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const plant = readFileSync(join(import.meta.dirname, '../../examples/plant-csv', 'tank.ibrl.yaml'), 'utf8');
/** As many as a plant may have. */
const mostVariables = 200;

/** A plant with as many measured variables as an experiment may have, four lines each, without an error. */
export function longExperiment(): string {
  const own = plant.match(/\brole: /g)?.length ?? 0;
  const variables = Array.from({ length: mostVariables - own }, (_, i) => `  sensor${i}:\n    role: exogenous\n    unit: bar\n    range: [0, ${10 + (i % 7)}]`);
  return plant.replace(/^safety: .*$/m, 'safety:\n  constrain: true').replace(/^variables:$/m, `variables:\n${variables.join('\n')}`);
}
