import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { exampleText } from '../driver/experiments';
import { Workbench } from '../driver/workbench';
import { makeWorkspace, removeWorkspace } from '../driver/workspaces';

let workbench: Workbench | null = null;
let elsewhere = '';
afterEach(async () => {
  await workbench?.close();
  workbench = null;
  if (elsewhere !== '') await removeWorkspace(elsewhere);
  elsewhere = '';
});

test('a new experiment from each template is opened and has no errors, and a second one gets a name of its own', async () => {
  workbench = await Workbench.open();
  const templates = [
    ['2D world', 'grid-2d'],
    ['Industrial Benchmark', 'industrial-benchmark'],
    ['A simulator of your own', 'simulator'],
  ] as const;
  for (const [label, name] of templates) {
    await makeFrom(workbench, label, `${name}.ibrl.yaml`);
    expect(workbench.textOf(`${name}.ibrl.yaml`)).toMatch(/^ibrl: 1\n/);
    await workbench.command('IBRL: Validate');
    await workbench.toasts().filter({ hasText: `${name}.ibrl.yaml has no errors and no warnings.` }).waitFor();
  }
  expect(existsSync(join(workbench.workspace, 'simulator.py'))).toBe(true);

  await makeFrom(workbench, '2D world', 'grid-2d-2.ibrl.yaml');
  expect(workbench.textOf('grid-2d-2.ibrl.yaml')).toBe(workbench.textOf('grid-2d.ibrl.yaml'));
});

test('recordings, some of the folder and one from elsewhere, become an experiment whose variables are their columns, in the chosen roles', async () => {
  const recordings = Object.fromEntries(['monday', 'tuesday', 'after-iteration-1'].map((name) => [`${name}.csv`, exampleText(`plant-csv/${name}.csv`)]));
  const { 'after-iteration-1.csv': later, ...near } = recordings;
  elsewhere = makeWorkspace({ files: { 'later.csv': later } });
  workbench = await Workbench.open({ files: near });
  await workbench.command('IBRL: New Experiment…');
  await workbench.choose('Recordings of a plant (CSV)…');
  await workbench.tick('Which recordings?', ['monday.csv', 'tuesday.csv', 'Other files…']);
  await workbench.chooseFile(join(elsewhere, 'later.csv'));
  await workbench.tick('Which columns does a controller set?', ['FV104.MOVE', 'HC105.OUT']);
  await workbench.tick('Which columns follow from them?', ['mode']);
  await workbench.answer(null);
  await workbench.tab('monday.ibrl.yaml').waitFor();
  const text = workbench.textOf('monday.ibrl.yaml');
  const roles = [...text.matchAll(/^  (\w+): \{ role: (\w+), range/gm)].map(([, name, role]) => `${name} ${role}`);
  expect(roles).toEqual(['LT101_PV state', 'TT102_PV state', 'FT103_PV state', 'FV104_POS state', 'FV104_MOVE action', 'HC105_OUT action']);
  expect(text).toContain(`  files: ["monday.csv", "tuesday.csv", "../${basename(elsewhere)}/later.csv"]\n`);
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

async function makeFrom(workbench: Workbench, template: string, file: string): Promise<void> {
  await workbench.command('IBRL: New Experiment…');
  await workbench.choose(template);
  await workbench.answer(null);
  await workbench.tab(file).waitFor();
}
