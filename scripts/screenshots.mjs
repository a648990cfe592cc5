/**
 * npm run screenshots [-- --docs] [-t "name of a picture's test"]: trains a few runs, opens the real VS Code on them, and takes pictures
 * of every page in four themes into screenshots/. With --docs those that README and docs/ show are made anew in docs/pictures.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { palettePng } from './palettePng.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Name in docs/pictures and in screenshots. */
const shown = {
  dashboard: 'dashboard-dark',
  'side-panel': 'side-panel-light',
  'policy-diff': 'policy-diff-dark',
  'trajectories-map': 'trajectories-map-dark',
  'trajectories-series': 'trajectories-series-dark',
  designer: 'designer-dark',
};

const words = process.argv.slice(2).filter((word) => word !== '--docs');
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/workbench/pictures/vitest.config.mts', ...words], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
if (status === 0 && process.argv.includes('--docs')) {
  mkdirSync(join(root, 'docs/pictures'), { recursive: true });
  for (const [name, from] of Object.entries(shown)) writeFileSync(join(root, `docs/pictures/${name}.png`), palettePng(readFileSync(join(root, `screenshots/${from}.png`))));
}
