import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { startCodeServer } from '../../../scripts/codeServer.mjs';
import { processesOf } from '../../../scripts/processes.mjs';
import { smallWorld } from '../driver/experiments';
import { readRun, runsOf, soon, trainRun, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let server: Awaited<ReturnType<typeof startCodeServer>>;
let workbench: Workbench | null = null;
beforeAll(async () => {
  server = await startCodeServer({ vsix: inject('vsix'), trust: true });
});
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});
afterAll(() => server.stop());

test('an untrusted folder is viewed and validated, Run is not offered and says why, and nothing is started until trust is granted', async () => {
  const world = smallWorld({ iterations: 1 });
  workbench = await Workbench.open({
    url: server.url,
    data: server.data,
    files: { 'world.ibrl.yaml': world, 'wrong.ibrl.yaml': world.replace('kind: grid-2d', 'kind: grid-3d') },
    before: (folder) => trainRun(folder, 'world.ibrl.yaml'),
  });
  await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();

  await workbench.openFile('wrong.ibrl.yaml');
  expect((await workbench.problems()).join('\n')).toContain('grid-3d');
  await workbench.command('View: Toggle Panel Visibility');
  await workbench.openContainer();
  await workbench.rows('Experiments').filter({ hasText: 'wrong.ibrl.yaml' }).filter({ hasText: '1 error' }).waitFor();
  const [finished] = runsOf(workbench.workspace);
  const cost = (await readRun(finished)).iterations[0].mean?.cost ?? Number.NaN;
  await workbench.command('IBRL: Open Dashboard');
  const dashboard = workbench.webview(1);
  await dashboard.locator('.verdict h2', { hasText: cost.toFixed(3).replace('-', '−') }).waitFor();
  const banner = dashboard.getByRole('group', { name: 'This folder is not trusted.' });
  await banner.getByText('Training needs trust, because it starts a process.').waitFor();

  for (const title of ['IBRL: Run', 'IBRL: Queue', 'IBRL: Run Again With Changes…', 'IBRL: Doctor']) expect(await workbench.offers(title), title).toBe(false);
  await workbench.openFile('world.ibrl.yaml');
  const lenses = workbench.page.locator('.codelens-decoration a');
  await lenses.filter({ hasText: 'This folder is not trusted, so no process is started.' }).waitFor();
  expect(await lenses.filter({ hasText: /^(Run|Queue)$/ }).count()).toBe(0);
  expect(runsOf(workbench.workspace)).toEqual([finished]);
  expect(processesOf(workbench.workspace)).toEqual([]);

  await workbench.tab('2D world').click();
  await dashboard.getByRole('button', { name: 'Manage trust' }).click();
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click();
  await workbench.openFile('world.ibrl.yaml');
  await lenses.filter({ hasText: /^Run$/ }).click();
  const run = await waitForRun(workbench.workspace, 1);
  await soon(async () => (await readRun(run)).state === 'done' || null, 'the end of the run');
});

test('an untrusted folder in which nothing ran says why there is no Run, and leads to the page of trust', async () => {
  workbench = await Workbench.open({ url: server.url, data: server.data, files: { 'world.ibrl.yaml': smallWorld() } });
  await workbench.openContainer();
  const runs = workbench.section('Runs');
  await runs.getByText('Training needs trust, because it starts a process.').waitFor();
  await runs.getByRole('button', { name: 'Manage Trust' }).click();
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).click();
  await runs.getByRole('button', { name: 'Run an Experiment' }).waitFor();
});
