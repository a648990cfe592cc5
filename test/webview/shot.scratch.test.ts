import { afterAll, beforeAll, test } from 'vitest';
import { RunReader } from '../../src/run/reader';
import { RunModel } from '../../src/extension/dashboard/model';
import { readCurves } from '../../src/extension/dashboard/curves';
import { WebviewRig } from './rig';
let rig: WebviewRig;
beforeAll(async () => { rig = await WebviewRig.start(); });
afterAll(() => rig.close());
test('shots', async () => {
  for (const name of (process.env['RUNS'] ?? 'ib,g').split(',')) {
    const reader = RunReader.open(`/tmp/dash/${name}`);
    const model = new RunModel(reader);
    const t0 = performance.now(); const run = model.view(Date.now()); if (name === 'half') Object.assign(run, { state: 'running', asOf: new Date().toISOString(), remainingMs: 8000, elapsedMs: 24000, iterations: 4, scores: run.scores, signs: [{ code: 'policies-vary', iteration: 2, message: 'x', metrics: { range: 0.7, noise: 0.01 } }] }); const t1 = performance.now(); model.view(Date.now()); const t2 = performance.now();
    console.log(name, t1 - t0, t2 - t1, JSON.stringify(run).length);
    const messages = [{ kind: 'snapshot', trusted: true, runs: [{ run, slot: 1 }], missing: [] }];
    for (const [theme, width, height, locale] of [['dark', 1280, 1000, 'en'], ['light', 1280, 1000, 'en'], ['high-contrast', 1280, 1000, 'en'], ['high-contrast-light', 900, 1200, 'en'], ['dark', 480, 1400, 'de']] as const) {
      if (process.env['FAST'] && theme !== 'dark') continue;
      const opened = await rig.open('dashboard', { theme, width, height, messages, locale });
      const curves = run.loss && readCurves(reader, run.loss.iteration, null, null);
      if (curves) await opened.send(curves);
      await opened.page.waitForTimeout(600);
      await opened.page.screenshot({ path: `/tmp/dash/shots/${name}-${theme}-${width}.png`, fullPage: true });
      console.log(name, theme, width, opened.problems, await opened.accessibility(), (await opened.received()).length, await opened.page.evaluate('document.documentElement.scrollWidth > innerWidth'));
      await opened.close();
    }
  }
}, 120_000);
test('side', async () => {
  const reader = RunReader.open('/tmp/dash/half');
  const run = { ...new RunModel(reader).view(Date.now()), state: 'running', asOf: new Date().toISOString(), remainingMs: 8000, iterations: 4 };
  const messages = [{ kind: 'situation', trusted: true, folder: true, run, queue: [{ id: 'a', folder: '/q', name: 'mediocre-start.ibrl.yaml' }], last: [{ folder: '/a', name: '2D world, far', state: 'done', iteration: 4, costs: [-0.1, -0.6, -0.8] }, { folder: '/b', name: 'IB, pessimism', state: 'failed', iteration: 3, costs: [200, 190] }] }];
  for (const [theme, locale] of [['dark', 'en'], ['light', 'de']] as const) {
    const opened = await rig.open('sidePanel', { theme, width: 300, height: 800, messages, locale, background: 'sideBar' });
    await opened.page.waitForTimeout(500);
    await opened.page.screenshot({ path: `/tmp/dash/shots/side-${theme}.png`, fullPage: true });
    console.log('side', opened.problems, await opened.accessibility());
    await opened.close();
  }
  const opened = await rig.open('sidePanel', { width: 300, height: 300, messages: [{ kind: 'situation', trusted: false, folder: true, run: null, queue: [], last: [] }] });
  await opened.page.waitForTimeout(300);
  await opened.page.screenshot({ path: `/tmp/dash/shots/side-untrusted.png` });
  await opened.close();
}, 60_000);
