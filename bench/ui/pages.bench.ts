import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readCurves } from '../../src/extension/dashboard/curves';
import { RunModel } from '../../src/extension/dashboard/model';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { coverageOf, runPart, shownIterations, systemPart, variablesOf } from '../../src/extension/trajectories/model';
import { Recording } from '../../src/extension/trajectories/recording';
import type { DashboardSnapshot, RunView } from '../../src/messages/dashboard';
import type { TrajectoriesMessage, TrajectoriesRequest, TrajectoriesView } from '../../src/messages/trajectories';
import { RunReader } from '../../src/run/reader';
import { iterationFiles } from '../../src/run/paths';
import { WebviewRig } from '../../test/webview/rig';
import { lastIteration, recordedRunOf } from './recordedRun';
import { keepResult } from './results';

const framesAim = { kind: 'at least', value: 30 } as const;
const stretches = 12;
const framesInStretch = 20;
/** A visible run is looked at ten times a second. */
const updates = 36_000;
const updatesInFrame = 60;

let rig: WebviewRig;
let reader: RunReader;
let view: RunView;
beforeAll(async () => {
  rig = await WebviewRig.start();
  reader = RunReader.open(recordedRunOf(inject('recorded')));
  view = new RunModel(reader).view(Date.now());
});
afterAll(() => rig.close());

function snapshot(change: Partial<RunView> = {}): DashboardSnapshot {
  return { kind: 'snapshot', trusted: true, runs: [{ run: { ...view, ...change }, slot: 1 }], missing: [] };
}

test('pan and zoom over 10⁶ recorded numbers in the trajectories', async () => {
  const unhurried = new AbortController().signal;
  const recording = new Recording(reader.openNumbers(iterationFiles.trajectories(lastIteration)));
  const cache = new RunCache(reader);
  const system = systemPart(reader.experimentText());
  const { id, name } = reader.description;
  const shown: TrajectoriesView = {
    kind: 'view', runs: [{ folder: reader.folder, id, name, iterations: [...shownIterations(reader)] }], selection: { run: reader.folder, iteration: lastIteration, policy: 1 }, ...runPart(cache, lastIteration),
    trusted: true, constrained: system.constrained, variables: variablesOf(system, recording), map: null, coverage: coverageOf(cache, lastIteration),
    recording: { key: 'long', names: [...recording.names], steps: recording.frames - 1, episodes: await recording.index(unhurried) }, predicted: null, unreadable: null,
  };
  const opened = await rig.open('trajectories', { messages: [shown] });
  const { page } = opened;
  // the page's own process asks this one, as it asks the extension host
  let asked = 0;
  let over = false;
  const answering = (async () => {
    while (!over) {
      for (const request of ((await opened.received()) as TrajectoriesRequest[]).slice(asked)) {
        asked++;
        if (request.kind === 'series') await opened.send({ kind: 'series', id: request.id, key: 'long', from: request.from, to: request.to, ...(await recording.series(request.episodes, request.from, request.to, request.together, unhurried)) } satisfies TrajectoriesMessage);
        else if (request.kind === 'frame') await opened.send({ kind: 'frame', key: 'long', step: request.step, episodes: request.episodes, values: recording.frame(request.episodes, request.step) } satisfies TrajectoriesMessage);
      }
    }
  })();
  const chart = page.locator('ibrl-series');
  await chart.waitFor();
  for (const [what, wheel] of [['zoom', { ctrlKey: true, deltaY: -4 }], ['pan', { deltaX: 12 }]] as const) {
    const values: number[] = [];
    for (let stretch = 0; stretch < stretches; stretch++) values.push(await chart.evaluate(framesASecond, { wheel: alternating(wheel, stretch), frames: framesInStretch, canvas: 'canvas' }));
    keepResult(inject('results'), { name: `frames a second: ${what}, trajectories`, unit: 'a second', aim: framesAim, values, note: `each over ${framesInStretch} frames, with a wheel event in each; 10⁶ recorded numbers; Chromium without a graphics processor`, missed: 'script, layout and the drawing of the canvas by the processor share one frame' });
  }
  over = true;
  await answering;
  await opened.close();
  recording.close();
});

