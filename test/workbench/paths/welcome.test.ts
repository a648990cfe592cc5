import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { exampleText, smallWorld } from '../driver/experiments';
import { waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';
import { makeWorkspace, removeWorkspace } from '../driver/workspaces';

let workbench: Workbench | null = null;
const made: string[] = [];
afterEach(async () => {
  await workbench?.close();
  workbench = null;
  for (const folder of made.splice(0)) await removeWorkspace(folder);
});

test('without a folder the views say what belongs here, and Open Folder leads to the experiments of one', async () => {
  const parent = makeWorkspace({ files: { 'plant/world.ibrl.yaml': smallWorld() } });
  made.push(parent);
  const folder = join(parent, 'plant');
  workbench = await Workbench.open({ folder: null });
  await workbench.openContainer();
  await workbench.section('Experiments').getByText('Open the folder that holds your recordings.').waitFor();
  await workbench.section('Runs').getByText('Runs stay in the folder of their experiment.').waitFor();
  await pressIn(workbench.section('Experiments'), 'Open Folder');
  await workbench.chooseFile(folder);
  await workbench.page.waitForURL((url) => url.searchParams.get('folder') === folder, { waitUntil: 'commit' });
  await workbench.ready();
  await workbench.openContainer();
  await workbench.rows('Experiments').filter({ hasText: 'world.ibrl.yaml' }).waitFor();
});

test('without an experiment both views lead to one: an example, or a new one', async () => {
  workbench = await Workbench.open();
  await workbench.openContainer();
  const experiments = workbench.section('Experiments');
  await experiments.getByText('There is no experiment in this folder yet.').waitFor();
  await workbench.section('Runs').getByText('Nothing has run in this folder yet.').waitFor();
  expect(await workbench.section('Dashboard').count()).toBe(0);

  await pressIn(experiments, 'New Experiment…');
  await workbench.choose('Industrial Benchmark');
  await workbench.answer(null);
  await workbench.tab('industrial-benchmark.ibrl.yaml').waitFor();
  await workbench.rows('Experiments').filter({ hasText: 'industrial-benchmark.ibrl.yaml' }).waitFor();
  expect(existsSync(join(workbench.workspace, 'industrial-benchmark.ibrl.yaml'))).toBe(true);
});

test('the view of runs leads from nothing to an example, and from there to its first run', async () => {
  workbench = await Workbench.open();
  await workbench.openContainer();
  const runs = workbench.section('Runs');
  await pressIn(runs, 'Open Example');
  await workbench.choose('2D world');
  await workbench.tab('grid-2d.ibrl.yaml').waitFor();
  expect(readFileSync(join(workbench.workspace, 'grid-2d.ibrl.yaml'), 'utf8')).toBe(exampleText('grid-2d.ibrl.yaml'));

  await runs.getByText('It trains in the background; you can go on working.').waitFor();
  await pressIn(runs, 'Run an Experiment');
  const run = await waitForRun(workbench.workspace);
  await workbench.rows('Runs').filter({ hasText: '2D world, far from the goal' }).waitFor();
  await workbench.section('Dashboard').waitFor();
  await waitForEvent(run, ({ type }) => type === 'attempt-started', 'the run at work');
});

/** A button among the words of a view, not in its title. */
async function pressIn(view: Locator, button: string): Promise<void> {
  await view.locator('.monaco-text-button', { hasText: button }).click();
}
