import { join } from 'node:path';
import { afterEach, inject, test } from 'vitest';
import { parentOf } from '../../../scripts/processes.mjs';
import { smallWorld } from '../driver/experiments';
import { soon, trainerOf, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench, type WorkbenchOptions } from '../driver/workbench';
import { takePictures } from './camera';
import type { StageName } from './stages';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

/** A window on a stage, its side bar closed. */
async function on(stage: StageName, options: WorkbenchOptions = {}): Promise<Workbench> {
  workbench = await Workbench.open({ folder: join(inject('stages'), stage), ...options });
  await workbench.command('View: Close Primary Side Bar');
  return workbench;
}

const tall = { context: { viewport: { width: 1400, height: 1240 } } };

test('dashboard of a finished run', async () => {
  const window = await on('plant');
  await window.command('IBRL: Open Dashboard');
  await window.webview().locator('.verdict h2', { hasText: 'after iteration 4' }).waitFor();
  await takePictures(window, 'dashboard');
  await window.page.setViewportSize({ width: 1400, height: 1240 });
  await takePictures(window, 'dashboard-tall', { themes: ['dark', 'light'] });
});

test('dashboard of the 2D world, wide, narrow, as tables', async () => {
  const window = await on('world', tall);
  await window.command('IBRL: Open Dashboard');
  await window.webview().locator('.verdict h2', { hasText: 'after iteration 4' }).waitFor();
  await takePictures(window, 'dashboard-world', { themes: ['dark', 'light'] });
  await window.webview().getByRole('button', { name: 'Show as tables' }).click();
  await takePictures(window, 'dashboard-tables', { themes: ['dark'] });
  await window.webview().getByRole('button', { name: 'Show as charts' }).click();
  await window.page.setViewportSize({ width: 648, height: 1400 });
  await takePictures(window, 'dashboard-narrow');
});

test('dashboard of a run at work', async () => {
  workbench = await Workbench.open({ ...tall, files: { 'grid-2d.ibrl.yaml': smallWorld({ count: 4, updates: 3000 }) } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview();
  await dashboard.locator('.verdict h2', { hasText: 'after iteration 2' }).waitFor();
  await waitForEvent(folder, ({ type, iteration, phase }) => type === 'phase-started' && iteration === 3 && phase === 'searching', 'the third search');
  await takePictures(workbench, 'dashboard-running', { themes: ['dark'] });
});

test.each([
  ['one', 'after iteration 1'],
  ['many', 'after iteration 90'],
  ['approval', ''],
] as const)('dashboard of the stage %s', async (stage, words) => {
  const window = await on(stage, tall);
  await window.command('IBRL: Open Dashboard');
  await window.webview().locator('.verdict h2', { hasText: words }).waitFor();
  await takePictures(window, `dashboard-${stage}`, { themes: ['dark'] });
});

test.each([
  ['failed', 'Failed while'],
  ['data', 'waits for its recordings'],
] as const)('dashboard of the stage %s, which waits for a person', async (stage, words) => {
  const window = await on(stage, tall);
  await window.command('IBRL: Open Dashboard');
  await window.webview().locator('ibrl-banner', { hasText: words }).waitFor();
  await takePictures(window, `dashboard-${stage}`);
});

test('dashboard of a run without a sign of life, and without its host', async () => {
  workbench = await Workbench.open({ ...tall, files: { 'grid-2d.ibrl.yaml': smallWorld({ count: 4, updates: 3000 }) } });
  await workbench.command('View: Close Primary Side Bar');
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  await workbench.webview().locator('.verdict h2', { hasText: 'after iteration 2' }).waitFor();
  const trainer = await soon(() => trainerOf(folder), 'the trainer');
  const host = await soon(() => parentOf(trainer), 'the extension host');
  process.kill(trainer, 'SIGSTOP');
  await workbench.webview().locator('ibrl-banner', { hasText: 'No sign of life' }).waitFor();
  await takePictures(workbench, 'dashboard-stale');
  process.kill(host, 'SIGSTOP');
  await workbench.webview().locator('ibrl-banner', { hasText: 'does not answer' }).waitFor();
  await takePictures(workbench, 'dashboard-lost');
  for (const process_ of [host, trainer]) process.kill(process_, 'SIGCONT');
});

test('two runs compared', async () => {
  const window = await on('compared', tall);
  await window.command('IBRL: Compare Runs…');
  const rows = window.page.locator('.quick-input-list .monaco-list-row');
  for (const nth of [0, 1]) await rows.nth(nth).click();
  await window.page.locator('.quick-input-widget:visible').getByRole('button', { name: 'OK' }).click();
  await window.webview().locator('ul.runs').waitFor();
  await takePictures(window, 'dashboard-compared');
});

test('side panel with its trees', async () => {
  const window = await on('compared');
  await window.openContainer();
  await window.rows('Runs').first().click();
  for (const row of [window.rows('Runs').first(), window.rows('Runs').filter({ hasText: 'Iteration 4' }).first()]) await row.locator('.monaco-tl-twistie').click();
  await window.rows('Runs').filter({ hasText: 'π1' }).first().waitFor();
  await takePictures(window, 'side-panel');
});

test('policy diff', async () => {
  const window = await on('plant', tall);
  await window.command('IBRL: Open Policy Diff');
  await window.choose('Iteration 3');
  await window.webview().locator('canvas').first().waitFor();
  await takePictures(window, 'policy-diff');
});

test('policy diff that waits for approval', async () => {
  const window = await on('approval', tall);
  await window.command('IBRL: Open Policy Diff');
  await window.webview().locator('canvas').first().waitFor();
  await takePictures(window, 'policy-diff-approval', { themes: ['dark'] });
});

test('trajectories on the map', async () => {
  const window = await on('world');
  await window.command('IBRL: Open Trajectories');
  await window.choose('Iteration 2');
  await window.webview().locator('canvas').first().waitFor();
  for (let step = 0; step < 6; step++) await window.webview().getByRole('button', { name: 'One step on' }).click();
  await takePictures(window, 'trajectories-map');
});

test('trajectories as series, with violations', async () => {
  const window = await on('soft');
  await window.command('IBRL: Open Trajectories');
  await window.choose('Iteration 2');
  await window.webview().getByRole('button', { name: 'Next violation' }).click();
  await takePictures(window, 'trajectories-series');
});

test('designer', async () => {
  const window = await on('plant', tall);
  await window.openFile('industrial-benchmark.ibrl.yaml');
  await window.command('IBRL: Open Designer');
  await window.webview().locator('canvas, svg').first().waitFor();
  await takePictures(window, 'designer');
});
