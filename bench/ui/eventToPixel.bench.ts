import { afterEach, inject, test } from 'vitest';
import { longWorld } from '../../test/workbench/driver/experiments';
import { eventsOf, waitForRun } from '../../test/workbench/driver/runs';
import { Workbench } from '../../test/workbench/driver/workbench';
import { keepResult, quantile } from './results';

const followedMs = 30_000;

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

/** When a number of events had come to the page, and when it was first seen in a frame, ms since 1970. */
interface Watched {
  readonly told: readonly { readonly events: number; readonly at: number }[];
  readonly seen: readonly { readonly events: number; readonly at: number }[];
}

test('from a line that the trainer writes to its number in the dashboard', async () => {
  workbench = await Workbench.open({ files: { 'world.ibrl.yaml': longWorld() } });
  await workbench.command('IBRL: Run');
  const folder = await waitForRun(workbench.workspace);
  const dashboard = workbench.webview().locator('ibrl-dashboard');
  await dashboard.locator('footer').waitFor();
  await dashboard.evaluate(watchEvents);
  await workbench.page.waitForTimeout(followedMs);
  const { told, seen }: Watched = await dashboard.evaluate(() => (globalThis as unknown as { watched: Watched }).watched);
  // the last frame may not be painted yet
  const painted = seen.filter(({ at }) => Number.isFinite(at));
  const values: number[] = [];
  const toPage: number[] = [];
  const [message, frame] = [{ at: 0 }, { at: 0 }];
  for (const event of eventsOf(folder)) {
    const seq = Number(event['seq']);
    const [come, drawn] = [firstWith(told, seq, message), firstWith(painted, seq, frame)];
    // what was there before the page was looked at does not count, nor what came too late for it
    if (come === null || drawn === null || seq <= painted[0].events) continue;
    const written = Date.parse(String(event['time']));
    values.push(drawn - written);
    toPage.push(come - written);
  }
  const middle = (numbers: readonly number[]): string => quantile(numbers, 0.5).toFixed(0);
  keepResult(inject('results'), {
    name: 'event to pixel', unit: 'ms', aim: { kind: 'at most', value: 250 }, values,
    note: `every line of a real trainer's events.ndjson in ${followedMs / 1_000} s, until the frame in which the dashboard counts it; ${painted.length} frames brought news; of the median, ${middle(toPage)} ms until the message is in the page (written, found, folded, sent), ${middle(values.map((value, index) => value - toPage[index]))} ms until it is drawn`,
    missed: `95 of 100 messages were in the page after ${quantile(toPage, 0.95).toFixed(0)} ms; the trainer computes on the same processors`,
  });
});

/** When there were so many for the first time; null: never. @param from where to look on: numbers rise */
function firstWith(noted: Watched['told'], events: number, from: { at: number }): number | null {
  while (from.at < noted.length && noted[from.at].events < events) from.at++;
  return noted[from.at]?.at ?? null;
}

interface InPage {
  MutationObserver: new (changed: () => void) => { observe(target: unknown, options: object): void };
  requestAnimationFrame(next: () => void): void;
  addEventListener(type: 'message', listener: (message: { readonly data: { readonly runs?: readonly { readonly run: { readonly events: number } }[] } }) => void): void;
  MessageChannel: new () => { readonly port1: { onmessage: (() => void) | null }; readonly port2: { postMessage(message: unknown): void } };
  watched: Watched;
}

/** Runs in the page: notes when each number of events has come, and when it has come into a frame. */
function watchEvents(element: unknown): void {
  const page = globalThis as unknown as InPage;
  const root = (element as { shadowRoot: { querySelector(selector: string): { textContent: string } | null } }).shadowRoot;
  const told: { events: number; at: number }[] = [];
  const seen: { events: number; at: number }[] = [];
  page.watched = { told, seen };
  page.addEventListener('message', ({ data }) => {
    const events = data.runs?.at(0)?.run.events;
    if (events !== undefined) told.push({ events, at: Date.now() });
  });
  const look = (): void => {
    const events = Number(/([\d,]+) events/.exec(root.querySelector('footer')?.textContent ?? '')?.[1]?.replaceAll(',', ''));
    if (!(events > (seen.at(-1)?.events ?? 0))) return;
    const noted = { events, at: Number.POSITIVE_INFINITY };
    seen.push(noted);
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
