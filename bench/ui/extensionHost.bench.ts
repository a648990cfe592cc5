import { afterEach, inject, test } from 'vitest';
import { longWorld } from '../../test/workbench/driver/experiments';
import { waitForRun } from '../../test/workbench/driver/runs';
import { Workbench } from '../../test/workbench/driver/workbench';
import { HostProbe } from './hostProbe';
import { lastIteration, recordedRunOf } from './recordedRun';
import { keepResult, quantile } from './results';

const aim = { kind: 'at most', value: 20 } as const;
const rounds = 4;
const openings = 3;
const followedSeconds = 20;

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
    name: `longest task on the extension host: ${name}`, unit: 'ms', aim, values: longest.map((one) => one?.ms ?? 0),
    note: `on the processor: median ${quantile(longest.map((one) => one?.processorMs ?? 0), 0.5).toFixed(1)}, most ${Math.max(...longest.map((one) => one?.processorMs ?? 0)).toFixed(1)} ms. Whatever the host did: median ${quantile(all, 0.5).toFixed(1)}, most ${Math.max(...all).toFixed(1)} ms. ${worst === null ? 'Nothing of ours took 3 ms.' : `Our longest: ${worst.functions.join(', ')}.`}`,
  });
}

test('opening dashboard, diff and trajectories', async () => {
  const folder = recordedRunOf(inject('recorded'));
  const surfaces = [
    { name: 'dashboard', open: ['ibrl.openDashboard', folder], there: '.verdict h2' },
    { name: 'policy diff', open: ['ibrl.openPolicyDiff', { run: folder, iteration: lastIteration }], there: 'canvas' },
    { name: 'trajectories of 10⁶ numbers', open: ['ibrl.openTrajectories', { run: folder, iteration: lastIteration, policy: 1 }], there: '.player input' },
  ];
  const first = new Map<string, Stretches[]>(surfaces.map(({ name }) => [name, []]));
  const again = new Map<string, Stretches[]>(surfaces.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const earlier = new Set(HostProbe.hosts());
    workbench = await Workbench.open({ folder: inject('recorded') });
    const probe = await HostProbe.connect(earlier);
    for (let opening = 0; opening < openings; opening++) {
      for (const { name, open, there } of surfaces) {
        const stretches = await probe.during(async () => {
          await probe.command(...open);
          await workbench?.webview().locator(there).first().waitFor();
          await workbench?.page.waitForTimeout(700);
        });
        (opening === 0 ? first : again).get(name)?.push(stretches);
        await probe.command('workbench.action.closeAllEditors');
      }
    }
    await workbench.close();
    workbench = null;
  }
  for (const { name } of surfaces) {
    keep(`${name} opened for the first time`, first.get(name) ?? []);
    keep(`${name} opened again`, again.get(name) ?? []);
  }
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
