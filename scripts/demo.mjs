/**
 * npm run demo: the 2D world through four iterations, for real; then the table and a report to open in a browser.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const experiment = join(root, 'examples/grid-2d.ibrl.yaml');
const runs = join(root, 'examples/.ibrl/runs');

mkdirSync(runs, { recursive: true });
const run = mkdtempSync(join(runs, 'demo-'));
ibrl('train', experiment, '--run', run);
ibrl('report', run);
console.log(`\nrun folder  ${relative(process.cwd(), run)}\nreport      ${relative(process.cwd(), join(run, 'report.html'))}`);

function ibrl(...words) {
  const { status, error } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words], { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
