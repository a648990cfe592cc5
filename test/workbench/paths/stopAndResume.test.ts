import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fairWorld } from '../driver/experiments';
import { eventsOf, hold, policiesOf, readEnded, readRun, resultOf, soon, trainerOf, trainRun, waitForEvent, waitForRequest, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';
import { makeWorkspace, removeWorkspace } from '../driver/workspaces';

const iterations = 4;
const files = { 'world.ibrl.yaml': fairWorld('Stoppable world', iterations) };
let workbench: Workbench | null = null;
let apart = '';
let training: Promise<string>;

/** A run of the same experiment that was never stopped. It is trained while the first window opens. */
const reference = (): Promise<string> => training;

beforeAll(() => {
  apart = makeWorkspace({ files });
  training = trainRun(apart, 'world.ibrl.yaml');
  // told by whoever asks for it
  training.catch(() => {});
});
afterAll(() => removeWorkspace(apart));
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a run that is stopped after its iteration and resumed ends in the bits of one that was never stopped', async () => {
  workbench = await Workbench.open({ files });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview();
  // however slow the window is, the run has not gone on meanwhile
  const goOn = hold(await soon(() => trainerOf(folder), 'a trainer at work'));
  await dashboard.getByRole('button', { name: 'Stop after this iteration' }).click();
  await waitForRequest(folder);
  goOn();
  await dashboard.locator('ibrl-banner').filter({ hasText: /Stopped after iteration \d/ }).filter({ hasText: /Iterations? 1 (to \d are|is) kept\./ }).waitFor();
  await workbench.openContainer();
  const row = workbench.rows('Runs').filter({ hasText: 'Stoppable world' });
  await row.filter({ hasText: 'stopped' }).waitFor();
  const stopped = await readEnded(folder);
  const evaluated = stopped.iterations.filter(({ mean }) => mean !== null).length;
  expect(stopped.state).toBe('stopped');
  expect(await dashboard.getByRole('group', { name: 'Stopped' }).getAttribute('aria-label')).toBe(`Stopped after iteration ${evaluated}`);
  expect(eventsOf(folder).filter(({ type }) => type === 'phase-ended').at(-1), 'the iteration was finished first').toMatchObject({ iteration: evaluated, phase: 'evaluating' });
  expect(eventsOf(folder).at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 0 });
  await soon(() => trainerOf(folder) === null || null, 'the end of its process');
  expect(await workbench.toasts().count(), 'a stop that was asked for needs no notification').toBe(0);

  await dashboard.getByRole('button', { name: 'Resume' }).click();
  await dashboard.locator('.verdict h2', { hasText: `after iteration ${iterations}` }).waitFor();
  await row.filter({ hasNotText: 'stopped' }).waitFor();
  const done = await readEnded(folder, 2);
  expect(done).toMatchObject({ state: 'done', attempt: 2 });
  expect(policiesOf(folder)).toEqual(policiesOf(await reference()));
  expect(resultOf(done)).toEqual(resultOf(await readRun(await reference())));
});

test('a run that is stopped at once from the status bar, and resumed from the palette, ends in the same bits', async () => {
  workbench = await Workbench.open({ files });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview();
  await waitForEvent(folder, ({ type, phase }) => type === 'progress' && phase === 'modelling', 'models');
  const goOn = hold(await soon(() => trainerOf(folder), 'a trainer at work'));
  await workbench.statusItem().filter({ hasText: `/${iterations}` }).waitFor();
  const tooltip = await workbench.tooltipOfStatus();
  expect(await tooltip.innerText()).toContain('1 running, 0 queued');
  await tooltip.getByText('Stop Now').click();
  await waitForRequest(folder);
  goOn();

  await dashboard.locator('ibrl-banner').filter({ hasText: 'Stopped' }).waitFor();
  await workbench.statusItem().filter({ hasNotText: /stopping|\// }).waitFor();
  const stopped = await readEnded(folder);
  expect(stopped.state).toBe('stopped');
  expect(stopped.iterations.length, 'it did not go on to its end').toBeLessThan(iterations);
  expect(eventsOf(folder).at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 0 });
  await soon(() => trainerOf(folder) === null || null, 'the end of its process');

  await workbench.command('IBRL: Resume');
  await dashboard.locator('.verdict h2', { hasText: `after iteration ${iterations}` }).waitFor();
  const done = await readEnded(folder, 2);
  expect(done).toMatchObject({ state: 'done', attempt: 2 });
  expect(policiesOf(folder)).toEqual(policiesOf(await reference()));
  expect(resultOf(done)).toEqual(resultOf(await readRun(await reference())));
});
