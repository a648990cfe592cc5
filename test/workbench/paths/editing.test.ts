import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { exampleText, smallWorld } from '../driver/experiments';
import { readEnded, waitForRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a wrong word is marked and said in Problems, and its quick fix brings back the file as it was', async () => {
  const text = smallWorld();
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': text } });
  const { page } = workbench;
  await openServed(workbench, 'world.ibrl.yaml');
  await workbench.cursorBehind('measure: min-lsed');
  await page.keyboard.press('Backspace');
  const squiggle = workbench.editor().locator('.squiggly-error');
  await squiggle.first().waitFor();
  await workbench.save();
  expect(workbench.textOf('world.ibrl.yaml')).toBe(text.replace('min-lsed', 'min-lse'));
  expect((await workbench.problems()).join('\n')).toContain('min-lse');

  await workbench.cursorBehind('measure: min-lse');
  // VS Code forgets a question for fixes when it asks for the bulb's after it: the bulb is there when that is answered
  await workbench.editor().locator('.lightBulbWidget:visible, [class*="gutter-lightbulb"]:visible').first().click();
  await page.locator('.action-widget .monaco-list-row', { hasText: 'Write `min-lsed`' }).click();
  await squiggle.waitFor({ state: 'detached' });
  await page.locator('.markers-panel', { hasText: 'No problems have been detected' }).waitFor();
  await workbench.save();
  expect(workbench.textOf('world.ibrl.yaml')).toBe(text);
});

test('keys, values and the variables of the chosen system are proposed where they may stand, and what is taken is written; under the mouse each tells what it means', async () => {
  const world = smallWorld();
  const plant = exampleText('industrial-benchmark.ibrl.yaml');
  workbench = await Workbench.open({ files: { 'plant.ibrl.yaml': plant, 'world.ibrl.yaml': world } });
  const { page } = workbench;
  await openServed(workbench, 'world.ibrl.yaml');
  await workbench.cursorBehind('  clip: 1');
  await page.keyboard.press('Enter');
  expect((await proposals(workbench)).slice(0, 1)).toEqual(['pessimism']);
  await take(workbench, 'pessimism');
  await workbench.cursorBehind('measure: min-lsed');
  for (let letter = 0; letter < 'min-lsed'.length; letter++) await page.keyboard.press('Backspace');
  expect((await proposals(workbench)).slice(0, 4)).toEqual(['none', 'lsed', 'min-lsed', 'min-lsed-global']);
  await take(workbench, 'lsed');
  await workbench.cursorBehind('over: [x, y');
  await page.keyboard.press('Backspace');
  expect((await proposals(workbench)).slice(0, 1)).toEqual(['y']);
  await take(workbench, 'y');
  await workbench.save();
  expect(workbench.textOf('world.ibrl.yaml')).toBe(world.replace('measure: min-lsed', 'measure: lsed').replace('  clip: 1\n', '  clip: 1\n  pessimism: none\n'));

  await openServed(workbench, 'plant.ibrl.yaml');
  await workbench.cursorBehind('  shift: [40, 90]');
  await page.keyboard.press('Enter');
  expect((await proposals(workbench)).slice(0, 3)).toEqual(['setpoint', 'fatigue', 'consumption']);
  await take(workbench, 'fatigue');
  await workbench.save();
  expect(workbench.textOf('plant.ibrl.yaml')).toBe(plant.replace('  shift: [40, 90]\n', '  shift: [40, 90]\n  fatigue: [0, 300]\n'));

  const setting = await hoverOver(workbench, 'epsilon');
  for (const part of ['Probability that a step takes a uniformly random action', 'a number from 0 to 1', 'Unit: share of steps', 'Default: 0.4']) expect(setting).toContain(part);
  const variable = await hoverOver(workbench, 'velocity');
  for (const part of ['velocity · State', 'Physical range: 0 to 100', 'Follows steerVelocity by formula']) expect(variable).toContain(part);
});

test('the lens above the file runs it', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': smallWorld({ iterations: 1 }) } });
  await openServed(workbench, 'world.ibrl.yaml');
  const lenses = lensesOf(workbench);
  expect(await lenses.allInnerTexts()).toEqual(['Run', 'Queue', 'Compare with last']);
  await lenses.first().click();
  const folder = await waitForRun(workbench.workspace);
  await workbench.webview().locator('.verdict h2', { hasText: 'after iteration 1' }).waitFor();
  expect((await readEnded(folder)).state).toBe('done');
});

test('formatting sets lines straight and keeps every comment', async () => {
  const text = smallWorld().replace('    behaviour:', '    # how the first batch is recorded\n    behaviour:');
  const crooked = text.replace(/^ {4}(?=behaviour|epsilon|episodes|steps|# how)/gm, '       ').replace(/^bounds:$/m, 'bounds:   ');
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': crooked } });
  await openServed(workbench, 'world.ibrl.yaml');
  await workbench.command('Format Document');
  await workbench.tab('world.ibrl.yaml').and(workbench.page.locator('.dirty')).waitFor();
  await workbench.save();
  expect(workbench.textOf('world.ibrl.yaml')).toBe(text);
});

/** Opens a file, and waits until the language server has looked at it. */
async function openServed(workbench: Workbench, name: string): Promise<void> {
  await workbench.openFile(name);
  await lensesOf(workbench).first().waitFor();
}

function lensesOf(workbench: Workbench): Locator {
  return workbench.editor().locator('.codelens-decoration a');
}

/** Labels of what is proposed at the cursor, in their order. */
async function proposals({ page }: Workbench): Promise<string[]> {
  await page.keyboard.press('Control+Space');
  const rows = page.locator('.suggest-widget.visible .monaco-list-row .label-name');
  await rows.first().waitFor();
  return rows.allInnerTexts();
}

async function take({ page }: Workbench, label: string): Promise<void> {
  await page.locator('.suggest-widget.visible .monaco-list-row').filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${label}$`) }) }).click();
  await page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
  // leaves the snippet's places
  await page.keyboard.press('Escape');
}

/** What is told of a word of the file. */
async function hoverOver(workbench: Workbench, word: string): Promise<string> {
  await workbench.editor().locator('.view-line span span', { hasText: new RegExp(`^\\s*${word}$`) }).first().hover();
  const box = workbench.page.locator('.monaco-hover:visible', { hasText: word });
  await box.waitFor();
  return box.innerText();
}
