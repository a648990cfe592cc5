import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunModel } from '../../src/extension/dashboard/model';
import type { RunView } from '../../src/messages/dashboard';
import type { SidePanelSituation } from '../../src/messages/sidePanel';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';
import { pseudoTranslations, untranslated } from './pseudoLocale';
import { type OpenedPage, type PageOptions, WebviewRig } from './rig';
import { themeNames } from './themes';

let rig: WebviewRig;
let trained: ReturnType<typeof trainSmallRun>;
let view: RunView;
beforeAll(async () => {
  trained = trainSmallRun();
  view = new RunModel(RunReader.open(trained.folder)).view(Date.now());
  rig = await WebviewRig.start();
}, 60_000);
afterAll(async () => {
  await rig.close();
  trained.remove();
});

function situation(change: Partial<SidePanelSituation> = {}, run: Partial<RunView> = {}): SidePanelSituation {
  const last = [{ folder: '/last', name: 'Last one', state: 'failed', iteration: 3, costs: [2, 1] }];
  return { kind: 'situation', trusted: true, folder: true, run: { ...view, ...run }, queue: [{ id: 'q', folder: '/queued', name: 'next.ibrl.yaml' }], last, ...change };
}

const atWork: Partial<RunView> = { state: 'running', asOf: new Date().toISOString(), position: { iteration: 2, phase: 'searching', done: 20, total: 40 }, remainingMs: 8_000 };

async function opened(message: SidePanelSituation, options: PageOptions = {}): Promise<OpenedPage> {
  const page = await rig.open('sidePanel', { width: 300, height: 700, background: 'sideBar', ...options, messages: [message] });
  await page.page.locator('ibrl-side-panel').locator('button').first().waitFor();
  return page;
}

test.each(themeNames)('the view of a run at work is accessible in the %s theme', async (theme) => {
  const page = await opened(situation({}, { ...atWork, asOf: new Date().toISOString() }), { theme });
  expect(await page.accessibility()).toEqual([]);
  expect(page.problems).toEqual([]);
  await page.close();
});

test.each([200, 300, 600])('nothing scrolls sideways, %i px wide; the chart goes first', async (width) => {
  const page = await opened(situation({}, atWork), { width, locale: 'de' });
  expect(await page.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  expect(await page.page.locator('ibrl-chart').isVisible()).toBe(width >= 240);
  await page.close();
});

test('a run at work shows its number, is stopped by a word, and opens its dashboard', async () => {
  const page = await opened(situation({}, { ...atWork, asOf: new Date().toISOString() }));
  const mean = view.scores[1].mean?.mean ?? 0;
  expect(await page.page.locator('.number').innerText()).toBe(mean.toFixed(3).replace('-', '−'));
  for (const label of ['Stop after this iteration', 'Stop now', 'Open dashboard']) await page.page.getByText(label).click();
  const folder = view.folder;
  expect(await page.received()).toEqual([{ kind: 'do', action: 'stopAfterIteration', folder }, { kind: 'do', action: 'stopNow', folder }, { kind: 'do', action: 'openDashboard', folder }]);
  await page.close();
});

test('the queue and the last results are listed, and each does something', async () => {
  const page = await opened(situation());
  await page.page.getByLabel('Remove next.ibrl.yaml from queue').click();
  await page.page.getByText('Last one').click();
  expect(await page.received()).toEqual([{ kind: 'do', action: 'removeFromQueue', folder: '/queued' }, { kind: 'do', action: 'openDashboard', folder: '/last' }]);
  await page.close();
});

const empty: readonly (readonly [string, Partial<SidePanelSituation>, string, string])[] = [
  ['no folder', { folder: false, run: null, queue: [], last: [] }, 'Open the folder that holds your recordings.', 'openFolder'],
  ['nothing run', { run: null, queue: [], last: [] }, 'Nothing has run in this folder yet.', 'run'],
  ['no trust', { trusted: false, run: null, queue: [], last: [] }, 'This folder is not trusted.', 'manageTrust'],
];
test.each(empty)('with %s there is one sentence and one thing to press first', async (_name, change, sentence, action) => {
  const page = await opened(situation(change));
  expect(await page.page.getByText(sentence).first().isVisible()).toBe(true);
  await page.page.locator('button.primary').first().click();
  expect(await page.received()).toEqual([{ kind: 'do', action, folder: '' }]);
  expect(await page.accessibility()).toEqual([]);
  await page.close();
});

test('no word of the view escapes translation', async () => {
  const page = await opened(situation({}, { ...atWork, signs: [{ code: 'bounds-bind', iteration: 1, message: '', metrics: { share: 0.9 } }] }), { translations: pseudoTranslations() });
  expect(await untranslated(page.page, [view.name, 'straight to goal', 'next.ibrl.yaml', 'Last one'])).toEqual([]);
  await page.close();
});
