import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { namedWorld } from '../driver/experiments';
import { runsOf, trainRun, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('of a workspace with two folders, experiments and runs of both are listed, and a new run lands in the folder of its experiment', async () => {
  workbench = await Workbench.open({
    files: {
      'left/first.ibrl.yaml': namedWorld('First world'),
      'right/second.ibrl.yaml': namedWorld('Second world'),
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'left' }, { path: 'right' }] }),
    },
    workspaceFile: 'both.code-workspace',
    before: async (folder) => {
      await trainRun(join(folder, 'left'), 'first.ibrl.yaml');
      await trainRun(join(folder, 'right'), 'second.ibrl.yaml');
    },
  });
  const [left, right] = ['left', 'right'].map((name) => join(workbench?.workspace ?? '', name));
  await workbench.openContainer();
  for (const name of ['first.ibrl.yaml', 'second.ibrl.yaml']) await workbench.rows('Experiments').filter({ hasText: name }).waitFor();
  for (const name of ['First world', 'Second world']) await workbench.rows('Runs').filter({ hasText: name }).waitFor();

  await workbench.command('IBRL: Run');
  await workbench.choose('second.ibrl.yaml');
  const run = await waitForRun(right, 1);
  await waitForEvent(run, ({ type }) => type === 'run-finished', 'the end of the run');
  expect(runsOf(left)).toHaveLength(1);
  await workbench.rows('Runs').filter({ hasText: 'Second world' }).nth(1).waitFor();
});
