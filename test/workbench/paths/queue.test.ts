import { afterEach, expect, test } from 'vitest';
import { fairWorld, longWorld } from '../driver/experiments';
import { eventsOf, readRun, runsOf, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('of two queued experiments one runs and the other waits, shows its place, and begins by itself when the first has ended', async () => {
  workbench = await Workbench.open({ files: { 'first.ibrl.yaml': longWorld('First world'), 'second.ibrl.yaml': fairWorld('Second world', 2) } });
  await workbench.openContainer();
  await workbench.openFile('first.ibrl.yaml');
  await workbench.command('IBRL: Queue');
  const first = await waitForRun(workbench.workspace);
  await workbench.openFile('second.ibrl.yaml');
  await workbench.editor().locator('.codelens-decoration a', { hasText: 'Queue' }).click();
  const rows = workbench.rows('Runs');
  await rows.filter({ hasText: 'second.ibrl.yaml' }).filter({ hasText: 'queued, place 1' }).waitFor();
  await rows.filter({ hasText: 'First world' }).waitFor();
  const tooltip = await workbench.tooltipOfStatus();
  expect(await tooltip.innerText()).toContain('1 running, 1 queued');
  expect(runsOf(workbench.workspace)).toEqual([first]);
  await tooltip.getByText('Stop After This Iteration').click();

  await rows.filter({ hasText: 'Second world' }).waitFor();
  const second = await waitForRun(workbench.workspace, 1);
  await workbench.waitForLog(new RegExp(`Trainer of run ${second.split('/').at(-1)} ended, .* exit code 0\\.`));
  expect(await readRun(first)).toMatchObject({ name: 'First world', state: 'stopped', attempt: 1 });
  expect(await readRun(second)).toMatchObject({ name: 'Second world', state: 'done', attempt: 1 });
  const [ended, begun] = [eventsOf(first).at(-1), eventsOf(second).at(0)];
  expect(Date.parse(String(begun?.['time'])), 'never two at once').toBeGreaterThanOrEqual(Date.parse(String(ended?.['time'])));
  await rows.filter({ hasText: 'queued' }).waitFor({ state: 'detached' });
});
