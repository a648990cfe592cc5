import { basename } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { longWorld } from '../driver/experiments';
import { afterLaterThan, evaluatedOf, readEnded, soon, trainerOf, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a reload of the window leaves the trainer at work, and the dashboard comes back on its run, as it was arranged, live, and obeyed', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': longWorld('Reloaded world') } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const id = basename(folder);
  const pid = await soon(() => trainerOf(folder), 'a trainer at work');
  const second = workbench.webview().getByRole('button', { name: 'π2', exact: true });
  await second.click();
  await workbench.webview().locator('button[aria-pressed="true"]', { hasText: 'π2' }).waitFor();
  await workbench.webview().getByRole('button', { name: 'Show as tables' }).click();
  await workbench.webview().getByRole('button', { name: 'Show as charts' }).waitFor();

  await workbench.reload();
  const dashboard = workbench.webview();
  await dashboard.locator('h1', { hasText: 'Reloaded world' }).waitFor();
  await dashboard.locator('button[aria-pressed="true"]', { hasText: 'π2' }).waitFor();
  await dashboard.getByRole('button', { name: 'Show as charts' }).waitFor();
  expect(await workbench.tab('Run: Reloaded world').count()).toBe(1);
  expect(trainerOf(folder), 'the same trainer is still at work').toBe(pid);
  await workbench.waitForLog(new RegExp(`Trainer of run ${id} is at work, process ${pid}\\.`));

  await dashboard.locator('.verdict h2', { hasText: afterLaterThan(evaluatedOf(folder)) }).waitFor();
  await dashboard.getByRole('button', { name: 'Stop after this iteration' }).click();
  await dashboard.locator('ibrl-banner').filter({ hasText: /Stopped after iteration/ }).waitFor();
  expect(await readEnded(folder)).toMatchObject({ state: 'stopped', attempt: 1 });
  await workbench.waitForLog(new RegExp(`Trainer of run ${id} ended, process ${pid}, after \\d+ (s|min), exit code 0\\.`));
  expect(workbench.logLines().filter((line) => line.includes(`Trainer of run ${id} ended`)), 'once').toHaveLength(1);
});
