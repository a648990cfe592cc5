import { afterEach, expect, test } from 'vitest';
import { stoppableWorld } from '../driver/experiments';
import { eventsOf, policiesOf, readRun, resultOf, trainerOf, trainOnCommandLine, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a run that is stopped after its iteration and resumed ends in the bits of one that was never stopped', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': stoppableWorld() } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview();
  await waitForEvent(folder, ({ type, phase }) => type === 'phase-started' && phase === 'searching', 'a search');
  await dashboard.getByRole('button', { name: 'Stop after this iteration' }).click();
  await dashboard.getByRole('button', { name: 'Stopping after iteration 1' }).waitFor();
  await workbench.statusItem().filter({ hasText: 'stopping after iteration 1' }).waitFor();

  await dashboard.locator('ibrl-banner').filter({ hasText: 'Stopped after iteration 1' }).filter({ hasText: 'Iteration 1 is kept.' }).waitFor();
  await workbench.openContainer();
  await workbench.rows('Runs').filter({ hasText: 'Stoppable world' }).filter({ hasText: 'stopped' }).waitFor();
  const stopped = await readRun(folder);
  expect(stopped.state).toBe('stopped');
  expect(stopped.iterations.filter(({ mean }) => mean !== null)).toHaveLength(1);
  expect(eventsOf(folder).filter(({ type, phase }) => type === 'phase-ended' && phase === 'evaluating')).toHaveLength(1);
  expect(eventsOf(folder).at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 0 });
  expect(trainerOf(folder)).toBeNull();
  expect(await workbench.toasts().count(), 'a stop that was asked for needs no notification').toBe(0);

  await dashboard.getByRole('button', { name: 'Resume' }).click();
  await dashboard.locator('.verdict h2', { hasText: 'after iteration 3' }).waitFor();
  await workbench.rows('Runs').filter({ hasText: 'Stoppable world' }).filter({ hasNotText: 'stopped' }).waitFor();
  const done = await readRun(folder);
  expect(done).toMatchObject({ state: 'done', attempt: 2 });

  const reference = await trainOnCommandLine(workbench.workspace, 'world.ibrl.yaml');
  expect(policiesOf(folder)).toEqual(policiesOf(reference));
  expect(resultOf(done)).toEqual(resultOf(await readRun(reference)));
});

test('a run that is stopped at once leaves a checkpoint and ends, resumed, in the bits of one that was never stopped', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': stoppableWorld() } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview();
  await waitForEvent(folder, ({ type, phase }) => type === 'phase-started' && phase === 'searching', 'a search');
  await workbench.followTooltipLink('Stop Now');

  await dashboard.locator('ibrl-banner').filter({ hasText: 'Stopped' }).waitFor();
  await workbench.statusItem().filter({ hasNotText: 'stopping' }).waitFor();
  expect((await readRun(folder)).state).toBe('stopped');
  expect(eventsOf(folder).at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 0 });
  expect(trainerOf(folder)).toBeNull();

  await workbench.command('IBRL: Resume');
  await dashboard.locator('.verdict h2', { hasText: 'after iteration 3' }).waitFor();
  const done = await readRun(folder);
  expect(done).toMatchObject({ state: 'done', attempt: 2 });
  const reference = await trainOnCommandLine(workbench.workspace, 'world.ibrl.yaml');
  expect(policiesOf(folder)).toEqual(policiesOf(reference));
  expect(resultOf(done)).toEqual(resultOf(await readRun(reference)));
});
