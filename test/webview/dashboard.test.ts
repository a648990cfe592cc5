import { afterAll, beforeAll, expect, test } from 'vitest';
import { mostCurvePoints, readCurves } from '../../src/extension/dashboard/curves';
import { RunModel } from '../../src/extension/dashboard/model';
import type { DashboardSnapshot, RunView } from '../../src/messages/dashboard';
import type { RunSummary } from '../../src/run/contract';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';
import { pseudoTranslations, untranslated } from './pseudoLocale';
import { type OpenedPage, type PageOptions, WebviewRig } from './rig';
import { themeNames } from './themes';

let rig: WebviewRig;
let trained: ReturnType<typeof trainSmallRun>;
let reader: RunReader;
let view: RunView;
let summary: RunSummary;
beforeAll(async () => {
  trained = trainSmallRun();
  reader = RunReader.open(trained.folder);
  view = new RunModel(reader).view(Date.now());
  summary = reader.summary();
  rig = await WebviewRig.start();
}, 60_000);
afterAll(async () => {
  await rig.close();
  trained.remove();
});

function snapshot(change: Partial<RunView> = {}, others: Partial<DashboardSnapshot> = {}): DashboardSnapshot {
  return { kind: 'snapshot', trusted: true, runs: [{ run: { ...view, ...change }, slot: 1 }], missing: [], ...others };
}

/** While iteration 2 searches. */
function running(): Partial<RunView> {
  return { state: 'running', asOf: new Date().toISOString(), position: { iteration: 2, phase: 'searching', done: 20, total: 40 }, remainingMs: 8_000, scores: view.scores.slice(0, 1), iterations: 3 };
}

async function opened(message: object, options: PageOptions = {}): Promise<OpenedPage> {
  const page = await rig.open('dashboard', { ...options, messages: [message] });
  await page.page.locator('ibrl-dashboard').locator('h1').first().waitFor();
  return page;
}

async function drawn({ page }: OpenedPage): Promise<{ readonly drawings: number; readonly updates: number; readonly points: number }> {
  await page.waitForFunction('document.querySelector("ibrl-dashboard").shadowRoot.querySelector("#cost").counts.updates > 0');
  return page.locator('ibrl-chart#cost').evaluate((chart) => (chart as unknown as { counts: { drawings: number; updates: number; points: number } }).counts);
}

test('the page says what `ibrl show` says', async () => {
  const page = await opened(snapshot());
  const text = await page.page.locator('main').innerText();
  const last = summary.iterations[summary.iterations.length - 1];
  expect(text).toContain(`${last.mean.cost.toFixed(3).replace('-', '−')} per step after iteration 2`);
  for (const policy of last.policies) expect(await page.page.locator('table.policies').innerText()).toContain(policy.cost.mean.toFixed(3).replace('-', '−'));
  expect(text).toContain('Bounds kept in all');
  expect(page.problems).toEqual([]);
  await page.close();
});

test.each(themeNames)('in the %s theme the page is accessible and breaks no policy, as charts, as tables, and narrow', async (theme) => {
  const page = await opened(snapshot({ ...running(), signs: [{ code: 'bounds-bind', iteration: 1, message: '', metrics: { share: 0.9 } }] }), { theme });
  await drawn(page);
  expect(await page.accessibility()).toEqual([]);
  await page.page.getByText('Show as tables').click();
  await page.page.locator('ibrl-table table').first().waitFor();
  expect(await page.accessibility()).toEqual([]);
  await page.page.setViewportSize({ width: 480, height: 900 });
  await page.page.locator('details').first().waitFor();
  for (const summary of await page.page.locator('summary').all()) await summary.click();
  expect(await page.accessibility()).toEqual([]);
  expect(page.problems).toEqual([]);
  await page.close();
});

test('when the theme changes, marks in the table change their colours with those in the charts', async () => {
  const page = await opened(snapshot(running()), { theme: 'dark' });
  const mark = page.page.locator('table.policies tbody .glyph').first();
  const before = await mark.getAttribute('stroke');
  await page.page.evaluate('document.body.dataset.vscodeThemeKind = "vscode-light"');
  await expect.poll(() => mark.getAttribute('stroke')).not.toBe(before);
  await page.close();
});

