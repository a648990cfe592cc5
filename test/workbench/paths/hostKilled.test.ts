import { basename } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test, type TestContext } from 'vitest';
import { parentOf, processesOf } from '../../../scripts/processes.mjs';
import { fairWorld } from '../driver/experiments';
import { afterLaterThan, childrenOf, evaluatedOf, eventsOf, kill, readRun, soon, trainerOf, waitForEnd, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';
import { makeWorkspace, removeWorkspace } from '../driver/workspaces';

/** Together longer than any of this takes; an iteration takes some seconds. */
const iterations = 100;
const updates = 4000;
/** A lease, a look at it, a checkpoint, and a machine that has others to serve. */
const leaseLimitMs = 90_000;

/** For a value to come to the form. */
const bothMs = 120_000;

/** Of one of these paths: a lease is waited for. */
const limitMs = 600_000;

interface Begun {
  readonly window: Workbench;
  readonly workspace: string;
  readonly folder: string;
  readonly trainer: number;
  readonly host: number;
}

/** A window with a run at work in it. All is removed when the test is over. */
async function openAndRun(name: string, { onTestFinished }: TestContext, settings: Readonly<Record<string, unknown>> = {}): Promise<Begun> {
  const workspace = makeWorkspace({ files: { 'world.ibrl.yaml': fairWorld(name, iterations, updates) }, settings });
  onTestFinished(() => removeWorkspace(workspace));
  const window = await Workbench.open({ folder: workspace });
  onTestFinished(() => window.close());
  await window.command('IBRL: Run');
  const folder = await waitForRun(workspace);
  await window.webview().locator('.verdict h2', { hasText: 'after iteration' }).waitFor();
  const trainer = await soon(() => trainerOf(folder), 'a trainer at work');
  return { window, workspace, folder, trainer, host: parentOf(trainer) };
}

test('with its window gone and its extension host killed, nothing is left within the time of a lease, and a new window resumes the run', { timeout: limitMs }, async (context) => {
  const { window, workspace, folder, trainer, host } = await openAndRun('Orphaned world', context);
  const others = childrenOf(host);
  expect(others, 'the trainer among them').toContain(trainer);
  // a host that hears of its window's end does what it has to before it ends; this one does nothing any more
  process.kill(host, 'SIGSTOP');
  await window.close();
  kill(host);
  const killed = performance.now();
  for (const pid of [host, ...others]) await waitForEnd(pid);
  expect(performance.now() - killed).toBeLessThan(leaseLimitMs);
  expect(processesOf(workspace)).toEqual([]);
  expect((await readRun(folder)).state).toBe('stopped');
  expect(eventsOf(folder).at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 75 });

  const next = await Workbench.open({ folder: workspace });
  context.onTestFinished(() => next.close());
  await next.openContainer();
  const row = next.rows('Runs').filter({ hasText: 'Orphaned world' });
  await row.filter({ hasText: 'stopped' }).waitFor();
  const iteration = evaluatedOf(folder) + 1;
  await next.command('IBRL: Resume');
  await row.filter({ hasNotText: 'stopped' }).waitFor();
  await next.statusItem().filter({ hasText: `/${iterations}` }).waitFor();
  await waitForEvent(folder, ({ type, phase, iteration: ended, attempt }) => type === 'phase-ended' && phase === 'evaluating' && ended === iteration && attempt === 2, 'an iteration of the second attempt');
  await next.webview(1).locator('.verdict h2', { hasText: /after iteration/ }).waitFor();
});

test('pages whose extension host hangs say so, and when that is killed, come back with the next host, a dashboard as it was arranged and a Designer that edits in step with the text, there and back, while the trainer goes on', { timeout: limitMs }, async (context) => {
  // without a lease, which a machine that starts the next host too slowly would let run out
  const { window, folder, trainer, host } = await openAndRun('Widowed world', context, { 'ibrl.runs.keepRunning': true });
  const { page } = window;
  await window.command('IBRL: Open Designer');
  await window.webview().locator('#heading-bounds').waitFor();
  await window.command('View: Move Editor into Right Group');
  const dashboard = window.webview(0);
  const designer = window.webview(1);
  await dashboard.getByRole('button', { name: 'π2', exact: true }).click();
  await dashboard.locator('button[aria-pressed="true"]', { hasText: 'π2' }).waitFor();
  await dashboard.locator('.verdict h2', { hasText: afterLaterThan(evaluatedOf(folder)) }).waitFor();
  // the Designer is closed and opened again, and what is done to the old one is lost with it
  await designer.locator('body').evaluate((body: unknown) => (body as { className: string }).className += ' old');
  // one that is killed at once may have its successor before the pages miss it
  process.kill(host, 'SIGSTOP');
  for (const each of [dashboard, designer]) await each.getByText('The extension does not answer.').waitFor();
  kill(host);
  const before = evaluatedOf(folder);
  for (const each of [dashboard, designer]) await each.getByText('The extension does not answer.').waitFor({ state: 'hidden' });
  await dashboard.locator('.verdict h2', { hasText: afterLaterThan(before) }).waitFor();
  await dashboard.locator('button[aria-pressed="true"]', { hasText: 'π2' }).waitFor();
  expect(await window.tab('Run: Widowed world').count()).toBe(1);
  expect(trainerOf(folder), 'the same trainer is still at work').toBe(trainer);
  await window.waitForLog(new RegExp(`Trainer of run ${basename(folder)} is at work, process ${trainer}\\.`));

  const lower = (): Locator => window.webview().locator('[data-path="bounds.x"]').getByRole('textbox', { name: /lower bound/ });
  const line = (bound: string): Locator => page.locator('.monaco-editor .view-line', { hasText: `x: [${bound}, 10]` });
  const both = async (bound: string): Promise<void> => {
    await expect.poll(() => lower().inputValue(), { timeout: bothMs }).toBe(bound);
    await line(bound).waitFor();
  };
  // the text takes the dashboard's place, so that the Designer is the only page in sight
  await designer.locator('body:not(.old) #heading-bounds').waitFor();
  await window.command('View: Focus Right Editor Group');
  await window.command('IBRL: Open as Text');
  await window.command('View: Move Editor into Left Group');
  await both('0');
  await lower().fill('0.5');
  await lower().press('Enter');
  await both('0.5');
  await line('0.5').click();
  await window.cursorBehind('x: [0.5');
  await page.keyboard.type('5');
  await both('0.55');
  await lower().press('Control+Z');
  await both('0.5');
  await lower().press('Control+Z');
  await both('0');
  await lower().press('Control+Shift+Z');
  await both('0.5');
  await window.save();
  expect(window.textOf('world.ibrl.yaml')).toContain('  x: [0.5, 10]\n');
});
