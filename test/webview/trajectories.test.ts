import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { coverageOf, fullSelection, runPart, shownIterations, systemPart, variablesOf } from '../../src/extension/trajectories/model';
import { Recording } from '../../src/extension/trajectories/recording';
import { mostPoints, type TrajectoriesMessage, type TrajectoriesRequest, type TrajectoriesView } from '../../src/messages/trajectories';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';
import { pseudoTranslations, untranslated } from './pseudoLocale';
import { type OpenedPage, type PageOptions, WebviewRig } from './rig';
import { themeNames } from './themes';

let rig: WebviewRig;
let trained: ReturnType<typeof trainSmallRun>;
let scratch: string;
let reader: RunReader;
let recording: Recording;
let view: TrajectoriesView;
let predicted: Uint8Array<ArrayBuffer>;
const unhurried = new AbortController().signal;

beforeAll(async () => {
  trained = trainSmallRun();
  scratch = mkdtempSync(join(tmpdir(), 'ibrl-player-'));
  reader = RunReader.open(trained.folder);
  const cache = new RunCache(reader);
  const system = systemPart(reader.experimentText());
  recording = new Recording(reader.openNumbers(iterationFiles.trajectories(2)));
  predicted = new Uint8Array(reader.readFile(iterationFiles.diff(2)));
  const { id, name } = reader.description;
  view = {
    kind: 'view', runs: [{ folder: reader.folder, id, name, iterations: [...shownIterations(reader)] }], selection: fullSelection({ run: reader.folder, iteration: 2 }, cache, system), ...runPart(cache, 2),
    trusted: true, constrained: system.constrained, variables: variablesOf(system, recording), map: system.map, coverage: coverageOf(cache, 2),
    recording: { key: 'real', names: [...recording.names], steps: recording.frames - 1, episodes: await recording.index(unhurried) }, unreadable: null,
  };
  rig = await WebviewRig.start();
}, 60_000);
afterAll(async () => {
  await rig.close();
  recording.close();
  trained.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** A page with the host's end of it: answers from a recording until there is nothing more to answer. */
interface Hosted extends OpenedPage {
  answerAll(): Promise<void>;
  sentBytes(): number;
}

async function opened(change: Partial<TrajectoriesView> = {}, options: PageOptions & { readonly from?: Recording } = {}): Promise<Hosted> {
  const shown = { ...view, ...change };
  const page = await rig.open('trajectories', { ...options, messages: [shown] });
  await page.page.locator('.toolbar').waitFor();
  if (shown.predicted !== null) await page.send({ kind: 'predicted', key: shown.predicted, file: predicted } satisfies TrajectoriesMessage);
  const from = options.from ?? recording;
  let answered = 0;
  let bytes = 0;
  const answerAll = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; ) {
      await page.page.evaluate(() => new Promise((drawn) => (globalThis as unknown as { requestAnimationFrame(next: (time: number) => void): void }).requestAnimationFrame(drawn)));
      const requests = (await page.received()) as TrajectoriesRequest[];
      quiet = requests.length === answered ? quiet + 1 : 0;
      for (; answered < requests.length; answered++) {
        const request = requests[answered];
        const key = shown.recording?.key ?? '';
        if (request.kind === 'series') {
          const series = await from.series(request.episodes, request.from, request.to, request.together, unhurried);
          for (const { variables } of series.episodes) for (const { steps, values } of variables) bytes += steps.byteLength + values.byteLength;
          await page.send({ kind: 'series', id: request.id, key, from: request.from, to: request.to, ...series } satisfies TrajectoriesMessage);
        } else if (request.kind === 'frame') await page.send({ kind: 'frame', key, step: request.step, episodes: request.episodes, values: from.frame(request.episodes, request.step) } satisfies TrajectoriesMessage);
      }
    }
  };
  await answerAll();
  return { ...page, answerAll, sentBytes: () => bytes };
}

/** The same run as linked series. */
const asSeries = (change: Partial<TrajectoriesView> = {}): Partial<TrajectoriesView> => ({ map: null, selection: { ...view.selection, policy: 1 }, ...change });

const cursor = ({ page }: OpenedPage): Promise<string> => page.locator('.player input').inputValue();

