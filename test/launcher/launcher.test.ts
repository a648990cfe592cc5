import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { findRuns, resolveRun } from '../../src/launcher/adopt';
import { leaseMs, LeaseWatch, renewLease } from '../../src/launcher/lease';
import { newRunFolder, prepareRun } from '../../src/launcher/prepare';
import { RunQueue } from '../../src/launcher/queue';
import { startDetached } from '../../src/launcher/start';
import { requestStop, waitForEnd } from '../../src/launcher/stop';
import type { TrainerArguments } from '../../src/launcher/trainerArguments';
import { formatTrainerArguments, parseTrainerArguments } from '../../src/launcher/trainerArguments';
import { runFile } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { RunWriter } from '../../src/run/writer';
import { buildScript } from '../run/build';
import { facts, newRun, temporaryFolder } from '../run/helpers';

const source = join(import.meta.dirname, 'walkingTrainer.ts');

function newValues(run: string, updates: number): TrainerArguments {
  const experiment = prepareRun(run, `search:\n  updates: ${updates}\n`);
  return { run, experiment, source: null, threads: 2, engine: 'none', lease: null, attached: false };
}

async function untilRunning(run: string): Promise<void> {
  await vi.waitUntil(() => existsSync(join(run, runFile)) && RunReader.open(run).fold.position !== null, { timeout: 20_000, interval: 20 });
}

describe('the trainer’s arguments', () => {
  test('are parsed to what they were formatted from, whatever the paths hold', () => {
    const path = fc.string({ minLength: 1 });
    const values = fc.record({
      run: path,
      experiment: fc.option(path),
      source: fc.option(path),
      threads: fc.option(fc.integer({ min: 1, max: 1024 })),
      memory: fc.integer({ min: 0, max: 2 ** 20 }),
      engine: fc.option(path),
      lease: fc.option(path),
      attached: fc.boolean(),
    });
    fc.assert(
      fc.property(values, (each) => {
        expect(parseTrainerArguments(formatTrainerArguments(each))).toEqual(each);
      }),
    );
  });

  test('are refused when they are not ours', () => {
    for (const words of [[], ['--run'], ['--run', 'a', '--run', 'b'], ['--walk'], ['--run', 'a', '--threads', '0'], ['--run', 'a', '--memory', '-1'], ['--run', 'a', 'b']]) {
      expect(() => parseTrainerArguments(words)).toThrow(/Usage|--threads|--memory/);
    }
  });
});

describe('a lease', () => {
  test('holds while it is renewed, and ends a minute after the last time on the watcher’s clock', () => {
    const file = join(temporaryFolder(), 'lease');
    let clock = 5;
    const watch = new LeaseWatch(file, () => clock);
    expect(watch.holds()).toBe(true);
    for (let i = 0; i < 3; i++) {
      renewLease(file);
      clock += leaseMs - 1;
      expect(watch.holds()).toBe(true);
    }
    clock += leaseMs;
    expect(watch.holds()).toBe(false);
  });
});

describe('a run in the background', () => {
  test('goes on by itself, in lower priority, until it is done', async () => {
    const folder = temporaryFolder();
    const run = join(folder, 'run');
    const pid = await startDetached({ script: buildScript(source, folder) }, newValues(run, 20));
    await untilRunning(run);
    if (process.platform === 'linux') expect(getPriority(pid)).toBeGreaterThan(getPriority());
    expect(await waitForEnd(run, 20)).toBe('done');
    expect(RunReader.open(run).fold.attemptStarted).toMatchObject({ threads: 2, attempt: 1 });
    expect(readFileSync(join(run, 'trainer.log'), 'utf8')).toBe('');
  });

  test('what it prints before it ends is in trainer.log', async () => {
    const folder = temporaryFolder();
    const run = join(folder, 'run');
    await startDetached({ script: buildScript(source, folder) }, { ...newValues(run, 1), experiment: null });
    await vi.waitUntil(() => readFileSync(join(run, 'trainer.log'), 'utf8').includes('nothing to resume'), { timeout: 20_000 });
  });

  test('stops now with a checkpoint, and after its iteration; resumed, it comes to the same policies', async () => {
    const folder = temporaryFolder();
    const trainer = { script: buildScript(source, folder) };
    const [whole, stopped] = [join(folder, 'whole'), join(folder, 'stopped')];
    await startDetached(trainer, newValues(whole, 30));
    await startDetached(trainer, newValues(stopped, 30));
    await untilRunning(stopped);
    const now = requestStop(stopped, 'now');
    expect(await waitForEnd(stopped, 20)).toBe('stopped');
    expect(RunReader.open(stopped).fold.answeredRequests).toContain(now?.id);
    expect(requestStop(stopped, 'now')).toBeNull();
    const resume = async (): Promise<unknown> => startDetached(trainer, { ...newValues(join(folder, 'unused'), 1), run: stopped, experiment: null });
    await resume();
    await vi.waitUntil(() => RunReader.open(stopped).isLive(), { timeout: 20_000 });
    requestStop(stopped, 'after-iteration');
    expect(await waitForEnd(stopped, 20)).toBe('stopped');
    expect(RunReader.open(stopped).summary().iterations).toHaveLength(1);
    await resume();
    await vi.waitUntil(() => RunReader.open(stopped).state() === 'done', { timeout: 20_000, interval: 20 });
    expect(await waitForEnd(whole, 20)).toBe('done');
    expect(RunReader.open(stopped).summary().iterations).toEqual(RunReader.open(whole).summary().iterations);
    expect(RunReader.open(stopped).progress(2)).toHaveLength(30);
  });
});

