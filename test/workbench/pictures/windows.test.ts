import { afterEach, test } from 'vitest';
import { exampleText } from '../driver/experiments';
import { Workbench } from '../driver/workbench';
import { takePictures } from './camera';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('a finding and an explanation in the text of an experiment', async () => {
  const text = exampleText('grid-2d.ibrl.yaml').replace('  count: 4\n', '  count: four\n');
  workbench = await Workbench.open({ files: { 'grid-2d.ibrl.yaml': text } });
  const window = workbench;
  await window.openFile('grid-2d.ibrl.yaml');
  await window.page.locator('.squiggly-error').first().waitFor();
  await window.cursorBehind('count');
  await takePictures(window, 'editor', {
    pose: async () => {
      await window.page.keyboard.press('Escape');
      await window.command('Show or Focus Hover');
      await window.page.locator('.monaco-hover:visible .hover-contents').first().waitFor();
    },
  });
});

test('welcome: no experiment yet', async () => {
  workbench = await Workbench.open();
  await workbench.openContainer();
  await workbench.section('Experiments').getByRole('button', { name: 'Open Example' }).waitFor();
  await takePictures(workbench, 'welcome');
});

test('walkthrough', async () => {
  workbench = await Workbench.open();
  await workbench.command('Welcome: Open Walkthrough...');
  await workbench.choose(/Get started with IBRL Studio/);
  await workbench.page.locator('.getting-started-step.expanded').first().waitFor();
  await takePictures(workbench, 'walkthrough');
});
