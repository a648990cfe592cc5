import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mostCurvePoints, readCurves } from '../../src/extension/dashboard/curves';
import { RunModel } from '../../src/extension/dashboard/model';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { runPart, shownIterations, systemPart, variablesOf } from '../../src/extension/trajectories/model';
import { Recording } from '../../src/extension/trajectories/recording';
import { mostPoints, type TrajectoriesMessage, type TrajectoriesView } from '../../src/messages/trajectories';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';
import { type OpenedPage, WebviewRig } from './rig';

/** What is recorded, and how often the page is told of news. */
const recordedNumbers = 1_000_000;
const updates = 10_000;

let rig: WebviewRig;
let trained: ReturnType<typeof trainSmallRun>;
let scratch: string;
let reader: RunReader;
beforeAll(async () => {
  trained = trainSmallRun();
  scratch = mkdtempSync(join(tmpdir(), 'ibrl-budget-'));
  reader = RunReader.open(trained.folder);
  rig = await WebviewRig.start();
}, 60_000);
afterAll(async () => {
  await rig.close();
  trained.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** A file of 10⁶ numbers. */
function recorded(name: string, names: readonly string[], shape: readonly number[], notes: Readonly<Record<string, unknown>>): Float32File {
  const path = join(scratch, name);
  writeFileSync(path, encodeFloat32File({ names, shape, notes }, Float32Array.from({ length: recordedNumbers }, (_, i) => 5 + Math.sin(i / 700) + (i % 7) / 10)));
  return Float32File.open(path);
}

test('of 10⁶ numbers of a search the dashboard is sent and draws no more than it has room for, in the same charts after 10,000 updates', async () => {
  const terms = ['return', 'diversity', 'soft', 'violation', 'gradientNorm'];
  const points = recordedNumbers / (5 * terms.length);
  const open = (): Float32File => recorded('curves.f32', terms, [points, 5, terms.length], { policies: [1, 2, 3, 4, 0], updates: Array.from({ length: points }, (_, i) => i + 1) });
  const curves = readCurves({ folder: reader.folder, has: () => true, openNumbers: open } as unknown as RunReader, 2, null, null);
  expect(curves?.recorded).toBe(points);
  const sentPoints = curves?.terms.reduce((sum, { values }) => sum + values.reduce((all, one) => all + one.length, 0), 0) ?? 0;
  expect(sentPoints).toBeLessThanOrEqual(terms.length * 5 * mostCurvePoints);

  const view = new RunModel(reader).view(Date.now());
  const loss = { iteration: 2, done: points, total: points, leftOut: 0, curves: true, terms: terms.map((name) => ({ name, updates: [1, points], values: [1, 0] })) };
  const first = { kind: 'snapshot', trusted: true, runs: [{ run: { ...view, loss }, slot: 1 }], missing: [] };
  const page = await rig.open('dashboard', { messages: [first] });
  await page.page.locator('ibrl-chart canvas').first().waitFor();
  await page.send(curves ?? {});
  const counted = await follow(page, first, 'ibrl-chart');
  expect(counted.bytes / updates).toBeLessThan(40_000);
  expect(counted.canvases).toEqual([counted.canvases[0], counted.canvases[0]]);
  expect(counted.elements.length).toBeGreaterThan(4);
  for (const { drawings, points: drawn, updates: redrawn } of counted.elements) {
    expect(drawings).toBe(1);
    expect(drawn).toBeLessThanOrEqual(5 * mostCurvePoints);
    expect(redrawn).toBeLessThanOrEqual(counted.frames + 4);
  }
  expect(Math.max(...counted.elements.map(({ points: drawn }) => drawn ?? 0))).toBeGreaterThan(mostCurvePoints);
  // what each point has of its own is worked out anew with each new range: a curve's points have nothing but their place
  expect(await page.page.locator('.strip ibrl-chart').first().evaluate(radiiOfCurves)).toEqual([0, 0, 0, 0, 0]);
  expect(page.problems).toEqual([]);
  await page.close();
}, 90_000);

test('of 10⁶ recorded numbers the trajectories are sent and draw no more than they have room for, in the same canvases after 10,000 updates', async () => {
  const names = ['x', 'y', 'dx', 'dy', 'reward'];
  const recording = new Recording(recorded('trajectories.f32', names, [1, recordedNumbers / names.length, names.length], { policies: [1], bounds: { x: [0, 10], y: [0, 10] } }));
  const unhurried = new AbortController().signal;
  const { id, name } = reader.description;
  const view: TrajectoriesView = {
    kind: 'view', runs: [{ folder: reader.folder, id, name, iterations: [...shownIterations(reader)] }], selection: { run: reader.folder, iteration: 2, policy: 1 }, ...runPart(new RunCache(reader), 2),
    trusted: true, constrained: true, variables: variablesOf(systemPart(reader.experimentText()), recording), map: null, coverage: null,
    recording: { key: 'long', names, steps: recording.frames - 1, episodes: await recording.index(unhurried) }, predicted: null, unreadable: null,
  };
  const page = await rig.open('trajectories', { messages: [view] });
  await page.page.locator('.toolbar').waitFor();
  const series = await recording.series([0], 0, recording.frames - 1, [], unhurried);
  const sentBytes = series.episodes[0].variables.reduce((sum, { steps, values }) => sum + steps.byteLength + values.byteLength, 0);
  expect(sentBytes).toBeLessThanOrEqual(names.length * mostPoints * 8);
  await page.send({ kind: 'series', id: 1, key: 'long', from: 0, to: recording.frames - 1, ...series } satisfies TrajectoriesMessage);
  const counted = await follow(page, view, 'ibrl-series');
  expect(counted.bytes / updates).toBeLessThan(4_000);
  expect(counted.canvases).toEqual([names.length + 1, names.length + 1]);
  expect(counted.elements[0].points).toBeGreaterThan(mostPoints);
  expect(counted.elements[0].points).toBeLessThanOrEqual(names.length * mostPoints);
  expect(counted.elements[0].frames).toBeLessThanOrEqual(counted.frames + 4);
  // of the whole hour, no more was asked for than at its beginning
  expect((await page.received()).filter((message) => (message as { kind: string }).kind === 'series')).toHaveLength(1);
  expect(page.problems).toEqual([]);
  await page.close();
  recording.close();
}, 90_000);

interface Counts {
  readonly drawings?: number;
  readonly updates?: number;
  readonly frames?: number;
  readonly points: number;
}

interface Counted {
  /** of all messages, as JSON */
  readonly bytes: number;
  /** that the page has had, from its opening to the end at most */
  readonly frames: number;
  /** before and after */
  readonly canvases: readonly [number, number];
  readonly elements: readonly Counts[];
}

/** Runs in the page. @returns the radius that each curve's points share, or the list of theirs */
function radiiOfCurves(chart: unknown): unknown[] {
  return (chart as { drawing: { data: { datasets: { pointRadius: unknown }[] } } }).drawing.data.datasets.map(({ pointRadius }) => pointRadius);
}

/** Gives the page one message after the other, a hundred for each frame, and counts what is in it. */
async function follow({ page }: OpenedPage, first: object, element: string): Promise<Counted> {
  await page.locator(`${element} canvas`).first().waitFor();
  return page.evaluate(async ({ first, element, updates }) => {
    interface Place { readonly shadowRoot: Root | null; readonly counts: Counts }
    interface Root { querySelectorAll(selector: string): Iterable<Place> }
    const { document, requestAnimationFrame, MessageEvent, dispatchEvent } = globalThis as unknown as {
      document: Root; requestAnimationFrame(next: () => void): void; MessageEvent: new (type: string, init: object) => unknown; dispatchEvent(event: unknown): void;
    };
    const within = (root: Root, selector: string): Place[] => [...root.querySelectorAll('*')].flatMap((place) => (place.shadowRoot === null ? [] : [...place.shadowRoot.querySelectorAll(selector), ...within(place.shadowRoot, selector)]));
    let [bytes, frames] = [0, 0];
    const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => done(void frames++)));
    await frame();
    await frame();
    const before = within(document, 'canvas').length;
    for (let update = 1; update <= updates; update++) {
      const asOf = new Date(1_800_000_000_000 + update * 360).toISOString();
      const runs = (first as { runs?: { run?: object }[] }).runs?.map((one) => (one.run === undefined ? one : { ...one, run: { ...one.run, asOf, events: update } }));
      const data = { ...first, ...('asOf' in first && { asOf }), runs };
      if (update % 1_000 === 1) bytes += 1_000 * JSON.stringify(data).length;
      dispatchEvent(new MessageEvent('message', { data }));
      if (update % 100 === 0) await frame();
    }
    await frame();
    await frame();
    return { bytes, frames: frames + 5, canvases: [before, within(document, 'canvas').length] as const, elements: within(document, element).map(({ counts }) => ({ ...counts })) };
  }, { first, element, updates });
}