test('on the map every policy stands with its numbers at the step, as recorded', async () => {
  const page = await opened();
  await page.page.keyboard.press('ArrowRight');
  await page.page.keyboard.press('ArrowRight');
  await page.answerAll();
  const rows = await page.page.locator('.side tbody tr').allInnerTexts();
  const [x, y] = recording.frame([1], 2);
  expect(rows[1]).toContain(`${x.toFixed(1)}, ${y.toFixed(1)}`);
  expect(await page.page.locator('h1').innerText()).toMatch(/reaches the goal|reach it/);
  expect(await page.page.locator('.sentence').innerText()).toContain('Bounds kept in all 100 recorded steps.');
  expect(page.problems).toEqual([]);
  await page.close();
});

test.each(themeNames)('in the %s theme map, series and tables are accessible and break no policy', async (theme) => {
  for (const change of [{}, asSeries()]) {
    const page = await opened(change, { theme });
    expect(await page.accessibility()).toEqual([]);
    await page.page.setViewportSize({ width: 480, height: 900 });
    await page.page.getByText('Show as tables').click();
    await page.page.locator('ibrl-table table').first().waitFor();
    expect(await page.accessibility()).toEqual([]);
    expect(page.problems).toEqual([]);
    await page.close();
  }
});

test('nothing scrolls sideways, however narrow', async () => {
  for (const change of [{}, asSeries()]) {
    const page = await opened(change, { locale: 'de' });
    for (const width of [1280, 1000, 800, 640, 480, 320]) {
      await page.page.setViewportSize({ width, height: 900 });
      await expect.poll(() => page.page.evaluate('document.documentElement.scrollWidth - innerWidth'), { message: `${width} px` }).toBeLessThanOrEqual(0);
    }
    await page.close();
  }
});

test('keys step, leap, play and pause, and a step by key is told', async () => {
  const page = await opened(asSeries());
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.page.keyboard.press(key);
  };
  await press('ArrowRight', 'ArrowRight', 'ArrowLeft');
  await expect.poll(() => cursor(page)).toBe('1');
  await press('Shift+ArrowRight');
  await expect.poll(() => cursor(page)).toBe('11');
  const [x] = recording.frame([0], 11);
  await expect.poll(() => page.page.locator('[role=status]').innerText()).toContain(`Step 11 of 25. x ${x.toFixed(2)}, `);
  await press('End');
  await expect.poll(() => cursor(page)).toBe('25');
  await press('Home', ' ');
  await page.page.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(() => cursor(page)).not.toBe('0');
  await press(' ');
  await page.page.getByRole('button', { name: 'Play' }).waitFor();
  await press('3');
  expect(await page.received()).toContainEqual({ kind: 'select', selection: { ...view.selection, policy: 3 } });
  await page.close();
});

test('play ends at the last step', async () => {
  const page = await opened(asSeries());
  await page.page.locator('select[aria-label="Speed"]').selectOption('1000');
  await page.page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => cursor(page)).toBe('25');
  await page.page.getByRole('button', { name: 'Play' }).waitFor();
  await page.close();
});

test('the readout tells the recorded value, the predicted one and the distance to the bound', async () => {
  const page = await opened(asSeries());
  await page.page.keyboard.press('ArrowRight');
  await page.answerAll();
  const [x] = recording.frame([0], 1);
  const text = await page.page.locator('.readout').first().innerText();
  expect(text).toContain(x.toFixed(2));
  expect(text).toContain(`${Math.min(x, 10 - x).toFixed(2)} to the nearest bound`);
  // the models were never asked from here
  expect(await page.page.locator('.sentence').innerText()).toMatch(/Predicted: mean and range of the models from recorded start \d of 3\. The episode begins elsewhere \(x [\d.]+, y [\d.]+ away\)/);
  await page.close();
});

