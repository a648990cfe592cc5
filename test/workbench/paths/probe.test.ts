import { afterEach, expect, test } from 'vitest';
import { smallWorld } from '../driver/experiments';
import { readRun, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.page.screenshot({ path: '/tmp/w-probe.png' });
  await workbench?.close();
});

test('probe', async () => {
  const t0 = Date.now();
  const T = (m: string) => process.stderr.write(`${((Date.now() - t0) / 1000).toFixed(1)} ${m}\n`);
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': smallWorld() } });
  T('open');
  await workbench.openContainer();
  T('container ' + (await workbench.rows('Experiments').allInnerTexts()).join('|'));
  await workbench.command('IBRL: Run');
  T('command');
  const run = await waitForRun(workbench.workspace);
  T('run ' + run);
  await workbench.webview().locator('body').waitFor();
  T('webview');
  await expect.poll(() => readRun(run).then((r) => r.state), { timeout: 100000, interval: 500 }).toBe('done');
  T('done');
  const line = await workbench.waitForLog(/ended/);
  T(line);
}, 400000);