test('pan and zoom over 10⁶ recorded numbers in the loss curves', async () => {
  const curves = readCurves(reader, lastIteration, null, null);
  if (curves === null) throw new Error('The recorded run has no curves.');
  const opened = await rig.open('dashboard', { messages: [snapshot()] });
  const chart = opened.page.locator('.strip ibrl-chart').first();
  await chart.locator('canvas').waitFor();
  await opened.send(curves);
  await expect.poll(() => chart.evaluate((element) => (element as unknown as { counts: { points: number } }).counts.points)).toBeGreaterThan(1_000);
  const values: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) values.push(await chart.evaluate(framesASecond, { wheel: alternating({ ctrlKey: true, deltaY: -4 }, stretch), frames: framesInStretch, canvas: 'canvas' }));
  keepResult(inject('results'), { name: 'frames a second: zoom, loss curves', unit: 'a second', aim: framesAim, values, note: `each over ${framesInStretch} frames, with a wheel event in each; 10⁶ recorded numbers; Chromium without a graphics processor`, missed: 'script, layout and the drawing of the canvas by the processor share one frame' });
  await opened.close();
});

/** There and back, so that every stretch has something to do. */
function alternating(wheel: { readonly deltaX?: number; readonly deltaY?: number; readonly ctrlKey?: boolean }, stretch: number): object {
  const sign = stretch % 2 === 0 ? 1 : -1;
  return { ...wheel, deltaX: sign * (wheel.deltaX ?? 0), deltaY: sign * (wheel.deltaY ?? 0) };
}

test('memory of the dashboard after as many updates as an hour brings', async () => {
  const opened = await rig.open('dashboard', { messages: [snapshot({ state: 'running' })] });
  await opened.page.locator('.verdict h2').waitFor();
  const session = await opened.page.context().newCDPSession(opened.page);
  const heap: number[] = [];
  for (let quarter = 0; quarter <= 4; quarter++) {
    if (quarter > 0) await opened.page.evaluate(manyUpdates, { first: snapshot({ state: 'running', asOf: new Date().toISOString() }), from: ((quarter - 1) * updates) / 4, to: (quarter * updates) / 4, inFrame: updatesInFrame });
    await session.send('HeapProfiler.collectGarbage');
    heap.push((await session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20);
  }
  await opened.close();
  const [begun, ...quarters] = heap;
  keepResult(inject('results'), {
    name: 'memory of the dashboard, last quarter to first', unit: '×', aim: { kind: 'at most', value: 1.1 }, values: [quarters[3] / quarters[0]],
    note: `heap after garbage was collected: ${begun.toFixed(2)} MiB before, ${quarters.map((one) => one.toFixed(2)).join(', ')} MiB after each quarter of an hour's ${updates} updates`,
  });
});

interface InPage {
  document: { querySelector(selector: string): { dispatchEvent(event: unknown): void } };
  requestAnimationFrame(next: () => void): void;
  dispatchEvent(event: unknown): void;
  MessageEvent: new (type: string, init: object) => unknown;
  WheelEvent: new (type: string, init: object) => unknown;
}

/** Runs in the page: turns the wheel over a chart once a frame. @returns frames a second, as they were drawn */
async function framesASecond(element: unknown, { wheel, frames, canvas }: { readonly wheel: object; readonly frames: number; readonly canvas: string }): Promise<number> {
  const page = globalThis as unknown as InPage;
  const target = (element as { shadowRoot: { querySelector(selector: string): { dispatchEvent(event: unknown): void; getBoundingClientRect(): { left: number; top: number; width: number; height: number } } } }).shadowRoot.querySelector(canvas);
  const { left, top, width, height } = target.getBoundingClientRect();
  const begun = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    target.dispatchEvent(new page.WheelEvent('wheel', { bubbles: true, cancelable: true, composed: true, clientX: left + width / 2, clientY: top + height / 2, ...wheel }));
    await new Promise<void>((next) => page.requestAnimationFrame(next));
  }
  return (frames * 1_000) / (performance.now() - begun);
}

/** Runs in the page: gives it one message after the other, many in a frame. */
async function manyUpdates({ first, from, to, inFrame }: { readonly first: DashboardSnapshot; readonly from: number; readonly to: number; readonly inFrame: number }): Promise<void> {
  const page = globalThis as unknown as InPage;
  const frame = (): Promise<void> => new Promise((done) => page.requestAnimationFrame(() => done()));
  for (let update = from + 1; update <= to; update++) {
    const { run } = first.runs[0];
    const terms = run.loss?.terms.map((term) => ({ ...term, values: term.values.map((value, index) => value + Math.sin(update + index) / 10) })) ?? [];
    const data = { ...first, runs: [{ run: { ...run, events: update, position: { iteration: 4, phase: 'searching', done: update, total: 40_000 }, loss: run.loss && { ...run.loss, terms } }, slot: 1 }] };
    page.dispatchEvent(new page.MessageEvent('message', { data }));
    if (update % inFrame === 0) await frame();
  }
  await frame();
}