test('a violation is said first, marked, and found by key', async () => {
  const names = ['x', 'y', 'dx', 'dy', 'reward'];
  const frames = 3_000;
  const data = Float32Array.from({ length: frames * 5 }, (_, i) => (i % 5 === 0 ? ([700, 701, 2_500].includes(Math.floor(i / 5)) ? 11 : 5) : 1));
  const path = join(scratch, 'left.f32');
  writeFileSync(path, encodeFloat32File({ names, shape: [1, frames, 5], notes: { policies: [1], bounds: { x: [0, 10] } } }, data));
  const left = new Recording(Float32File.open(path));
  const page = await opened(asSeries({ constrained: false, recording: { key: 'left', names, steps: frames - 1, episodes: await left.index(unhurried) } }), { from: left });
  expect(await page.page.locator('.sentence').innerText()).toMatch(/^x crosses its bound in 3 of 2,999 steps; the models predicted none\.\s+Safety is soft/);
  await page.page.keyboard.press('n');
  await expect.poll(() => cursor(page)).toBe('700');
  await page.answerAll();
  expect(await page.page.locator('.readout .outside').first().innerText()).toContain('11');
  expect(await page.page.locator('.readout').first().innerText()).toContain('1.00 above the bound');
  await page.page.keyboard.press('n');
  await expect.poll(() => cursor(page)).toBe('2500');
  await page.page.keyboard.press('n');
  await expect.poll(() => page.page.locator('[role=status]').innerText()).toBe('No later violation.');
  await page.page.keyboard.press('p');
  await expect.poll(() => cursor(page)).toBe('700');
  expect(await page.page.locator('.track .violation').count()).toBe(2);
  expect(await page.accessibility()).toEqual([]);
  await page.close();
  left.close();
});

test.each([
  ['nothing is recorded', { recording: null, state: 'running', decision: null }, 'Nothing is recorded of iteration 2 yet: what the models predict is shown.'],
  ['the episodes are being counted', { recording: { key: 'real', names: ['x'], steps: 25, episodes: null } }, 'Reading the recorded episodes.'],
  ['an episode ended early', { recording: { key: 'real', names: ['x', 'y', 'dx', 'dy', 'reward'], steps: 25, episodes: [{ policy: 1, last: 9, violations: [] }] } }, 'π1 ended early, at step 9.'],
] as const)('where %s the page says so', async (_name, change, sentence) => {
  const page = await opened(change as Partial<TrajectoriesView>);
  expect(await page.page.locator('.sentence').innerText()).toContain(sentence);
  expect(await page.accessibility()).toEqual([]);
  expect(page.problems).toEqual([]);
  await page.close();
});

test.each([
  ['waits for approval', { recording: null, state: 'awaiting-approval', decision: null }, 'Iteration 2 waits for approval'],
  ['waits for recordings', { recording: null, state: 'awaiting-data' }, 'Iteration 2 waits for its recordings'],
  ['was rejected', { recording: null, decision: 'rejected' }, 'Iteration 2 was rejected'],
  ['failed', { recording: null, state: 'failed', failure: 'not finite' }, 'The run has failed.'],
  ['is interrupted', { recording: null, state: 'interrupted' }, 'The trainer has ended without a word'],
  ['cannot be read', { recording: null, unreadable: 'trajectories.f32 is not what the run wrote.' }, 'The recorded episodes cannot be read.'],
  ['lies in an untrusted folder', { trusted: false }, 'This folder is not trusted.'],
] as const)('an iteration that %s has a banner', async (_name, change, fact) => {
  const page = await opened(change as Partial<TrajectoriesView>);
  expect(await page.page.locator('ibrl-banner').getByRole('group').first().getAttribute('aria-label')).toBe(fact);
  await page.close();
});

test('before anything is recorded the predicted series are shown, in the policy’s colour and with their note', async () => {
  const page = await opened(asSeries({ recording: null, state: 'awaiting-approval' }));
  await page.page.locator('ibrl-series').waitFor();
  expect(await page.page.locator('.sentence').innerText()).toContain('Predicted: mean and range of the models from recorded start 1 of 3.');
  await page.page.keyboard.press('End');
  await expect.poll(() => cursor(page)).toBe('25');
  await page.close();
});