describe('the queue', () => {
  const entry = (ibrl: string, id: string) => ({ id, run: join(ibrl, 'runs', id), experimentText: 'search:\n  updates: 4\n', source: null, threads: null, engine: null });

  test('runs one after the other, in the order in which they came', async () => {
    const folder = temporaryFolder();
    const ibrl = join(folder, '.ibrl');
    const queue = new RunQueue(ibrl);
    for (const id of ['b', 'a', 'c']) queue.add(entry(ibrl, id));
    queue.remove('c');
    expect(queue.list().map((each) => each.id)).toEqual(['b', 'a']);
    const trainer = { script: buildScript(source, folder) };
    await queue.work((values) => startDetached(trainer, values), { pollMs: 10 });
    expect(queue.list()).toEqual([]);
    expect(readdirSync(join(ibrl, 'runs')).toSorted()).toEqual(['a', 'b']);
    const times = (id: string) => RunReader.open(join(ibrl, 'runs', id)).events.map((event) => Date.parse(event.time));
    expect(Math.max(...times('b'))).toBeLessThanOrEqual(Math.min(...times('a')));
    expect(RunReader.open(join(ibrl, 'runs', 'a')).state()).toBe('done');
  });

  test('is worked off by one process at a time, which resumes what its predecessor left', async () => {
    const folder = temporaryFolder();
    const ibrl = join(folder, '.ibrl');
    const queue = new RunQueue(ibrl);
    const left = entry(ibrl, 'left');
    queue.add(left);
    RunWriter.create(left.run, { ...newRun, id: 'left', experimentText: left.experimentText }, facts).close();
    const trainer = { script: buildScript(source, folder) };
    const work = queue.work((values) => startDetached(trainer, values), { pollMs: 10 });
    await expect(new RunQueue(ibrl).work(() => Promise.resolve())).rejects.toMatchObject({ code: 'run-busy' });
    await work;
    expect(RunReader.open(left.run)).toMatchObject({ fold: { attempt: 2, state: 'done' } });
  });

  test('a damaged entry harms none of the others', () => {
    const ibrl = join(temporaryFolder(), '.ibrl');
    const queue = new RunQueue(ibrl);
    queue.add(entry(ibrl, 'good'));
    writeFileSync(join(ibrl, 'queue', '000000-bad.json'), '{');
    expect(queue.list().map((each) => each.id)).toEqual(['good']);
  });
});

describe('finding runs', () => {
  test('from a project, a .ibrl folder or the run itself; by path, id or the end of an id', () => {
    const project = temporaryFolder();
    const folder = newRunFolder(join(project, 'experiments', 'a.ibrl.yaml'));
    const id = folder.split(/[\\/]/).at(-1) ?? '';
    RunWriter.create(folder, { ...newRun, id }, facts).close();
    mkdirSync(join(project, 'node_modules', 'x', '.ibrl', 'runs'), { recursive: true });
    for (const from of [project, join(project, 'experiments', '.ibrl'), folder]) {
      expect(findRuns(from).runs).toMatchObject([{ id, folder, state: 'interrupted', name: newRun.name, iterations: 2 }]);
    }
    for (const named of [id, id.slice(-4), join('experiments', '.ibrl', 'runs', id)]) expect(resolveRun(named, project)).toBe(folder);
    expect(() => resolveRun('nothing', project)).toThrow(/There is no run nothing/);
  });

  test('one that cannot be read is told and hides no other', () => {
    const project = temporaryFolder();
    RunWriter.create(join(project, 'good'), newRun, facts).close();
    mkdirSync(join(project, 'bad'));
    writeFileSync(join(project, 'bad', 'run.json'), '{"format":"ibrl-run","version":9}');
    const { runs, unreadable } = findRuns(project);
    expect(runs).toHaveLength(1);
    expect(unreadable[0]).toMatch(/version 9.*Update it/);
  });
});
