import { afterEach, expect, test } from 'vitest';
import { fairWorld } from '../driver/experiments';
import { eventsOf, readRun, trainerOf, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

/** Enough of them that the window is back before the last. */
const iterations = 20;
let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a reload of the window leaves the trainer at work, and the dashboard comes back on its run, as it was arranged, and live', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': fairWorld('Reloaded world', iterations) } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const id = folder.split('/').at(-1) ?? '';
  const pid = trainerOf(folder);
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

  const evaluated = eventsOf(folder).filter(({ type, phase }) => type === 'phase-ended' && phase === 'evaluating').length;
  await dashboard.locator('.verdict h2', { hasText: new RegExp(`after iteration (${Array.from({ length: iterations - evaluated }, (_, index) => evaluated + 1 + index).join('|')})\\b`) }).waitFor();
  await dashboard.locator('.verdict h2', { hasText: `after iteration ${iterations}` }).waitFor();
  await waitForEvent(folder, ({ type }) => type === 'attempt-ended', 'the end');
  expect(await readRun(folder)).toMatchObject({ state: 'done', attempt: 1 });
  await workbench.waitForLog(new RegExp(`Trainer of run ${id} ended, process ${pid}, after \\d+ (s|min), exit code 0\\.`));
  expect(workbench.logLines().filter((line) => line.includes(`Trainer of run ${id} ended`)), 'once').toHaveLength(1);
});
