import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { exampleText } from '../driver/experiments';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test.each([
  ['2D world', 'grid-2d', []],
  ['A simulator of your own', 'simulator', ['simulator.py']],
] as const)('a new experiment from the template “%s” is opened, and has no errors', async (label, name, beside) => {
  workbench = await Workbench.open();
  await workbench.command('IBRL: New Experiment…');
  await workbench.choose(label);
  await workbench.answer(null);
  await workbench.tab(`${name}.ibrl.yaml`).waitFor();
  expect(workbench.textOf(`${name}.ibrl.yaml`)).toMatch(/^ibrl: 1\n/);
  for (const file of beside) expect(existsSync(join(workbench.workspace, file))).toBe(true);
  await workbench.command('IBRL: Validate');
  await workbench.toasts().filter({ hasText: `${name}.ibrl.yaml has no errors and no warnings.` }).waitFor();

  await workbench.command('IBRL: New Experiment…');
  await workbench.choose(label);
  await workbench.answer(null);
  await workbench.tab(`${name}-2.ibrl.yaml`).waitFor();
  expect(workbench.textOf(`${name}-2.ibrl.yaml`)).toBe(workbench.textOf(`${name}.ibrl.yaml`));
});

test('recordings become an experiment whose variables are their columns, in the chosen roles', async () => {
  workbench = await Workbench.open({ files: { 'monday.csv': exampleText('plant-csv/monday.csv') } });
  await workbench.command('IBRL: New Experiment…');
  await workbench.choose('Recordings of a plant (CSV)…');
  await workbench.choose('monday.csv');
  await workbench.tick('Which columns does a controller set?', ['FV104.MOVE', 'HC105.OUT']);
  await workbench.tick('Which columns follow from them?', ['mode']);
  await workbench.answer(null);
  await workbench.tab('monday.ibrl.yaml').waitFor();
  const text = workbench.textOf('monday.ibrl.yaml');
  const roles = [...text.matchAll(/^  (\w+): \{ role: (\w+), range/gm)].map(([, name, role]) => `${name} ${role}`);
  expect(roles).toEqual(['LT101_PV state', 'TT102_PV state', 'FT103_PV state', 'FV104_POS state', 'FV104_MOVE action', 'HC105_OUT action']);
  expect(text).toContain('  files: ["monday.csv"]\n');
  await workbench.command('IBRL: Validate');
  // nothing is bounded yet, which is for a person to do
  await workbench.toasts().filter({ hasText: 'monday.ibrl.yaml: errors 0, warnings 1.' }).waitFor();
});

test('an example is copied with its recordings; what was changed in it stays when it is opened anew', async () => {
  workbench = await Workbench.open();
  const { page } = workbench;
  await workbench.command('IBRL: Open Example…');
  await workbench.choose('Recordings of a plant');
  await workbench.tab('tank.ibrl.yaml').waitFor();
  const file = 'plant-csv/tank.ibrl.yaml';
  expect(workbench.textOf(file)).toBe(exampleText(file));
  for (const name of ['monday.csv', 'tuesday.csv', 'after-iteration-1.csv']) expect(workbench.textOf(`plant-csv/${name}`)).toBe(exampleText(`plant-csv/${name}`));

  await workbench.command('IBRL: Open Designer');
  await workbench.webview().locator('#heading-bounds').waitFor();
  await workbench.command('IBRL: Open as Text');
  await workbench.cursorBehind('iterations: ');
  await page.keyboard.type('1');
  await workbench.save();
  const changed = workbench.textOf(file);
  expect(changed).toMatch(/^iterations: 1\d/m);
  await workbench.command('View: Close All Editors');
  await workbench.command('IBRL: Open Example…');
  await workbench.choose('Recordings of a plant');
  await workbench.tab('tank.ibrl.yaml').waitFor();
  expect(workbench.textOf(file)).toBe(changed);
});

test('Validate says how many errors there are, and leads to them', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': 'ibrl: 1\nsystem: { kind: grid-2d }\nsearch: { horizon: 0 }\nsafty: {}\n' } });
  await workbench.command('IBRL: Validate');
  const toast = workbench.toasts().filter({ hasText: 'world.ibrl.yaml: errors 2, warnings 0.' });
  await toast.getByRole('button', { name: 'Show Problems' }).click();
  await workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'safty' }).waitFor();
});
