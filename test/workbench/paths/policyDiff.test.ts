import type { FrameLocator, Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { type Comparison, readComparison } from '../../../src/messages/comparison';
import { smallWorld } from '../driver/experiments';
import { ask, runsOf, trainRun } from '../driver/runs';
import { numberOf, rowsOf } from '../driver/tables';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('the policy diff of two iterations shows the numbers of the command line, opens the cards as a text comparison, and is as it was after a reload', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': smallWorld({ iterations: 2 }) }, before: (folder) => trainRun(folder, 'world.ibrl.yaml') });
  const [run] = runsOf(workbench.workspace);
  await workbench.command('IBRL: Open Policy Diff');
  await workbench.choose('Iteration 2');
  const page = workbench.webview();
  await page.locator('select').filter({ hasText: 'what it began from' }).selectOption({ label: 'iteration 1, π1' });
  await page.getByRole('button', { name: 'π2', exact: false }).first().click();
  await page.getByLabel('horizontal variable').selectOption('y');
  await page.getByLabel('vertical variable').selectOption('x');
  await page.locator('.verdict h1', { hasText: 'If you deploy π2' }).waitFor();

  const told = await comparisonOf(`${run}:1/1`, `${run}:2/2`);
  await expectPictures(page, told);
  await page.getByRole('button', { name: 'Show as tables' }).click();
  await expectTables(page, told);
  await page.getByRole('button', { name: 'Policy card as text' }).click();
  await workbench.tab('Policy card: iteration 2, π2 against iteration 1, π1').waitFor();
  const comparison = workbench.page.locator('.monaco-diff-editor');
  await expectText(comparison.locator('.editor.original'), told.cards.before);
  await expectText(comparison.locator('.editor.modified'), told.cards.after);

  await workbench.tab('Policy diff').click();
  await workbench.waitUntilKept('"tables":true');
  await workbench.reload();
  const restored = workbench.webview();
  await restored.getByRole('button', { name: 'Show as charts' }).waitFor();
  await expectTables(restored, told);
  expect(await restored.locator('select').filter({ hasText: 'what it began from' }).inputValue()).toBe(JSON.stringify([run, 1, 1]));
  expect(await restored.getByLabel('horizontal variable').inputValue()).toBe('y');
  expect(await restored.getByLabel('vertical variable').inputValue()).toBe('x');

  await workbench.tab('Policy card').click();
  await expectText(comparison.locator('.editor.original'), told.cards.before);
  await expectText(comparison.locator('.editor.modified'), told.cards.after);
});

async function comparisonOf(before: string, after: string): Promise<Comparison> {
  return readComparison(new TextEncoder().encode(JSON.stringify(await ask('diff', before, after))));
}

/** Map, bars and costs are drawn, and their spoken texts hold the numbers. */
async function expectPictures(page: FrameLocator, { diff, predicted }: Comparison): Promise<void> {
  const colours = await page.locator('ibrl-heat-map canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  expect(colours).toBeGreaterThan(10);
  const figures = page.locator('.histogram figure');
  expect(await figures.count()).toBe(diff.actions.length);
  for (const [index, action] of diff.actions.entries()) {
    expect(await figures.nth(index).locator('.bars rect').count()).toBeGreaterThan(1);
    expect(await figures.nth(index).getAttribute('aria-label')).toContain(`Change of ${action.name} by π2: ${Math.round(100 * shareThatDiffers(action))}`);
  }
  const cost = (await page.locator('.costs [role="img"]').getAttribute('aria-label')) ?? '';
  const [before, after] = [/from (\S+)/, /to (\S+) per step/].map((place) => numberOf(place.exec(cost)?.[1] ?? ''));
  expect(before).toBeCloseTo(predicted?.before.cost.mean ?? Number.NaN, 2);
  expect(after).toBeCloseTo(predicted?.after.cost.mean ?? Number.NaN, 2);
}

/** Every number of the tables is that of the comparison, as far as its digits go. */
async function expectTables(page: FrameLocator, { diff, predicted }: Comparison): Promise<void> {
  const [cost] = await rowsOf(page.getByRole('table', { name: 'Predicted cost' }));
  const costs = [predicted?.before.cost, predicted?.after.cost].flatMap((side) => [side?.mean ?? Number.NaN, side?.spread ?? Number.NaN]);
  expect(cost[0]).toBe('π2');
  for (const [index, value] of costs.entries()) expect(numberOf(cost[index + 1])).toBeCloseTo(value, 2);

  const actuators = await rowsOf(page.getByRole('table', { name: 'How much each actuator changes' }));
  expect(actuators.map(([name]) => name)).toEqual(diff.actions.map(({ name }) => name));
  for (const [index, action] of diff.actions.entries()) {
    const changes = changesOf(action).toSorted((a, b) => a - b);
    const sizes = changes.map(Math.abs).toSorted((a, b) => a - b);
    const [, differs, median, , largest] = actuators[index].map(numberOf);
    expect(differs).toBeCloseTo(100 * shareThatDiffers(action), 0);
    expect(median).toBeCloseTo(changes[Math.floor(changes.length / 2)], 2);
    expect(largest).toBeCloseTo(sizes.at(-1) ?? Number.NaN, 2);
  }

  const pressed = await page.getByRole('group', { name: 'Actuator' }).locator('[aria-pressed="true"]').innerText();
  const action = diff.actions.find(({ name }) => name === pressed) ?? diff.actions[0];
  const cells = await rowsOf(page.getByRole('table', { name: 'Where the action changes' }));
  expect(cells.reduce((sum, [, frames]) => sum + numberOf(frames), 0)).toBe(diff.sample.row.length);
  for (const [place, frames, mean] of cells.slice(0, 10)) {
    const [y, x] = place.split(', ').map(intervalOf);
    const inside = diff.sample.row.flatMap((_, frame) => (isIn(diff.sample.states['y'][frame], y) && isIn(diff.sample.states['x'][frame], x) ? [frame] : []));
    expect(inside.length, place).toBe(numberOf(frames));
    expect(numberOf(mean), place).toBeCloseTo(inside.reduce((sum, frame) => sum + changesOf(action)[frame], 0) / inside.length, 2);
  }
}

function changesOf({ before, after }: Comparison['diff']['actions'][number]): number[] {
  return after.map((value, frame) => value - before[frame]);
}

/** Frames on which the action changes by more than a tenth of its range. */
function shareThatDiffers(action: Comparison['diff']['actions'][number]): number {
  const changes = changesOf(action);
  return changes.filter((change) => Math.abs(change) > 0.1 * (action.range[1] - action.range[0])).length / changes.length;
}

/** “y 2.5 to 5.0” */
function intervalOf(text: string): readonly [number, number] {
  const [, low, high] = /^\S+ (\S+) to (\S+)$/.exec(text) ?? [];
  return [numberOf(low), numberOf(high)];
}

function isIn(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value < high;
}

/** The editor shows the text from its first line. */
async function expectText(editor: Locator, text: string): Promise<void> {
  const first = text.split('\n').slice(0, 5);
  await editor.locator('.view-line').filter({ hasText: first[0] }).first().waitFor();
  const shown = (await editor.locator('.view-lines').innerText()).replaceAll('\u00a0', ' ');
  for (const line of first) expect(shown).toContain(line);
}
