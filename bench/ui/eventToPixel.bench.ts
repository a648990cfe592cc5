import { afterEach, inject, test } from 'vitest';
import { longWorld } from '../../test/workbench/driver/experiments';
import { eventsOf, waitForRun } from '../../test/workbench/driver/runs';
import { Workbench } from '../../test/workbench/driver/workbench';
import { keepResult } from './results';

const followedMs = 40_000;

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

/** When a number of events was first seen in the page, ms since 1970. */
type Seen = readonly { readonly events: number; readonly at: number }[];

test('from a line that the trainer writes to its number in the dashboard', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': longWorld() } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview().locator('ibrl-dashboard');
  await dashboard.locator('footer').waitFor();
  await dashboard.evaluate(watchEvents);
  await workbench.page.waitForTimeout(followedMs);
  const seen: Seen = await dashboard.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
  const values: number[] = [];
  let at = 1;
  for (const event of eventsOf(folder)) {
    const seq = Number(event['seq']);
    while (at < seen.length && seen[at].events < seq) at++;
    // what was there before the page was looked at does not count, nor what came too late for it
    if (at < seen.length && seq > seen[0].events) values.push(seen[at].at - Date.parse(String(event['time'])));
  }
  keepResult(inject('results'), { name: 'event to pixel', unit: 'ms', aim: { kind: 'at most', value: 250 }, values, note: `every line of a real trainer's events.ndjson in ${followedMs / 1_000} s, until the frame in which the dashboard counts it; ${seen.length} frames brought news` });
});

interface InPage {
  MutationObserver: new (changed: () => void) => { observe(target: unknown, options: object): void };
  requestAnimationFrame(next: () => void): void;
  MessageChannel: new () => { readonly port1: { onmessage: (() => void) | null }; readonly port2: { postMessage(message: unknown): void } };
  seen: { events: number; at: number }[];
}

/** Runs in the page: notes when each number of events has come into a frame. */
function watchEvents(element: unknown): void {
  const page = globalThis as unknown as InPage;
  const root = (element as { shadowRoot: { querySelector(selector: string): { textContent: string } | null } }).shadowRoot;
  page.seen = [];
  const look = (): void => {
    const events = Number(/([\d,]+) events/.exec(root.querySelector('footer')?.textContent ?? '')?.[1]?.replaceAll(',', ''));
    if (!(events > (page.seen.at(-1)?.events ?? 0))) return;
    const noted = { events, at: Number.POSITIVE_INFINITY };
    page.seen.push(noted);
    page.requestAnimationFrame(() => {
      // after this frame was laid out and painted
      const channel = new page.MessageChannel();
      channel.port1.onmessage = () => (noted.at = Date.now());
      channel.port2.postMessage(null);
    });
  };
  new page.MutationObserver(look).observe(root, { subtree: true, childList: true, characterData: true });
  look();
}