test('with many iterations the names below the chart stay apart, policies become lines of their mean, and the foot says so', async () => {
  const scores = Array.from({ length: 60 }, (_, index) => ({ ...view.scores[0], iteration: index + 1 }));
  const page = await opened(snapshot({ ...running(), iterations: 60, scores }));
  await drawn(page);
  const shown = await page.page.locator('ibrl-chart#cost').evaluate((element) => {
    const { drawing, chart } = element as unknown as { drawing: { scales: { x: { ticks: unknown[]; width: number } } }; chart: { series: { role: unknown }[] } };
    return { ticks: drawing.scales.x.ticks.length, width: drawing.scales.x.width, policies: chart.series.filter(({ role }) => typeof role === 'number').length };
  });
  expect(shown.width / shown.ticks).toBeGreaterThan(25);
  expect(shown.policies).toBe(0);
  expect(await page.page.locator('footer').innerText()).toContain('With more than 12 iterations the chart shows mean, promise and probe');
  await page.close();
});

test('nothing scrolls sideways, however narrow', async () => {
  const page = await opened(snapshot(running()), { locale: 'de' });
  await drawn(page);
  for (const width of [1280, 1000, 900, 640, 480, 320]) {
    await page.page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.page.evaluate('document.documentElement.scrollWidth - innerWidth'), { message: `${width} px` }).toBeLessThanOrEqual(0);
  }
  await page.close();
});

