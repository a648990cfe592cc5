import type { Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { smallWorld } from '../driver/experiments';
import { Workbench } from '../driver/workbench';

const limitMs = 120_000;

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a bound that is moved in the Designer changes in the file and nothing else does, and undo and redo go there and back', async () => {
  const text = smallWorld();
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': text } });
  const { page } = workbench;
  await workbench.command('IBRL: Open Designer');
  const upper = bound(workbench, 'x').locator('input[data-end="high"]');
  const saved = async (bounds: string): Promise<void> => {
    if (workbench === null) return;
    await workbench.save();
    // the page knows too, so its next mark is the next edit's
    await edited(workbench).waitFor({ state: 'hidden' });
    expect(workbench.textOf('world.ibrl.yaml')).toBe(text.replace('  x: [0, 10]', `  x: ${bounds}`));
  };

  await upper.press('ArrowLeft');
  await edited(workbench).waitFor();
  await saved('[0, 9.9]');

  const lower = bound(workbench, 'x').getByRole('textbox', { name: /lower bound/ });
  await lower.fill('0.5');
  await lower.press('Enter');
  await edited(workbench).waitFor();
  await saved('[0.5, 9.9]');

  await page.keyboard.press('Control+Z');
  await shows(lower, '0');
  await page.keyboard.press('Control+Z');
  await shows(upper, '10');
  await saved('[0, 10]');
  await page.keyboard.press('Control+Shift+Z');
  await shows(upper, '9.9');
  await saved('[0, 9.9]');
});

test('Designer and text editor beside each other stay in step, and a finding stands beside its field while it holds', async () => {
  const text = smallWorld();
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': text } });
  const { page } = workbench;
  await workbench.openFile('world.ibrl.yaml');
  await workbench.command('IBRL: Open Designer');
  // keys do not reach the workbench from a page that is only coming
  await bound(workbench, 'x').waitFor();
  await workbench.command('View: Move Editor into Right Group');
  const lower = bound(workbench, 'x').getByRole('textbox', { name: /lower bound/ });
  await shows(lower, '0');

  await lower.fill('12');
  await lower.press('Enter');
  await page.locator('.monaco-editor .view-line', { hasText: 'x: [12, 10]' }).waitFor();
  const finding = bound(workbench, 'x').locator('.finding.error');
  expect(await finding.innerText()).toContain('The lower bound of x is 12, which is not below the upper one, 10.');

  await page.locator('.monaco-editor .view-line', { hasText: 'x: [12, 10]' }).click();
  await workbench.cursorBehind('x: [12');
  await page.keyboard.press('Backspace');
  await page.locator('.monaco-editor .view-line', { hasText: 'x: [1, 10]' }).waitFor();
  await shows(lower, '1');
  await finding.waitFor({ state: 'detached' });
  await workbench.save();
  await edited(workbench).waitFor({ state: 'detached' });
  expect(workbench.textOf('world.ibrl.yaml')).toBe(text.replace('  x: [0, 10]', '  x: [1, 10]'));
});

/** The Designer's row of a variable's bound. */
function bound(workbench: Workbench, variable: string): Locator {
  return workbench.webview().locator(`[data-path="bounds.${variable}"]`);
}

/** What the Designer says of a file that is not saved. */
function edited(workbench: Workbench): Locator {
  return workbench.webview().locator('header .tag');
}

/** Waits for a value in a field. */
async function shows(field: Locator, value: string): Promise<void> {
  await expect.poll(() => field.inputValue(), { timeout: limitMs }).toBe(value);
}
