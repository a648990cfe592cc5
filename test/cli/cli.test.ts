import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunEvent, RunSummary } from '../../src/run/contract';
import { RunReader } from '../../src/run/reader';
import { temporaryFolder } from '../run/helpers';

/** The real command, with a trainer beside it that counts and learns nothing: these tests are about processes. */
const programs = mkdtempSync(join(tmpdir(), 'ibrl-test-cli-'));
const experiment = (updates: number): string => `ibrl: 1\nname: Walking\nsystem:\n  kind: grid-2d\nsearch:\n  updates: ${updates}\n`;

beforeAll(() => {
  const common = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' } as const;
  buildSync({ ...common, entryPoints: [resolve(import.meta.dirname, '../launcher/walkingTrainer.ts')], outfile: join(programs, 'trainer.cjs') });
  copyFileSync(resolve(import.meta.dirname, '../../dist/ibrl.cjs'), join(programs, 'ibrl.cjs'));
});
afterAll(() => rmSync(programs, { recursive: true }));

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function begin(folder: string, ...words: string[]): ChildProcess {
  return spawn(process.execPath, [join(programs, 'ibrl.cjs'), ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode: exitCode as number | null, stdout, stderr };
}

function ibrl(folder: string, ...words: string[]): Promise<Outcome> {
  return outcome(begin(folder, ...words));
}

function project(updates: number): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'walking.ibrl.yaml'), experiment(updates));
  return folder;
}

function events(stdout: string): RunEvent[] {
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as RunEvent);
}

async function untilTraining(run: string): Promise<void> {
  await vi.waitUntil(() => readdirSync(resolve(run, '..')).includes('run') && readdirSync(run).includes('run.json') && RunReader.open(run).fold.position !== null, { timeout: 20_000, interval: 20 });
}

describe('train', () => {
  test('--json prints every event of the run once, in order, and ends with 0', async () => {
    const folder = project(12);
    const { exitCode, stdout, stderr } = await ibrl(folder, 'train', 'walking.ibrl.yaml', '--run', 'run', '--threads', '2', '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(readFileSync(join(folder, 'run', 'events.ndjson'), 'utf8'));
    expect(events(stdout).find((event) => event.type === 'attempt-started')).toMatchObject({ threads: 2 });
  });

  test('puts the run beside the experiment, and freezes the text with every --set', async () => {
    const folder = project(500);
    const { exitCode, stdout } = await ibrl(folder, 'train', 'walking.ibrl.yaml', '--set', 'search.updates=5', '--set', 'seed=9');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Walking: done/);
    const [id] = readdirSync(join(folder, '.ibrl', 'runs'));
    const reader = RunReader.open(join(folder, '.ibrl', 'runs', id));
    expect(reader.experimentText()).toMatch(/updates: 5\n/);
    expect(reader.experimentText()).toMatch(/seed: 9/);
    expect(reader.description.source).toBe(join(folder, 'walking.ibrl.yaml'));
    expect(readFileSync(join(folder, 'walking.ibrl.yaml'), 'utf8')).toBe(experiment(500));
  });

  test('input that cannot be run ends with 2, and leaves no run behind', async () => {
    const folder = project(5);
    writeFileSync(join(folder, 'bad.ibrl.yaml'), 'ibrl: 1\nname: Bad\nsystem:\n  kind: grid-3d\n');
    const bad = await ibrl(folder, 'train', 'bad.ibrl.yaml');
    expect(bad.exitCode).toBe(2);
    expect(bad.stderr).toMatch(/bad\.ibrl\.yaml:4:\d+: error: /);
    for (const words of [['missing.ibrl.yaml'], ['walking.ibrl.yaml', '--set', 'updates'], ['walking.ibrl.yaml', '--threads', 'x'], ['walking.ibrl.yaml', '--memory', '1.5'], ['walking.ibrl.yaml', '--walk'], []]) {
      expect(await ibrl(folder, 'train', ...words)).toMatchObject({ exitCode: 2 });
    }
    expect(readdirSync(folder).toSorted()).toEqual(['bad.ibrl.yaml', 'walking.ibrl.yaml']);
    const json = await ibrl(folder, 'train', 'missing.ibrl.yaml', '--json');
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'file-missing' } });
  });

  test('a folder that holds a run is not trained over', async () => {
    const folder = project(2);
    expect(await ibrl(folder, 'train', 'walking.ibrl.yaml', '--run', 'run')).toMatchObject({ exitCode: 0 });
    const again = await ibrl(folder, 'train', 'walking.ibrl.yaml', '--run', 'run');
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toMatch(/Resume it/);
  });

  test('SIGTERM ends it with 75 and a checkpoint, resume goes on to the end, and once more does nothing', async () => {
    const folder = project(60);
    const run = join(folder, 'run');
    const training = begin(folder, 'train', 'walking.ibrl.yaml', '--run', 'run', '--json');
    const ended = outcome(training);
    await untilTraining(run);
    training.kill('SIGTERM');
    expect((await ended).exitCode).toBe(75);
    const resumed = await ibrl(folder, 'resume', 'run', '--json');
    expect(resumed.exitCode).toBe(0);
    const news = events(resumed.stdout);
    expect(news.every((event) => event.attempt === 2)).toBe(true);
    expect(news.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'done' });
    expect(await ibrl(folder, 'resume', 'run', '--json')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(RunReader.open(run).fold.attempt).toBe(2);
  });

  test('Ctrl-C stops it, with 0', async () => {
    const folder = project(300);
    const training = begin(folder, 'train', 'walking.ibrl.yaml', '--run', 'run');
    const ended = outcome(training);
    await untilTraining(join(folder, 'run'));
    training.kill('SIGINT');
    expect((await ended).exitCode).toBe(0);
    expect(RunReader.open(join(folder, 'run')).state()).toBe('stopped');
  });

  test('killed without a word, its trainer stops with a checkpoint, and resume waits for it and goes on', async () => {
    const folder = project(60);
    const run = join(folder, 'run');
    const training = begin(folder, 'train', 'walking.ibrl.yaml', '--run', 'run');
    const ended = outcome(training);
    await untilTraining(run);
    training.kill('SIGKILL');
    await ended;
    expect(await ibrl(folder, 'resume', 'run')).toMatchObject({ exitCode: 0 });
    expect(RunReader.open(run).fold).toMatchObject({ attempt: 2, state: 'done' });
  });

  test('a trainer that is killed leaves a run that can be resumed', async () => {
    const folder = project(60);
    const run = join(folder, 'run');
    const training = begin(folder, 'train', 'walking.ibrl.yaml', '--run', 'run');
    const ended = outcome(training);
    await untilTraining(run);
    const claim = JSON.parse(readFileSync(join(run, 'lock', '000001.json'), 'utf8')) as { pid: number };
    process.kill(claim.pid, 'SIGKILL');
    const { exitCode, stderr, stdout } = await ended;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/SIGKILL.*resume/);
    expect(stdout).toMatch(/interrupted/);
    expect(await ibrl(folder, 'resume', 'run')).toMatchObject({ exitCode: 0 });
  });
});

