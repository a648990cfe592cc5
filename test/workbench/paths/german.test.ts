import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { smallWorld } from '../driver/experiments';
import { leftInEnglish, manifestTexts, textsOf } from '../driver/languages';
import { runsOf, trainRun } from '../driver/runs';
import { Workbench } from '../driver/workbench';

/** Choices of the Designer that are keywords, as the file has them. */
const wordsOfFile = ['none', 'first', 'rows', 'all', 'automatic', 'do-nothing', 'reward'];

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('in German, palette, lenses, views, dashboard and Designer speak German, and no English is left', async () => {
  workbench = await Workbench.open({ language: 'de', files: { 'world.ibrl.yaml': smallWorld({ iterations: 1 }) } });
  const { page } = workbench;
  await workbench.openFile('world.ibrl.yaml');
  const lenses = workbench.editor().locator('.codelens-decoration a');
  await lenses.first().waitFor();
  expect(await lenses.allInnerTexts()).toEqual(['Starten', 'Einreihen', 'Mit dem letzten vergleichen']);

  // VS Code itself adds those that go to a view
  const titles = (await workbench.titlesLike('IBRL: ')).filter((title) => !title.startsWith('IBRL: Focus on'));
  expect(titles.length).toBeGreaterThan(5);
  expect(titles.filter((title) => !germanTitles().has(title))).toEqual([]);

  await workbench.command('IBRL: Prüfen');
  await workbench.toasts().filter({ hasText: 'world.ibrl.yaml hat keine Fehler und keine Warnungen.' }).waitFor();

  await workbench.command('IBRL: Starten');
  const dashboard = workbench.webview();
  await dashboard.locator('.verdict h2', { hasText: 'je Schritt nach Iteration 1' }).waitFor();
  expect(leftInEnglish(await textsOf(dashboard))).toEqual([]);

  await workbench.openContainer();
  await workbench.rows('Läufe').filter({ hasText: '2D world' }).waitFor();
  for (const title of ['Übersicht', 'Experimente', 'Läufe']) expect(await workbench.section(title).count()).toBe(1);
  expect(leftInEnglish((await page.locator('.sidebar').innerText()).split('\n'))).toEqual([]);
  expect(leftInEnglish([await workbench.statusItem().innerText()])).toEqual([]);

  await workbench.command('View: Close All Editors');
  expect(leftInEnglish(await textsOf(workbench.webview()))).toEqual([]);
  await workbench.command('IBRL: Designer öffnen');
  const designer = workbench.webview(1);
  await designer.locator('#heading-bounds', { hasText: 'Grenzen' }).waitFor();
  expect(await designer.locator('[data-path="iterations"] label').first().innerText()).toBe('Iterationen');
  const bound = designer.locator('[data-path="bounds.x"]');
  const lower = bound.getByRole('textbox', { name: /untere Grenze/ });
  await lower.fill('12');
  await lower.press('Enter');
  await bound.locator('.finding.error', { hasText: 'Die untere Grenze von' }).waitFor();
  expect(leftInEnglish(await textsOf(designer), wordsOfFile)).toEqual([]);

  // what a trainer says of its end is in the run folder in English
  writeFileSync(join(workbench.workspace, 'program.ibrl.yaml'), endingProgram());
  await workbench.openFile('program.ibrl.yaml');
  await workbench.command('IBRL: Starten');
  const failure = workbench.toasts().filter({ hasText: 'hat sich von selbst beendet (Exit-Code 3): Es muss antworten, bis sein stdin endet.' });
  await failure.waitFor();
  expect(leftInEnglish([await failure.innerText()])).toEqual([]);
  await workbench.rows('Läufe').filter({ hasText: 'hat sich von selbst beendet (Exit-Code 3)' }).waitFor();
});

test('in German, a run that the command line trained is compared, played and reported in German, with policy cards and reasons', async () => {
  workbench = await Workbench.open({ language: 'de', files: { 'world.ibrl.yaml': smallWorld({ iterations: 1 }) }, before: (folder) => trainRun(folder, 'world.ibrl.yaml') });
  const { page } = workbench;
  await workbench.command('IBRL: Policy-Vergleich öffnen');
  const diff = workbench.webview();
  await diff.locator('.verdict h1', { hasText: 'Mit π' }).waitFor();
  expect(leftInEnglish(await textsOf(diff))).toEqual([]);
  await diff.getByRole('button', { name: 'Policy-Karte als Text' }).click();
  const cards = page.locator('.monaco-diff-editor');
  await cards.locator('.editor.modified .view-line', { hasText: 'Größtes' }).waitFor();
  const lines = (await cards.locator('.view-line').allInnerTexts()).map((line) => line.replaceAll('\u00a0', ' '));
  expect(lines.some((line) => line.startsWith('Auf ') && line.endsWith(' aufgezeichneten Zeitpunkten:'))).toBe(true);
  expect(leftInEnglish(lines)).toEqual([]);

  await workbench.command('IBRL: Trajektorien öffnen');
  const trajectories = workbench.webview();
  await trajectories.locator('.player').waitFor();
  expect(leftInEnglish(await textsOf(trajectories))).toEqual([]);

  await workbench.command('IBRL: Bericht exportieren…');
  // the dialog takes no answer while it reads the folder
  await page.getByRole('option', { name: '.ibrl', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await workbench.toasts().filter({ hasText: 'Der Bericht zu 2D world, far from the goal ist geschrieben.' }).waitFor();
  const [run] = runsOf(workbench.workspace);
  const report = readFileSync(join(workbench.workspace, `${basename(run)}.html`), 'utf8');
  expect(report).toContain('<html lang="de">');
  expect(report).toMatch(/★ Empfehlung: (Policy \d: versprochener Ertrag [+−-]?\d+,\d+|Den jetzigen Regler behalten: )/);
  expect(leftInEnglish(report.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '').split(/<[^>]*>/))).toEqual([]);
});

/** Of a simulator program that ends at once. */
function endingProgram(): string {
  return `ibrl: 1
name: Ending program
system: { kind: program, command: ${JSON.stringify([process.execPath, '-e', 'process.exit(3)'])} }
variables:
  x: { role: state, range: [0, 10] }
  push: { role: action, range: [-1, 1] }
data: { generate: { behaviour: random, episodes: 2, steps: 30 } }
`;
}

/** Titles of all commands of the extension. */
function germanTitles(): Set<string> {
  const texts = manifestTexts();
  return new Set(Object.keys(texts).filter((key) => key.startsWith('command.')).map((key) => `IBRL: ${texts[key]}`));
}
