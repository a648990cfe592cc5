import { basename } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { smallWorld } from '../driver/experiments';
import { readEnded, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('an experiment that is run from the palette comes to its fourth iteration, the dashboard says what the command line says, and the log names its process once at either end', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': smallWorld() } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview();
  await dashboard.locator('.verdict h2', { hasText: 'after iteration 4' }).waitFor();

  const run = await readEnded(folder);
  const last = run.iterations[3];
  const shown = async (place: string): Promise<string> => (await dashboard.locator(place).first().innerText()).replace('−', '-');
  expect(run.state).toBe('done');
  expect(Number((await shown('.verdict h2')).split(' ')[0])).toBeCloseTo(last.mean?.cost ?? Number.NaN, 3);
  for (const { policy, cost } of last.policies) {
    const row = dashboard.locator('table.policies tbody tr').filter({ has: workbench.page.locator('th', { hasText: `π${policy}` }) });
    expect(Number((await row.locator('strong').innerText()).replace('−', '-'))).toBeCloseTo(cost?.mean ?? Number.NaN, 3);
  }
  // a page that was closed leaves nothing behind that the next one of the run stumbles over
  const verdict = await shown('.verdict h2');
  await workbench.command('View: Close All Editors');
  await workbench.page.locator('.tab', { hasText: /^Run: / }).waitFor({ state: 'detached' });
  await workbench.command('IBRL: Open Dashboard');
  await dashboard.locator('.verdict h2', { hasText: verdict.replace('-', '−') }).waitFor();

  await workbench.openContainer();
  await workbench.rows('Runs').filter({ hasText: last.mean?.cost.toFixed(3).replace('-', '−') ?? 'a cost' }).first().waitFor();
  expect(workbench.asked).toEqual([]);

  const id = basename(folder);
  const ended = await workbench.waitForLog(new RegExp(`Trainer of run ${id} ended`));
  const started = workbench.logLines().filter((line) => line.includes(`Trainer of run ${id} started`));
  expect(started).toHaveLength(1);
  expect(ended).toMatch(new RegExp(`ended, process ${/process (\d+)/.exec(started[0])?.[1]}, after \\d+ (s|min), exit code 0\\.`));
});
