import { basename, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fairWorld } from '../driver/experiments';
import { readRun, soon, trainerOf, trainOnCommandLine } from '../driver/runs';
import { Workbench } from '../driver/workbench';

/** Enough of them that it is met at work. */
const iterations = 14;
let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a run that is started at the command line appears by itself, and its dashboard is live', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': fairWorld('Typed world', iterations) } });
  await workbench.openContainer();
  const folder = join(workbench.workspace, '.ibrl/runs/typed');
  const training = trainOnCommandLine(join(workbench.workspace, 'world.ibrl.yaml'), folder);
  const row = workbench.rows('Runs').filter({ hasText: 'Typed world' });
  await row.waitFor();
  const pid = await soon(() => trainerOf(folder), 'a trainer at work');
  await workbench.statusItem().filter({ hasText: `/${iterations}` }).waitFor();
  await row.first().click();
  await workbench.tab('Run: Typed world').waitFor();
  const dashboard = workbench.webview(1);
  await dashboard.getByRole('button', { name: 'Stop after this iteration' }).waitFor();
  await dashboard.locator('.verdict h2', { hasText: `after iteration ${iterations}` }).waitFor();

  await training;
  const run = await readRun(folder);
  expect(run.state).toBe('done');
  const cost = Number((await dashboard.locator('.verdict h2').innerText()).replace('−', '-').split(' ')[0]);
  expect(cost).toBeCloseTo(run.iterations[iterations - 1].mean?.cost ?? Number.NaN, 3);
  await row.first().filter({ hasText: Math.abs(cost).toFixed(3) }).waitFor();
  await workbench.waitForLog(new RegExp(`Trainer of run ${basename(folder)} is at work, process ${pid}\\.`));
  await workbench.waitForLog(new RegExp(`Trainer of run ${basename(folder)} ended, process ${pid}, after \\d+ (s|min), exit code 0\\.`));
});
