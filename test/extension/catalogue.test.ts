import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { RunObservation } from '../../src/extension/catalogue/observedRun';
import { PolledCatalogue } from '../../src/extension/catalogue/polledCatalogue';
import { RunQueue } from '../../src/launcher/queue';
import { eventsFile, iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { RunWriter } from '../../src/run/writer';
import { recordRun } from '../report/recordedRun';
import { facts, newRun, temporaryFolder } from '../run/helpers';

function catalogueOf(...folders: string[]): PolledCatalogue {
  const catalogue = new PolledCatalogue(
    () => folders,
    () => undefined,
  );
  onTestFinished(() => catalogue.dispose());
  return catalogue;
}

function writerIn(workspace: string, id = newRun.id): RunWriter {
  const folder = join(workspace, '.ibrl', 'runs', id);
  mkdirSync(folder, { recursive: true });
  const writer = RunWriter.create(folder, { ...newRun, id }, facts);
  return writer;
}

describe('the catalogue of runs', () => {
  test('finds a run that somebody else has made, with its costs', async () => {
    const workspace = temporaryFolder();
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    expect(catalogue.runs).toEqual([]);
    const folder = join(workspace, 'project', '.ibrl', 'runs', 'small-run');
    mkdirSync(folder, { recursive: true });
    recordRun(folder);
    await catalogue.refresh();
    expect(catalogue.runs).toMatchObject([{ id: 'small-run', folder, state: 'done', iterations: 2, policies: 2 }]);
    const [first, second] = catalogue.runs[0].results;
    expect(first).toMatchObject({ iteration: 1, recommended: 1, policies: [{ policy: 1 }, { policy: 2 }] });
    expect(first.cost).toBeCloseTo(-0.15, 12);
    expect(second.cost).toBeCloseTo(-0.3, 12);
  });

  test('reads the results of a run iteration by iteration, and none a second time', () => {
    const folder = temporaryFolder();
    recordRun(folder);
    const reader = RunReader.open(folder);
    const observation = new RunObservation();
    expect([...observation.prepare(reader)]).toHaveLength(2);
    expect([...observation.prepare(reader)]).toEqual([]);
    const read = vi.spyOn(reader, 'evaluation');
    expect(observation.observe(reader, 0).results).toHaveLength(2);
    expect(read).not.toHaveBeenCalled();
  });

  test('finds a run in a place of its own, below the workspace’s folder', async () => {
    const workspace = temporaryFolder();
    const folder = join(workspace, 'elsewhere');
    mkdirSync(folder);
    recordRun(folder);
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    expect(catalogue.runs.map((run) => run.folder)).toEqual([folder]);
  });

  test('tells of a change of state by itself, without a watcher of files', async () => {
    const workspace = temporaryFolder();
    const writer = writerIn(workspace);
    const catalogue = catalogueOf(workspace);
    const states: string[] = [];
    catalogue.onDidChange(() => void states.push(catalogue.runs.map(({ state }) => state).join()));
    catalogue.start();
    await vi.waitUntil(() => states.at(-1) === 'running', { timeout: 20_000, interval: 20 });
    writer.end('stopped', 0);
    await vi.waitUntil(() => states.at(-1) === 'stopped', { timeout: 20_000, interval: 20 });
  });

  test('a run takes recordings while it awaits them and until something is made of them, whatever it was resumed for meanwhile', async () => {
    const workspace = temporaryFolder();
    const writer = writerIn(workspace);
    const catalogue = catalogueOf(workspace);
    const takes = async (): Promise<boolean> => {
      await catalogue.refresh();
      return catalogue.runs[0].takesRecordings;
    };
    expect(await takes()).toBe(false);
    writer.append({ type: 'state-changed', state: 'awaiting-data' });
    expect(await takes()).toBe(true);
    writer.append({ type: 'data-added', iteration: 1, episodes: 1, transitions: 9, files: {}, warnings: [] });
    writer.append({ type: 'state-changed', state: 'running' });
    expect(await takes()).toBe(false);
    writer.append({ type: 'state-changed', state: 'stopped' });
    expect(await takes()).toBe(true);
    writer.writeFile(iterationFiles.trajectories(1), new Uint8Array(4), 1);
    expect(await takes()).toBe(false);
    writer.append({ type: 'state-changed', state: 'awaiting-data' });
    expect(await takes()).toBe(true);
    writer.end('stopped', 0);
  });

  test('reads nothing of a run whose log stands still', async () => {
    const workspace = temporaryFolder();
    writerIn(workspace).end('stopped', 0);
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    const read = vi.spyOn(RunReader, 'openInPieces');
    onTestFinished(() => read.mockRestore());
    await catalogue.refresh();
    await catalogue.refresh();
    expect(read).toHaveBeenCalledTimes(0);
    appendFileSync(join(catalogue.runs[0].folder, eventsFile), '\n');
    await catalogue.refresh();
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('says which run cannot be read, and shows the others', async () => {
    const workspace = temporaryFolder();
    writerIn(workspace, 'good').end('stopped', 0);
    const bad = join(workspace, '.ibrl', 'runs', 'bad');
    mkdirSync(bad, { recursive: true });
    appendFileSync(join(bad, 'run.json'), '{');
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    expect(catalogue.runs.map(({ id }) => id)).toEqual(['good']);
    expect(catalogue.unreadable).toEqual([expect.stringContaining('bad')]);
  });

  test('forgets a run whose folder is gone', async () => {
    const workspace = temporaryFolder();
    writerIn(workspace).end('stopped', 0);
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    rmSync(catalogue.runs[0].folder, { recursive: true });
    await catalogue.refresh();
    expect(catalogue.runs).toEqual([]);
  });

  test('shows a stop that was asked for until it is answered', async () => {
    const workspace = temporaryFolder();
    const writer = writerIn(workspace);
    onTestFinished(() => writer.end('stopped', 0));
    const { makeRequest } = await import('../../src/run/requests');
    const request = makeRequest(join(workspace, '.ibrl', 'runs', newRun.id), 'stop-after-iteration');
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    expect(catalogue.runs[0].stopping).toBe('after-iteration');
    writer.append({ type: 'request-handled', id: request.id, kind: request.kind, outcome: 'done' });
    await catalogue.refresh();
    expect(catalogue.runs[0].stopping).toBeNull();
  });

  test('knows who works on a run, and with what exit code it ended', async () => {
    const workspace = temporaryFolder();
    const writer = writerIn(workspace);
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    expect(catalogue.runs[0].trainer).toMatchObject({ pid: process.pid, exitCode: null });
    expect(Date.parse(catalogue.runs[0].trainer.begun ?? '')).toBeLessThanOrEqual(Date.now());
    writer.end('stopped', 75);
    await catalogue.refresh();
    expect(catalogue.runs[0].trainer).toMatchObject({ pid: null, exitCode: 75 });
  });

  test('counts a queued run as waiting until it has begun, and its line as busy until it is taken out', async () => {
    const workspace = temporaryFolder();
    const ibrl = join(workspace, '.ibrl');
    const entry = (id: string): Parameters<RunQueue['add']>[0] => ({ id, run: join(ibrl, 'runs', id), experimentText: 'ibrl: 1', source: null, threads: null, engine: null });
    const queue = new RunQueue(ibrl);
    queue.add(entry('first'));
    queue.add(entry('second'));
    const catalogue = catalogueOf(workspace);
    await catalogue.refresh();
    expect(catalogue.queued.map(({ id }) => id)).toEqual(['first', 'second']);
    writerIn(workspace, 'first').end('done', 0);
    queue.remove('second');
    await catalogue.refresh();
    expect(catalogue.queued).toEqual([]);
    expect(catalogue.queues).toEqual([ibrl]);
    queue.remove('first');
    await catalogue.refresh();
    expect(catalogue.queues).toEqual([]);
  });
});

describe('whoever watches a run', () => {
  test('is told what was there, then each event once, however many watch', async () => {
    const workspace = temporaryFolder();
    const writer = writerIn(workspace);
    const catalogue = catalogueOf(workspace);
    const folder = join(workspace, '.ibrl', 'runs', newRun.id);
    const seen: number[][] = [[], []];
    for (const list of seen) onTestFinished(catalogue.watch(folder, () => true, (_reader, news) => void list.push(...news.map(({ seq }) => seq))).dispose);
    await vi.waitUntil(() => seen.every((list) => list.length > 0), { timeout: 20_000, interval: 20 });
    writer.append({ type: 'warning', code: 'few-episodes', message: 'There are few episodes.', iteration: 1 });
    writer.end('stopped', 0);
    await vi.waitUntil(() => seen.every((list) => list.includes(RunReader.open(folder).fold.seq)), { timeout: 20_000, interval: 20 });
    for (const list of seen) expect(list).toEqual([...new Set(list)].toSorted((a, b) => a - b));
    expect(seen[0]).toEqual(seen[1]);
  });

  test('may come before the run is made', async () => {
    const workspace = temporaryFolder();
    const catalogue = catalogueOf(workspace);
    const states: string[] = [];
    const folder = join(workspace, '.ibrl', 'runs', newRun.id);
    onTestFinished(catalogue.watch(folder, () => true, (reader) => void states.push(reader.state())).dispose);
    writerIn(workspace).end('stopped', 0);
    await vi.waitUntil(() => states.at(-1) === 'stopped', { timeout: 20_000, interval: 20 });
  });
});