test('10⁶ recorded points: few bytes and points are sent, the drawing is made once, and panning draws at most once a frame', async () => {
  const names = ['x', 'y', 'dx', 'dy', 'reward'];
  const frames = 200_000;
  const path = join(scratch, 'long.f32');
  writeFileSync(path, encodeFloat32File({ names, shape: [1, frames, 5], notes: { policies: [1], bounds: { x: [0, 10], y: [0, 10] } } }, Float32Array.from({ length: frames * 5 }, (_, i) => 5 + Math.sin(i / 700) + (i % 7) / 10)));
  const long = new Recording(Float32File.open(path));
  const page = await opened(asSeries({ predicted: null, recording: { key: 'long', names, steps: frames - 1, episodes: await long.index(unhurried) } }), { from: long });
  expect(page.sentBytes()).toBeLessThanOrEqual(5 * mostPoints * 8);
  // a value between the points that were sent is asked for, and exact
  await page.page.locator('.player input').fill('123457');
  await page.answerAll();
  const [x] = long.frame([0], 123_457);
  expect(await page.page.locator('.readout').first().innerText()).toContain(x.toFixed(2));
  const { points, drawings, frames: moves } = await page.page.locator('ibrl-series').evaluate(pan);
  expect(points).toBeLessThanOrEqual(5 * mostPoints);
  expect(drawings).toBeGreaterThan(0);
  expect(drawings).toBeLessThanOrEqual(moves);
  const canvases = await page.page.locator('ibrl-series canvas').count();
  for (let i = 0; i < 4; i++) await page.page.keyboard.press('+');
  await page.answerAll();
  expect(await page.page.locator('ibrl-series canvas').count()).toBe(canvases);
  const asked = ((await page.received()) as TrajectoriesRequest[]).filter((request) => request.kind === 'series').at(-1);
  expect(asked?.kind === 'series' && asked.to - asked.from).toBe(12_500);
  await page.close();
  long.close();
}, 60_000);

/** Runs in the page: moves the window once a frame for a while. */
async function pan(element: unknown): Promise<{ readonly points: number; readonly drawings: number; readonly frames: number }> {
  const chart = element as { from: number; to: number; counts: { frames: number; points: number } };
  const { requestAnimationFrame } = globalThis as unknown as { requestAnimationFrame(next: (time: number) => void): void };
  const before = chart.counts.frames;
  const frames = 60;
  for (let i = 0; i < frames; i++) {
    chart.from += 500;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  return { points: chart.counts.points, drawings: chart.counts.frames - before, frames };
}

test('step, speed and choice outlast a reload', async () => {
  const page = await opened(asSeries());
  await page.page.locator('select[aria-label="Speed"]').selectOption('50');
  await page.page.keyboard.press('ArrowRight');
  await expect.poll(() => page.kept()).toMatchObject({ arranged: { step: 1, speed: 50 } });
  const state = await page.kept();
  await page.close();
  const again = await opened(asSeries(), { state });
  expect(await cursor(again)).toBe('1');
  expect(await again.page.locator('select[aria-label="Speed"]').inputValue()).toBe('50');
  await again.close();
});

test('a window that outlasts a reload leaves whole episodes on the map, with their sums and what they reached', async () => {
  const told: string[][] = [];
  for (const window of [null, [5, 12]]) {
    const page = await opened({}, { state: { selection: view.selection, arranged: { episode: 0, step: 0, window, speed: 10, show: null, tables: false } } });
    told.push([await page.page.locator('h1').innerText(), ...(await page.page.locator('.side tbody td strong').allInnerTexts())]);
    await page.close();
  }
  expect(told[0].join(' ')).not.toContain('–');
  expect(told[1]).toEqual(told[0]);
});

test('selectors and links go to the host', async () => {
  const page = await opened();
  await page.page.locator('.toolbar select').first().selectOption('1');
  await page.page.getByText('Policy diff').click();
  await page.page.getByText('Dashboard').click();
  const said = (await page.received()).filter((message) => !['series', 'frame'].includes((message as { kind: string }).kind));
  expect(said).toEqual([{ kind: 'select', selection: { ...view.selection, iteration: 1 } }, { kind: 'diff' }, { kind: 'dashboard' }]);
  await page.close();
});

test('a host that is gone is said, and the page goes on when it is back', async () => {
  const page = await opened(asSeries());
  await page.answer(false);
  await page.page.getByText('The extension does not answer.').waitFor({ timeout: 15_000 });
  await page.answer(true);
  await page.page.getByText('The extension does not answer.').waitFor({ state: 'detached', timeout: 15_000 });
  await page.close();
});

test('every word of the page goes through a translation', async () => {
  const run = view.runs[0];
  const data = [run.name, run.id.slice(-4), run.folder, 'reward', 'dx', 'dy', 'x', 'y', 'Nov'];
  for (const change of [{}, asSeries()]) {
    const page = await opened(change, { translations: pseudoTranslations() });
    expect(await untranslated(page.page, data)).toEqual([]);
    await page.page.keyboard.press('t');
    await page.page.locator('ibrl-table').first().waitFor();
    expect(await untranslated(page.page, data)).toEqual([]);
    await page.close();
  }
});