const states: readonly (readonly [string, Partial<RunView>, string, string | null])[] = [
  ['failed', { state: 'failed', failure: { message: 'The loss was not finite three times.', causes: [] } }, 'Failed while evaluating', 'resume'],
  ['stopped', { state: 'stopped' }, 'Stopped after iteration 2', 'resume'],
  ['stopped with new recordings', { state: 'stopped', takesRecordings: true }, 'Recordings of iteration 2 are added', 'resume'],
  ['interrupted', { state: 'interrupted' }, 'Failed while evaluating: the trainer has ended without a word', 'resume'],
  ['awaiting approval', { state: 'awaiting-approval' }, 'Iteration 2 waits for approval', null],
  ['awaiting data', { state: 'awaiting-data', takesRecordings: true }, 'waits for its recordings', 'addData'],
  ['stale', { state: 'running', asOf: new Date(0).toISOString() }, 'No sign of life for', 'checkAgain'],
];
test('of a plant, what models say is drawn as a promise, in chart, key and table; the verdict names the behaviour once', async () => {
  // as the host tells it: the evaluation by models takes the promise's place
  const scores = view.scores.map((one) => ({ ...one, by: 'models' as const, promisedMean: null, policies: one.policies.map((policy) => ({ ...policy, promised: null })), probe: null, references: [{ name: 'behaviour', cost: 9 }, { name: 'behaviourByModels', cost: 8 }] }));
  const page = await opened(snapshot({ scores }));
  await drawn(page);
  const marks = await page.page.locator('ibrl-chart#cost').evaluate((chart) => (chart as unknown as { chart: { marks: { kind: string }[] } }).chart.marks);
  expect(marks.map(({ kind }) => kind), 'rollouts are no independent episodes').not.toContain('interval');
  const series = await page.page.locator('ibrl-chart#cost').evaluate((chart) => (chart as unknown as { chart: { series: { role: unknown; label: string; line: string; points: [number, number | null][]; hollow: number[] }[] } }).chart.series);
  const told = series.filter(({ role }) => role !== 'recommended');
  expect(told.map(({ label }) => label)).toContain('mean, promised');
  for (const { points, hollow } of told) expect(hollow).toEqual(points.flatMap(([, cost], index) => (cost === null ? [] : [index])));
  expect(told.find(({ role }) => role === 'mean')?.line).toBe('dashed');
  expect(await page.page.locator('ul.key').innerText()).not.toContain('real');
  expect((await page.page.locator('.verdict h2').innerText()).match(/behaviour/g)).toHaveLength(1);
  await page.close();

  const tabular = await opened(snapshot({ scores }), { arrangement: { folders: [view.folder], slots: [1], focusedPolicy: null, tabular: true } });
  const rows = await tabular.page.locator('ibrl-chart#cost table tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent.trim())));
  const policy = rows.find(([name]) => name === 'π1') ?? [];
  expect(policy.slice(1).map((cell) => cell !== '–')).toEqual(scores.flatMap(() => [true, false]));
  await tabular.close();
});

test('a page that stands in for one whose host has ended takes over its arrangement', async () => {
  const page = await opened(snapshot(), { arrangement: { folders: [view.folder], slots: [1], focusedPolicy: 2, tabular: true } });
  expect(await page.kept()).toMatchObject({ focusedPolicy: 2, tabular: true });
  expect(await page.page.locator('table.policies button[aria-pressed="true"]').innerText()).toContain('π2');
  await page.close();
});

test.each(states)('a run that is %s says so and what to do', async (_name, change, fact, action) => {
  const page = await opened(snapshot(change));
  const banner = page.page.locator('ibrl-banner').first();
  expect(await banner.getByRole('group').getAttribute('aria-label')).toContain(fact);
  await banner.locator('button').first().click();
  const folder = view.folder;
  expect(await page.received()).toContainEqual(action === null ? { kind: 'openDiff', folder, iteration: 2, policy: null } : { kind: 'do', action, folder });
  await page.close();
});

test.each(['stopped', 'interrupted', 'failed'] as const)('a run that is %s with new recordings can be given more, in a trusted folder', async (state) => {
  for (const trusted of [true, false]) {
    const page = await opened({ ...snapshot({ state, takesRecordings: true }), trusted });
    const add = page.page.locator('ibrl-banner').getByRole('button', { name: 'Add recordings…' });
    if (trusted) {
      await add.click();
      expect(await page.received()).toContainEqual({ kind: 'do', action: 'addData', folder: view.folder });
    } else expect(await add.count()).toBe(0);
    await page.close();
  }
});

test.each([
  ['queued', { place: 2, after: 'other.ibrl.yaml' }, 'Queued, number 2 in line', 'removeFromQueue'],
  ['not begun', { place: null, after: null }, 'Nothing has run in this folder yet.', 'run'],
] as const)('a run that is %s has a card of its own', async (_name, missing, fact, action) => {
  const page = await opened({ kind: 'snapshot', trusted: true, runs: [], missing: [{ folder: '/f', name: 'x.ibrl.yaml', ...missing }] });
  expect(await page.page.locator('h1').innerText()).toContain(fact);
  await page.page.locator('.card button').first().click();
  expect(await page.received()).toContainEqual({ kind: 'do', action, folder: '/f' });
  expect(await page.accessibility()).toEqual([]);
  await page.close();
});

test.each([
  ['narrow', {}, 480],
  ['of many iterations', { iterations: 40 }, 1280],
] as const)('where the phases have no room for words, %s, a line says where the run is', async (_name, change, width) => {
  const page = await opened(snapshot({ ...running(), ...change, position: { iteration: 2, phase: 'searching', done: 1_200, total: 3_000 } }), { width });
  await expect.poll(() => page.page.locator('.here').innerText()).toMatch(/Iteration 2 · Searching\s+update 1,200 of 3,000/);
  await page.send(snapshot({ ...change, state: 'done', iterations: view.iterations, position: null }));
  await page.page.locator('.here').waitFor({ state: 'detached' });
  await page.close();
});

test.each([1, 3, 40, 100])('the ribbon of %i iterations is as wide as the page, however narrow', async (iterations) => {
  const page = await opened(snapshot({ iterations }), { width: 360 });
  const ends = await page.page.locator('.ribbon, .ribbon li:last-child .phase:last-child').evaluateAll((all) => all.map((one) => (one as unknown as { getBoundingClientRect(): { right: number } }).getBoundingClientRect().right));
  expect(ends[1]).toBeLessThanOrEqual(ends[0] + 0.5);
  expect(ends[1]).toBeGreaterThan(ends[0] - 6);
  await page.close();
});

test('a run that failed has the sign of an error where it was, and says what it took', async () => {
  const page = await opened(snapshot({ ...running(), state: 'failed', elapsedMs: 8_900 }));
  expect(await page.page.locator('.ribbon [aria-current=step] .icon').getAttribute('class')).toBe('icon error');
  expect(await page.page.locator('.time').innerText()).toBe('took 9\u202fs');
  await page.close();
});

test('bounds stand at the ends of their bars as they were written', async () => {
  const page = await opened(snapshot({ margins: { iteration: 2, variables: [{ name: 'valve', unit: '', bounds: [0.2, 0.9], policies: [{ policy: 1, reached: [0.25, 0.7] }] }] } }));
  expect(await page.page.locator('.margin .ends span').allInnerTexts()).toEqual(['0.2', '0.9']);
  expect(await page.page.locator('.margin strong').innerText()).toBe('0.050');
  await page.close();
});

test('a table of which no policy is recommended says why', async () => {
  const page = await opened(snapshot({ scores: view.scores.map((scores) => ({ ...scores, recommended: null, lacking: ['little-support' as const, 'no-sure-improvement' as const] })) }));
  expect(await page.page.locator('table.policies caption').innerText()).toBe('Policies cost per step · none recommended: keep the present controller (too little support in the recordings, no sure improvement)');
  await page.send(snapshot({ scores: view.scores.map((scores) => ({ ...scores, recommended: 2, lacking: [] })) }));
  await expect.poll(() => page.page.locator('table.policies caption').innerText()).toMatch(/recommended$/);
  await page.close();
});

test('an iteration that waits for approval says whether its promise keeps the bounds', async () => {
  const page = await opened(snapshot({ ...running(), state: 'awaiting-approval' }));
  await page.page.locator('ibrl-banner', { hasText: 'Bounds are kept in the models.' }).waitFor();
  const policies = view.scores[0].policies.map((policy) => ({ ...policy, violations: 700 }));
  await page.send(snapshot({ ...running(), state: 'awaiting-approval', scores: [{ ...view.scores[0], policies }] }));
  await page.page.locator('ibrl-banner', { hasText: `Bounds are left in ${(700 * policies.length).toLocaleString('en')} predicted steps.` }).waitFor();
  await page.close();
});

test('without trust everything is shown and nothing can be started or stopped', async () => {
  const page = await opened(snapshot(running(), { trusted: false }));
  const labels = await page.page.locator('button').allInnerTexts();
  expect(labels).toContain('Manage trust');
  expect(labels.filter((label) => /Stop|Run again|Resume/.test(label))).toEqual([]);
  await page.close();
});

test('a page whose host is gone says so, and goes on when it is back', async () => {
  const page = await opened(snapshot());
  await page.answer(false);
  await page.page.getByRole('alert').waitFor({ timeout: 15_000 });
  await page.answer(true);
  await page.page.getByRole('alert').waitFor({ state: 'detached', timeout: 15_000 });
  await page.close();
}, 40_000);

test('a chart is walked with the arrow keys, tells each point, and Enter opens its diff', async () => {
  const page = await opened(snapshot());
  await drawn(page);
  const frame = page.page.locator('#cost .frame');
  await frame.focus();
  await page.page.keyboard.press('End');
  await page.page.keyboard.press('ArrowDown');
  const spoken = page.page.locator('#cost [aria-live]');
  await expect.poll(() => spoken.innerText()).toMatch(/^iteration 2, π1: /);
  expect(await page.page.locator('#cost .tooltip').innerText()).toContain('π4');
  await page.page.keyboard.press('Enter');
  expect(await page.received()).toContainEqual({ kind: 'openDiff', folder: view.folder, iteration: 2, policy: 1 });
  await page.page.keyboard.press('Escape');
  await page.page.locator('#cost .tooltip').waitFor({ state: 'detached' });
  await page.close();
});

test('the table is the legend: a click leaves one policy, and the choice outlasts a reload', async () => {
  const page = await opened(snapshot());
  await page.page.locator('table.policies tbody button').first().click();
  await expect.poll(() => page.page.locator('table.policies tr.faded').count()).toBe(3);
  const state = await page.kept();
  await page.close();
  const again = await opened(snapshot(), { state });
  expect(await again.page.locator('table.policies tr.faded').count()).toBe(3);
  await again.close();
});

test('what is exported goes through the host, as CSV with every number and as a picture', async () => {
  const page = await opened(snapshot());
  await drawn(page);
  await page.page.getByText('Export CSV').click();
  await page.page.getByText('Export PNG').click();
  const saved = (await page.received()).filter((message) => (message as { kind: string }).kind === 'save') as { name: string; content: { text?: string; png?: string } }[];
  expect(saved.map(({ name }) => name)).toEqual([`cost-${view.id}.csv`, `cost-${view.id}.png`]);
  for (const policy of view.scores[1].policies) expect(saved[0].content.text).toContain(String(policy.real?.mean));
  expect(saved[1].content.png?.length).toBeGreaterThan(10_000);
  await page.close();
});

test('compared runs keep their colours and stand in one chart', async () => {
  const other = { ...view, folder: '/other', id: 'other', name: 'Another' };
  const page = await opened({ ...snapshot(), runs: [{ run: view, slot: 3 }, { run: other, slot: 5 }] });
  const roles = await page.page.locator('section > ibrl-chart').first().evaluate((chart) => (chart as unknown as { chart: { series: { role: number }[] } }).chart.series.map(({ role }) => role));
  expect(roles).toEqual([3, 5]);
  expect(await page.kept()).toMatchObject({ folders: [view.folder, '/other'], slots: [3, 5] });
  await page.close();
});

test('a page that is slower than its host draws the newest snapshot only, once a frame', async () => {
  const page = await opened(snapshot(running()));
  await drawn(page);
  const { updates } = await drawn(page);
  const result = await page.page.evaluate(eachInATask, { first: snapshot(running()), messages: 200 });
  expect(result.shown).toContain('update 200 of 201');
  expect((await drawn(page)).updates - updates).toBeLessThanOrEqual(result.frames + 1);
  expect(result.frames).toBeLessThan(150);
  await page.close();
});

/** Runs in the page: every message in a task of its own, as they come through a channel. @returns frames until the last was drawn */
async function eachInATask({ first, messages }: { readonly first: DashboardSnapshot; readonly messages: number }): Promise<{ frames: number; shown: string }> {
  const page = globalThis as unknown as InPage & { postMessage(message: unknown, target: string): void };
  let frames = 0;
  const frame = (): Promise<void> => new Promise((done) => page.requestAnimationFrame(() => done(void frames++)));
  for (let done = 1; done <= messages; done++) {
    const run = { ...first.runs[0].run, events: done, position: { iteration: 2, phase: 'searching' as const, done, total: messages + 1 } };
    page.postMessage({ ...first, runs: [{ run, slot: 1 }] }, '*');
  }
  const ribbon = (): string => page.document.querySelector('ibrl-dashboard').shadowRoot.querySelector('.ribbon').innerText;
  while (!ribbon().includes(`update ${messages.toLocaleString('en')} of`) && frames < 1_000) await frame();
  await frame();
  return { frames, shown: ribbon() };
}

test('each health sign links to the setting that mends it', async () => {
  const page = await opened(snapshot({ signs: [{ code: 'diversity-dominates', iteration: 2, message: '', metrics: { ratio: 1.4, lost: 0.3, share: 0.4 } }] }));
  await page.page.getByText('Show in file').click();
  expect(await page.received()).toContainEqual({ kind: 'showSetting', folder: view.folder, setting: 'diversity.weight' });
  await page.close();
});

test('iteration ends and new signs are spoken, progress is not', async () => {
  const page = await opened(snapshot(running()));
  const live = page.page.locator('[role=status][aria-live]');
  await page.send(snapshot({ ...running(), position: { iteration: 2, phase: 'searching', done: 30, total: 40 } }));
  await page.page.getByRole('list', { name: 'Progress' }).getByText('update 30 of 40').waitFor();
  expect(await live.innerText()).toBe('');
  await page.send(snapshot({ ...running(), scores: view.scores }));
  await expect.poll(() => live.innerText()).toContain('Best of iteration 2');
  await page.close();
});

test('10,000 updates of a run with 10⁶ recorded points make one drawing of each chart, and never more points than there is room for', async () => {
  const page = await opened(snapshot(running()));
  const curves = readCurves(reader, 2, null, null);
  const long = { ...curves, updates: Float32Array.from({ length: mostCurvePoints }, (_, i) => i / 50), terms: curves?.terms.map((term) => ({ ...term, values: term.values.map(() => Float32Array.from({ length: mostCurvePoints }, (_, i) => Math.sin(i))) })), recorded: 1_000_000 };
  await page.send(long);
  await drawn(page);
  const result = await page.page.evaluate(manyUpdates, { first: snapshot(running()), updates: 10_000 });
  expect(result.bytes / 10_000).toBeLessThan(40_000);
  for (const chart of result.charts) {
    expect(chart.drawings).toBe(1);
    expect(chart.points).toBeLessThanOrEqual(5 * mostCurvePoints);
    expect(chart.updates).toBeLessThanOrEqual(result.frames + 2);
  }
  expect(result.shown).toContain('update 10,000 of 10,001');
  expect(page.problems).toEqual([]);
  await page.close();
}, 300_000);

interface InPage {
  document: { querySelector(selector: string): { shadowRoot: { querySelectorAll(selector: string): Iterable<{ counts: { drawings: number; updates: number; points: number } }>; querySelector(selector: string): { innerText: string } } } };
  requestAnimationFrame(callback: () => void): void;
  dispatchEvent(event: unknown): void;
  MessageEvent: new (type: string, init: object) => unknown;
}

/** Runs in the page: gives it the messages one after the other, a hundred for each frame. */
async function manyUpdates({ first, updates }: { readonly first: DashboardSnapshot; readonly updates: number }): Promise<{ bytes: number; frames: number; shown: string; charts: { drawings: number; updates: number; points: number }[] }> {
  const page = globalThis as unknown as InPage;
  let [bytes, frames] = [0, 0];
  const frame = (): Promise<void> => new Promise((done) => page.requestAnimationFrame(() => done(void frames++)));
  for (let update = 1; update <= updates; update++) {
    const run = { ...first.runs[0].run, events: update, position: { iteration: 2, phase: 'searching' as const, done: update, total: updates + 1 } };
    const data = { ...first, runs: [{ run, slot: 1 }] };
    if (update % 1_000 === 1) bytes += 1_000 * JSON.stringify(data).length;
    page.dispatchEvent(new page.MessageEvent('message', { data }));
    if (update % 100 === 0) await frame();
  }
  await frame();
  await frame();
  const root = page.document.querySelector('ibrl-dashboard').shadowRoot;
  return { bytes, frames: frames + 5, shown: root.querySelector('.ribbon').innerText, charts: [...root.querySelectorAll('ibrl-chart')].map(({ counts }) => ({ ...counts })) };
}

test('no word of the page escapes translation', async () => {
  const signs = ['terms-in-conflict', 'diversity-dominates', 'models-vary', 'models-unstable', 'actions-without-support', 'behaviour-without-support', 'coverage-stalls', 'bounds-bind', 'recordings-redundant', 'policies-vary', 'promise-missed'].map((code) => ({ code, iteration: 1, message: '', metrics: {} }));
  const page = await opened(snapshot({ ...running(), signs }), { translations: pseudoTranslations() });
  await drawn(page);
  expect(await untranslated(page.page, [view.name, view.source ?? '', 'straight to goal', 'Nov', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Dec'])).toEqual([]);
  await page.close();
});

test('in German, numbers and words are German', async () => {
  const page = await opened(snapshot(), { locale: 'de' });
  const cost = summary.iterations[1].mean.cost.toFixed(3).replace('-', '−').replace('.', ',');
  expect(await page.page.locator('.verdict h2').innerText()).toContain(`${cost} je Schritt nach Iteration 2`);
  await page.close();
});
