import { afterAll, beforeAll, test } from 'vitest';
import { RunReader } from '../../src/run/reader';
import { RunModel } from '../../src/extension/dashboard/model';
import { readCurves } from '../../src/extension/dashboard/curves';
import { WebviewRig } from './rig';
import { themeNames } from './themes';
let rig: WebviewRig;
beforeAll(async () => { rig = await WebviewRig.start(); });
afterAll(() => rig.close());
test('shots', async () => {
  for (const name of (process.env['RUNS'] ?? 'ib,g').split(',')) {
    const reader = RunReader.open(`/tmp/dash/${name}`);
    const model = new RunModel(reader);
    const t0 = performance.now(); const run = model.view(Date.now()); const t1 = performance.now(); model.view(Date.now()); const t2 = performance.now();
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
