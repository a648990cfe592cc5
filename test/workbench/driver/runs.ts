import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { isAlive, parentOf } from '../../../scripts/processes.mjs';
import { pendingRequests } from '../../../src/run/requests';

const commandLine = resolve(import.meta.dirname, '../../../dist/ibrl.cjs');
const execute = promisify(execFile);

/** How long something of a run may take on a loaded machine. */
const limitMs = 180_000;
const lookMs = 50;
/** What an experiment may have. */
const mostIterations = 100;

/** An iteration of it. */
interface ShownIteration {
  readonly iteration: number;
  readonly mean: { readonly cost: number } | null;
  readonly recommended: { readonly policy: number | null };
  readonly policies: readonly { readonly policy: number; readonly cost: { readonly mean: number } | null }[];
}

/** What `ibrl show --json` says of a run, as far as paths compare it. */
export interface ShownRun {
  readonly state: string;
  readonly iterations: readonly ShownIteration[];
  readonly [field: string]: unknown;
}

/** Folders of the workspace's runs, the oldest first. */
export function runsOf(workspace: string): string[] {
  const runs = join(workspace, '.ibrl/runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .sort()
    .map((name) => join(runs, name))
    .filter((folder) => existsSync(join(folder, 'run.json')));
}

/** Waits for the workspace's nth run, from 0. @returns its folder */
export function waitForRun(workspace: string, nth = 0): Promise<string> {
  return soon(() => runsOf(workspace).at(nth), `run ${nth + 1} of ${workspace}`);
}

/** Runs an experiment of the workspace at the command line, to its end. @returns the folder of the run */
export async function trainRun(workspace: string, file: string): Promise<string> {
  const before = new Set(runsOf(workspace));
  await execute(process.execPath, [commandLine, 'train', join(workspace, file), '--json'], { maxBuffer: 1 << 26 });
  const [folder] = runsOf(workspace).filter((run) => !before.has(run));
  return folder;
}

/** What the command line answers to these words and `--json`. */
export async function ask(...words: readonly string[]): Promise<unknown> {
  const { stdout } = await execute(process.execPath, [commandLine, ...words, '--json'], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as unknown;
}

/** The run as the command line tells it. */
export async function readRun(folder: string): Promise<ShownRun> {
  return (await ask('show', folder)) as ShownRun;
}

/** The same, once an attempt at it has come to its end: what a window shows of the last iteration comes a little before. */
export async function readEnded(folder: string, attempt = 1): Promise<ShownRun> {
  await waitForEvent(folder, (event) => event.type === 'attempt-ended' && event['attempt'] === attempt, `the end of attempt ${attempt}`);
  return readRun(folder);
}

/** What of it must not depend on when and by whom it was worked on. */
export function resultOf({ id: _id, name: _name, attempt: _attempt, ...result }: ShownRun): object {
  return result;
}

/** The bytes of every policy of a run, by their path in it. */
export function policiesOf(folder: string): Record<string, string> {
  const iterations = join(folder, 'iterations');
  const files = readdirSync(iterations, { recursive: true, encoding: 'utf8' }).filter((name) => /policies\/[^/]+\.json$/.test(name));
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(iterations, name), 'utf8')]));
}

/** The run's events so far. */
export function eventsOf(folder: string): { readonly type: string; readonly [field: string]: unknown }[] {
  const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as { readonly type: string });
}

/** How many iterations of it have been evaluated so far. */
export function evaluatedOf(folder: string): number {
  return eventsOf(folder).filter(({ type, phase }) => type === 'phase-ended' && phase === 'evaluating').length;
}

/** The verdict of a dashboard after any iteration that is later than the given one. */
export function afterLaterThan(iteration: number): RegExp {
  const later = Array.from({ length: mostIterations - iteration }, (_, index) => iteration + 1 + index);
  return new RegExp(`after iteration (${later.join('|')})\\b`);
}

/** Waits for an event that suits. */
export function waitForEvent(folder: string, suits: (event: { readonly type: string; readonly [field: string]: unknown }) => boolean, what: string): Promise<object> {
  return soon(() => eventsOf(folder).find(suits), what);
}

/** Id of the process that works on the run, null when none does. */
export function trainerOf(folder: string): number | null {
  const lock = join(folder, 'lock');
  const claims = existsSync(lock) ? readdirSync(lock).filter((name) => /^\d+\.json$/.test(name)) : [];
  const newest = claims.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).at(-1);
  if (newest === undefined) return null;
  const { pid } = JSON.parse(readFileSync(join(lock, newest), 'utf8')) as { readonly pid?: number };
  return pid !== undefined && isAlive(pid) ? pid : null;
}

/** Ids of the living processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid && isAlive(child));
}

/** As if the machine had taken it away: no word, no checkpoint. One that is gone already is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Lets a process stand still, as on a machine that has others to serve. @returns what lets it go on */
export function hold(pid: number): () => void {
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}

/** Waits until somebody has asked the run for something that is not answered yet. */
export async function waitForRequest(folder: string): Promise<void> {
  await soon(() => pendingRequests(folder, new Set()).at(0), `a request in ${folder}`);
}

/** Waits until the process is gone. */
export async function waitForEnd(pid: number): Promise<void> {
  await soon(() => !isAlive(pid) || undefined, `the end of process ${pid}`);
}

/** Looks again and again until there is something. @throws Error that names what never came */
export function soon<Found>(look: () => Found | undefined | null | Promise<Found | undefined | null>, what: string): Promise<Found> {
  return vi.waitFor(
    async () => {
      const found = await look();
      if (found === undefined || found === null) throw new Error(`This did not come: ${what}.`);
      return found;
    },
    { timeout: limitMs, interval: lookMs },
  );
}
