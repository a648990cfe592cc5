import { afterEach, expect, test } from 'vitest';
import { parentOf, processesOf } from '../../../scripts/processes.mjs';
import { fairWorld } from '../driver/experiments';
import { childrenOf, eventsOf, readRun, soon, trainerOf, waitForEnd, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';
import { makeWorkspace, removeWorkspace } from '../driver/workspaces';

/** Longer than any of this takes. */
const iterations = 100;
/** A lease, a look at it, a checkpoint, and a machine that has others to serve. */
const leaseLimitMs = 90_000;

/** Of one of these paths: a lease is waited for. */
const limitMs = 600_000;

let workbench: Workbench | null = null;
let workspace = '';
afterEach(async () => {
  await workbench?.close();
  workbench = null;
  await removeWorkspace(workspace);
});

async function openAndRun(name: string): Promise<{ readonly window: Workbench; readonly folder: string; readonly trainer: number; readonly host: number }> {
  workspace = makeWorkspace({ files: { 'world.ibrl.yaml': fairWorld(name, iterations, 900) } });
  const window = await Workbench.open({ folder: workspace });
  workbench = window;
  await window.command('IBRL: Run');
  const folder = await waitForRun(workspace);
  await window.webview().locator('.verdict h2', { hasText: 'after iteration' }).waitFor();
  const trainer = await soon(() => trainerOf(folder), 'a trainer at work');
  return { window, folder, trainer, host: parentOf(trainer) };
}

const evaluated = (folder: string): number => eventsOf(folder).filter(({ type, phase }) => type === 'phase-ended' && phase === 'evaluating').length;

/** The verdict after any iteration that is later than the given one. */
function laterThan(iteration: number): RegExp {
  const later = Array.from({ length: iterations - iteration }, (_, index) => iteration + 1 + index);
  return new RegExp(`after iteration (${later.join('|')})\\b`);
}

test('with its window gone and its extension host killed, nothing is left within the time of a lease, and a new window resumes the run', async () => {
  const { window, folder, trainer, host } = await openAndRun('Orphaned world');
  const others = childrenOf(host);
  expect(others, 'the trainer among them').toContain(trainer);
  await window.close();
  workbench = null;
  process.kill(host, 'SIGKILL');
  const killed = performance.now();
  for (const pid of [host, ...others]) await waitForEnd(pid);
  expect(performance.now() - killed).toBeLessThan(leaseLimitMs);
  expect(processesOf(workspace)).toEqual([]);
  const before = await readRun(folder);
  expect(before.state).toBe('stopped');
  expect(eventsOf(folder).at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 75 });

  workbench = await Workbench.open({ folder: workspace });
  await workbench.openContainer();
  const row = workbench.rows('Runs').filter({ hasText: 'Orphaned world' });
  await row.filter({ hasText: 'stopped' }).waitFor();
  await workbench.command('IBRL: Resume');
  await row.filter({ hasNotText: 'stopped' }).waitFor();
  await workbench.statusItem().filter({ hasText: `/${iterations}` }).waitFor();
  const next = evaluated(folder) + 1;
  await waitForEvent(folder, ({ type, phase, iteration, attempt }) => type === 'phase-ended' && phase === 'evaluating' && iteration === next && attempt === 2, 'an iteration of the second attempt');
  await workbench.webview(1).locator('.verdict h2', { hasText: /after iteration/ }).waitFor();
}, limitMs);

test('a page whose extension host hangs says so, and when that is killed, comes back as it was arranged with the next host, while the trainer goes on', async () => {
  const { window, folder, trainer, host } = await openAndRun('Widowed world');
  await window.webview().getByRole('button', { name: 'π2', exact: true }).click();
  await window.webview().locator('button[aria-pressed="true"]', { hasText: 'π2' }).waitFor();
  await window.webview().locator('.verdict h2', { hasText: laterThan(evaluated(folder)) }).waitFor();
  // one that is killed at once may have its successor before the page misses it
  process.kill(host, 'SIGSTOP');
  await window.webview().getByText('The extension does not answer.').waitFor();
  process.kill(host, 'SIGKILL');
  const before = evaluated(folder);
  await window.webview().getByText('The extension does not answer.').waitFor({ state: 'hidden' });
  await window.webview().locator('.verdict h2', { hasText: laterThan(before) }).waitFor();
  await window.webview().locator('button[aria-pressed="true"]', { hasText: 'π2' }).waitFor();
  expect(await window.tab('Run: Widowed world').count()).toBe(1);
  expect(trainerOf(folder), 'the same trainer is still at work').toBe(trainer);
  await window.waitForLog(new RegExp(`Trainer of run ${folder.split('/').at(-1)} is at work, process ${trainer}\\.`));
}, limitMs);