describe('stop, runs, show', () => {
  test('stop --now reaches a run that works; afterwards there is nothing to stop', async () => {
    const folder = project(300);
    const ended = ibrl(folder, 'train', 'walking.ibrl.yaml', '--run', 'run');
    await untilTraining(join(folder, 'run'));
    const stop = await ibrl(folder, 'stop', 'run', '--now', '--json');
    expect(JSON.parse(stop.stdout)).toMatchObject({ id: 'run', state: 'running', request: expect.any(String) as string });
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(JSON.parse((await ibrl(folder, 'stop', 'run', '--json')).stdout)).toEqual({ id: 'run', request: null, state: 'stopped' });
  });

  test('show --json gives cost and return of every policy beside the references; runs lists the run', async () => {
    const folder = project(3);
    await ibrl(folder, 'train', 'walking.ibrl.yaml');
    const [run] = JSON.parse((await ibrl(folder, 'runs', '--json')).stdout) as { id: string; state: string }[];
    expect(run.state).toBe('done');
    const summary = JSON.parse((await ibrl(folder, 'show', run.id, '--json')).stdout) as RunSummary;
    expect(summary).toMatchObject({ id: run.id, state: 'done', iterations: [{ iteration: 1, coverage: 0.5, minLsed: 0 }, { iteration: 2 }] });
    expect(summary.iterations[0].policies[0]).toMatchObject({ policy: 1, cost: { mean: 10, standardError: 1 }, return: { mean: -10 }, promised: { cost: { mean: 10 } }, violations: { steps: 0 } });
    expect(summary.iterations[0].references).toMatchObject({ doNothing: { cost: { mean: 20 } }, behaviour: { return: { mean: -15 } } });
    const shown = (await ibrl(folder, 'show', run.id)).stdout;
    for (const word of ['policy 1', 'mean', 'best', 'worst', 'recommended', 'probe', 'do-nothing', 'behaviour', '10.00 ± 1.000']) expect(shown).toContain(word);
    expect((await ibrl(folder, 'runs')).stdout).toContain(run.id);
  });

  test('what is no run ends with 2', async () => {
    const folder = temporaryFolder();
    for (const command of ['show', 'resume', 'stop']) {
      const { exitCode, stderr } = await ibrl(folder, command, 'nothing');
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/There is no run nothing/)]);
    }
    expect((await ibrl(folder, 'runs')).stdout).toMatch(/no runs/);
  });
});

describe('the command', () => {
  test('every command has its help, and a wrong command line ends with 2', async () => {
    const folder = temporaryFolder();
    const help = (await ibrl(folder, '--help')).stdout;
    for (const command of ['validate', 'train', 'resume', 'stop', 'runs', 'show', 'report', 'simulate', 'verify', 'schema', 'doctor']) {
      expect(help).toContain(`  ${command} `);
      expect(await ibrl(folder, command, '--help')).toMatchObject({ exitCode: 0 });
    }
    expect(await ibrl(folder, 'fly')).toMatchObject({ exitCode: 2 });
    expect((await ibrl(folder, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('doctor names what it looked at, and fails when a part is missing', async () => {
    const { exitCode, stdout } = await ibrl(temporaryFolder(), 'doctor', '--json');
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; ok: boolean }[] };
    // where a native kernel is there, it cannot be tried against the missing one
    expect(checks.filter((check) => !check.ok).map((check) => check.name)).toContain('kernel.wasm');
    expect([ok, exitCode]).toEqual([false, 1]);
  });
});
