import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { readBatch } from '../../../src/learning/data/parquet';
import { exampleText, namedWorld, smallTank } from '../driver/experiments';
import { eventsOf, readRun, runsOf, soon, trainRun, waitForEvent, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a plant waits for approval and for recordings: each is given where it is asked for, a rejection too, and a report is written', async () => {
  const [heading, ...rows] = exampleText('plant-csv/after-iteration-1.csv').trim().split('\n');
  const parts = { 'after-iteration-1a.csv': rows.slice(0, 120), 'after-iteration-1b.csv': rows.slice(120, 240), 'after-iteration-1c.csv': rows.slice(240) };
  const recordings = [
    ...['monday', 'tuesday'].map((name) => [`${name}.csv`, exampleText(`plant-csv/${name}.csv`)]),
    ...Object.entries(parts).map(([name, part]) => [name, [heading, ...part].join('\n')]),
  ];
  workbench = await Workbench.open({ files: { 'tank.ibrl.yaml': smallTank(), ...Object.fromEntries(recordings) } });
  await workbench.command('IBRL: Run');
  const run = await waitForRun(workbench.workspace);

  await pressOn(workbench.toasts().filter({ hasText: 'awaits your approval of iteration 1' }), 'Open Policy Diff');
  const diff = workbench.webview();
  await diff.getByRole('button', { name: 'Approve iteration 1' }).click();
  const verdict = await diff.locator('.verdict h1').innerText();
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.filter({ hasText: 'Approve iteration 1 of Heated buffer tank?' }).waitFor();
  const detail = (await dialog.innerText()).replaceAll('\u00a0', ' ');
  expect(verdict).toMatch(/^If you deploy π\d: /);
  expect(detail).toContain(verdict);
  expect(detail).toContain('Its policies are then deployed.');
  expect(decisionsOf(run)).toEqual([]);
  await pressOn(dialog, 'Approve');
  await diff.getByRole('group', { name: 'Iteration 1 is approved and waits for its recordings' }).waitFor();
  expect(decisionsOf(run)).toEqual(['approved']);

  await pressOn(workbench.toasts().filter({ hasText: 'awaits the recordings of iteration 1' }), 'Add Recordings…');
  await workbench.tick('Which recordings?', ['after-iteration-1a.csv']);
  const [{ recommended }] = (await readRun(run)).iterations;
  const another = 'The present controller, or another';
  const first = recommended.policy === null ? another : `π${recommended.policy}`;
  expect(await workbench.choices('Which policy was at work')).toEqual([first, ...['π1', 'π2', another].filter((choice) => choice !== first)]);
  await workbench.choose('π2');
  expect(await workbench.choices('Added: ')).toEqual(['Resume', 'Add More…']);
  await workbench.choose('Add More…');
  await workbench.tick('Which recordings?', ['after-iteration-1b.csv']);
  await workbench.choose('π1');
  await soon(() => eventsOf(run).filter(({ type }) => type === 'data-added').length === 2 || null, 'the recordings of the second policy');
  expect(await workbench.choices('Added: ')).toEqual(['Resume', 'Add More…']);
  await workbench.page.keyboard.press('Escape');

  // until it is resumed, the run takes more, wherever it is asked
  await workbench.openContainer();
  const row = workbench.rows('Runs').filter({ hasText: 'Heated buffer tank' });
  await row.hover();
  await row.getByRole('button', { name: 'Resume' }).waitFor();
  expect(await workbench.offers('IBRL: Add Recordings…')).toBe(true);
  await row.hover();
  await row.getByRole('button', { name: 'Add Recordings…' }).click();
  await workbench.tick('Which recordings?', ['after-iteration-1c.csv']);
  await workbench.choose(another);
  await soon(() => eventsOf(run).filter(({ type }) => type === 'data-added').length === 3 || null, 'the recordings of nobody');
  await workbench.choose('Resume');
  await workbench.toasts().filter({ hasText: 'awaits your approval of iteration 2' }).waitFor();
  const { episodes } = await readBatch(new Uint8Array(readFileSync(join(run, 'iterations/001/batch.parquet'))).buffer);
  expect(new Set(episodes.map(({ policy }) => policy))).toEqual(new Set([2, 1, 0]));
  expect(await workbench.offers('IBRL: Add Recordings…')).toBe(false);

  await workbench.command('IBRL: Reject…');
  await dialog.filter({ hasText: 'Reject iteration 2 of Heated buffer tank?' }).filter({ hasText: 'None of its policies is deployed.' }).waitFor();
  await pressOn(dialog, 'Reject');
  await waitForEvent(run, ({ type }) => type === 'run-finished', 'the end of the run');
  expect(decisionsOf(run)).toEqual(['approved', 'rejected']);

  await workbench.command('IBRL: Export Report…');
  await workbench.accept('.ibrl');
  await workbench.toasts().filter({ hasText: 'The report of Heated buffer tank is written.' }).waitFor();
  const page = readFileSync(join(workbench.workspace, `${basename(run)}.html`), 'utf8');
  expect(page).toMatch(/^<!doctype html>/i);
  expect(page).toContain('Heated buffer tank');
});

test('two runs are compared in one dashboard; a deleted one goes to the trash, and Undo brings it back', async () => {
  let [first, second] = ['', ''];
  workbench = await Workbench.open({
    files: { 'first.ibrl.yaml': namedWorld('First world'), 'second.ibrl.yaml': namedWorld('Second world') },
    before: async (folder) => {
      first = await trainRun(folder, 'first.ibrl.yaml');
      second = await trainRun(folder, 'second.ibrl.yaml');
    },
  });
  const { workspace, page } = workbench;
  await workbench.command('IBRL: Compare Runs…');
  for (const name of ['First world', 'Second world']) await workbench.choose(name);
  await page.locator('.quick-input-widget:visible').getByRole('button', { name: 'OK' }).click();
  const dashboard = workbench.webview();
  for (const name of ['First world', 'Second world']) await dashboard.getByText(name).first().waitFor();

  await workbench.openContainer();
  await workbench.rows('Runs').filter({ hasText: 'First world' }).waitFor();
  await workbench.command('IBRL: Delete Run');
  await workbench.choose(/First world/);
  const toast = workbench.toasts().filter({ hasText: 'First world is in the trash.' });
  await toast.waitFor();
  await workbench.rows('Runs').filter({ hasText: 'First world' }).waitFor({ state: 'detached' });
  expect(runsOf(workspace)).toEqual([second]);
  expect(readdirSync(join(workspace, '.ibrl/trash'))).toEqual([basename(first)]);

  await pressOn(toast, 'Undo');
  await workbench.rows('Runs').filter({ hasText: 'First world' }).waitFor();
  expect(new Set(runsOf(workspace))).toEqual(new Set([first, second]));
  expect(readdirSync(join(workspace, '.ibrl/trash'))).toEqual([]);
});

async function pressOn(place: Locator, button: string): Promise<void> {
  await place.getByRole('button', { name: button, exact: true }).click();
}

function decisionsOf(run: string): unknown[] {
  return eventsOf(run).filter(({ type }) => type === 'decision').map(({ decision }) => decision);
}
