import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A real run of the 2D example, small enough for a test: two iterations, four policies and the probe. */
export function trainSmallRun(): { readonly folder: string; readonly remove: () => void } {
  const place = mkdtempSync(join(tmpdir(), 'ibrl-dashboard-'));
  const folder = join(place, 'run');
  const settings = ['iterations=2', 'models.updates=60', 'models.laterUpdates=60', 'search.updates=40', 'deployment.evaluate=20'].flatMap((line) => ['--set', line]);
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), 'train', join(root, 'examples/grid-2d.ibrl.yaml'), '--run', folder, ...settings], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The run for the test failed: ${stderr}`);
  return { folder, remove: () => rmSync(place, { recursive: true, force: true }) };
}
