import { basename } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { longWorld } from '../driver/experiments';
import { readRun, soon, trainerOf, trainRun, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a run that is started at the command line appears by itself, and its dashboard is live and stops it', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': longWorld('Typed world') } });
  await workbench.openContainer();
  const training = trainRun(workbench.workspace, 'world.ibrl.yaml');
  const row = workbench.rows('Runs').filter({ hasText: 'Typed world' });
  await row.waitFor();
  const folder = await waitForRun(workbench.workspace);
  const pid = await soon(() => trainerOf(folder), 'a trainer at work');
  await workbench.statusItem().filter({ hasText: '/60' }).waitFor();
  await row.first().click();
  await workbench.tab('Run: Typed world').waitFor();
  const dashboard = workbench.webview(1);
  await dashboard.locator('.verdict h2', { hasText: 'after iteration' }).waitFor();
  await dashboard.getByRole('button', { name: 'Stop after this iteration' }).click();

  await training;
  const run = await readRun(folder);
  expect(run.state).toBe('stopped');
  const last = run.iterations.findLast(({ mean }) => mean !== null);
  await dashboard.locator('ibrl-banner').filter({ hasText: `Stopped after iteration ${last?.iteration}` }).waitFor();
  await dashboard.locator('.verdict h2', { hasText: `after iteration ${last?.iteration}` }).waitFor();
  const cost = Number((await dashboard.locator('.verdict h2').innerText()).replace('−', '-').split(' ')[0]);
  expect(cost).toBeCloseTo(last?.mean?.cost ?? Number.NaN, 3);
  await row.first().filter({ hasText: 'stopped' }).waitFor();
  await workbench.waitForLog(new RegExp(`Trainer of run ${basename(folder)} is at work, process ${pid}\\.`));
  await workbench.waitForLog(new RegExp(`Trainer of run ${basename(folder)} ended, process ${pid}, after \\d+ (s|min), exit code 0\\.`));
});
