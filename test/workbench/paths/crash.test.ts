import { afterEach, expect, test } from 'vitest';
import { namedWorld } from '../driver/experiments';
import { kill, readEnded, readRun, soon, trainerOf, waitForEnd, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a trainer that is killed shows as failed with its cause wherever its run is shown, and the notification resumes it', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': namedWorld('Killed world', { iterations: 2, laterUpdates: 4000 }) } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const id = folder.split('/').at(-1) ?? '';
  const dashboard = workbench.webview();
  // whose models take long, so that they are met
  await waitForEvent(folder, ({ type, iteration, phase }) => type === 'progress' && iteration === 2 && phase === 'modelling', 'models of iteration 2');
  const pid = await soon(() => trainerOf(folder), 'a trainer at work');
  kill(pid);
  await waitForEnd(pid);

  const banner = dashboard.locator('ibrl-banner').filter({ hasText: 'Failed while modelling: the trainer has ended without a word' });
  await banner.filter({ hasText: 'Iteration 1 is kept.' }).waitFor();
  await banner.getByRole('button', { name: 'Resume' }).waitFor();
  await workbench.statusItem().filter({ hasText: 'failed in iteration 2' }).waitFor();
  await workbench.openContainer();
  const row = workbench.rows('Runs').filter({ hasText: 'Killed world' });
  await row.filter({ hasText: 'failed: the trainer has ended without a word' }).waitFor();
  await workbench.waitForLog(new RegExp(`Trainer of run ${id} ended, process ${pid}, after \\d+ s, exit code SIGKILL\\.`));
  const toast = workbench.toasts().filter({ hasText: 'The process of Killed world has ended without a word' });
  await toast.waitFor();
  expect(await workbench.toasts().count(), 'it is said once').toBe(1);
  expect((await readRun(folder)).state).toBe('interrupted');

  await toast.getByRole('button', { name: 'Resume' }).click();
  await dashboard.locator('.verdict h2', { hasText: 'after iteration 2' }).waitFor();
  await row.filter({ hasNotText: 'failed' }).waitFor();
  await workbench.statusItem().filter({ hasNotText: 'failed' }).waitFor();
  expect(await banner.count()).toBe(0);
  expect(await readEnded(folder, 2)).toMatchObject({ state: 'done', attempt: 2 });
});
