import { afterEach, inject, test } from 'vitest';
import { longWorld } from '../../test/workbench/driver/experiments';
import { waitForRun } from '../../test/workbench/driver/runs';
import { Workbench } from '../../test/workbench/driver/workbench';
import { HostProbe } from './hostProbe';
import { lastIteration, recordedRunOf } from './recordedRun';
import { keepResult, quantile } from './results';

const aim = { kind: 'at most', value: 20 } as const;
const windows = 5;
const openings = 2;
/** What a page asks for when it is there is looked at, too. */
const afterwardsMs = 500;
const followedSeconds = 15;

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

type Stretches = Awaited<ReturnType<HostProbe['during']>>;

/** The longest stretch of which the extension had at least half; whatever the rest of the host did is not its own. */
function longestOwn(stretches: Stretches): Stretches[number] | null {
  return stretches.find(({ ms, ownMs }) => ownMs >= ms / 2) ?? null;
}

function keep(name: string, found: readonly Stretches[]): void {
  const longest = found.map(longestOwn);
  const worst = longest.reduce((most, one) => ((one?.ms ?? 0) > (most?.ms ?? 0) ? one : most), null);
  const all = found.map((stretches) => stretches.at(0)?.ms ?? 0);
  keepResult(inject('results'), {
    name: `longest task on the extension host: ${name}`, unit: 'ms', aim, values: longest.map((one) => one?.ms ?? 0), missed: 'our longest task is named here with its functions',
    note: `on the processor: median ${quantile(longest.map((one) => one?.processorMs ?? 0), 0.5).toFixed(1)}, most ${Math.max(...longest.map((one) => one?.processorMs ?? 0)).toFixed(1)} ms. Whatever the host did: median ${quantile(all, 0.5).toFixed(1)}, most ${Math.max(...all).toFixed(1)} ms. ${worst === null ? 'Nothing of ours took 3 ms.' : `Our longest: ${worst.functions.join(', ')}.`}`,
  });
}

/** Milliseconds that VS Code itself shows for the extension. */
async function activationOf({ page }: Workbench): Promise<number> {
  const row = page.locator('.runtime-extensions-editor .extension').filter({ has: page.locator('.name', { hasText: 'IBRL Studio' }) });
  const text = await row.locator('.activation-time').filter({ hasText: /\d/ }).first().innerText();
  return Number(/(\d+)\s?ms/.exec(text)?.[1]);
}

test('activation; opening dashboard, diff and trajectories', async () => {
  const folder = recordedRunOf(inject('recorded'));
  const surfaces = [
    { name: 'dashboard', open: ['ibrl.openDashboard', folder], there: '.verdict h2' },
    { name: 'policy diff', open: ['ibrl.openPolicyDiff', { run: folder, iteration: lastIteration }], there: 'canvas' },
    { name: 'trajectories of 10⁶ numbers', open: ['ibrl.openTrajectories', { run: folder, iteration: lastIteration, policy: 1 }], there: '.player input' },
  ];
  const first = new Map<string, Stretches[]>(surfaces.map(({ name }) => [name, []]));
  const again = new Map<string, Stretches[]>(surfaces.map(({ name }) => [name, []]));
  const activation: number[] = [];
  const heaps: { readonly first: number; readonly last: number }[] = [];
  for (let round = 0; round < windows; round++) {
    const earlier = new Set(HostProbe.hosts());
    workbench = await Workbench.open({ folder: inject('recorded') });
    const opened = workbench;
    await opened.command('Developer: Show Running Extensions');
    activation.push(await activationOf(opened));
    const probe = await HostProbe.connect(earlier);
    await probe.command('workbench.action.closeAllEditors');
    const heap: number[] = [];
    for (let opening = 0; opening < openings; opening++) {
      for (const { name, open, there } of surfaces) {
        const stretches = await probe.during(async () => {
          await probe.command(...open);
          await opened.webview().locator(there).first().waitFor();
          await opened.page.waitForTimeout(afterwardsMs);
        });
        (opening === 0 ? first : again).get(name)?.push(stretches);
        await probe.command('workbench.action.closeAllEditors');
        // the next page's frame must not be taken for this one's
        await opened.page.locator('iframe.webview').waitFor({ state: 'detached' });
      }
      heap.push(await probe.heap());
    }
    heaps.push({ first: heap[0], last: heap[heap.length - 1] });
    await opened.close();
    workbench = null;
  }
  keepResult(inject('results'), { name: 'activation', unit: 'ms', aim: { kind: 'at most', value: 50 }, values: activation, note: 'code loaded and `activate` returned, from “Developer: Show Running Extensions” of as many new windows', missed: 'a window that opens starts much else on the same processors; of one, loading our code takes some 11 ms and `activate` 6' });
  for (const { name } of surfaces) {
    keep(`${name} opened for the first time`, first.get(name) ?? []);
    keep(`${name} opened again`, again.get(name) ?? []);
  }
  keepResult(inject('results'), {
    name: 'memory of the extension host, pages opened and closed again', unit: '×', aim: { kind: 'at most', value: 1.1 }, values: heaps.map((one) => one.last / one.first),
    note: `heap after garbage was collected, the second time to the first; it is that of all extensions, ${Math.round(quantile(heaps.map((one) => one.last), 0.5) / 2 ** 20)} MiB (median)`,
  });
});

test('following a run with dashboard and side panel open', async () => {
  const earlier = new Set(HostProbe.hosts());
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': longWorld() } });
  const probe = await HostProbe.connect(earlier);
  await workbench.openContainer();
  await workbench.command('IBRL: Run');
  await waitForRun(workbench.workspace);
  await workbench.page.locator('.tab', { hasText: /^Run: / }).waitFor();
  const found: Stretches[] = [];
  for (let second = 0; second < followedSeconds; second++) {
    found.push(await probe.during(async () => {
      await workbench?.page.waitForTimeout(1_000);
    }));
  }
  keep('a run is followed, each second', found);
});
