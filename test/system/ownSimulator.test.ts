import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { setValue } from '../../src/experiment/setValue';
import { formatTrainerArguments, parseTrainerArguments } from '../../src/launcher/trainerArguments';
import type { RunEvent } from '../../src/run/contract';
import { fingerprints, run, TestFolder } from '../trainer/processes';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = new TestFolder();
afterAll(() => folder.clean());

/** The example, made short. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['data.generate.episodes', '4'], ['data.generate.steps', '20'], ['models.members', '2'], ['models.updates', '60'], ['models.laterUpdates', '60'],
  ['search.horizon', '8'], ['search.updates', '12'], ['deployment.steps', '20'], ['deployment.evaluate', '20'], ['deployment.evaluateSteps', '10'],
];
copyFileSync(join(root, 'examples/own-simulator/tank.py'), folder.at('tank.py'));
const tank = SETTINGS.reduce((text, [path, value]) => setValue(text, path, value), readFileSync(join(root, 'examples/own-simulator/tank.ibrl.yaml'), 'utf8'));

/** The cart of this folder's tests, with a fault, as an experiment. @param note the file that receives its process id */
function cart(fault: string, timeout = 10, note: string | null = null): string {
  return `ibrl: 1
name: Cart
system: { kind: program, command: ${JSON.stringify([process.execPath, join(import.meta.dirname, 'cart.mjs'), fault, ...(note === null ? [] : [note])])}, timeout: ${timeout} }
variables:
  x: { role: state, unit: m, range: [0, 10] }
  twice: { role: state, unit: m, range: [0, 20] }
  push: { role: action, unit: m, range: [-1, 1] }
data: { generate: { behaviour: random, epsilon: 0, episodes: 3, steps: 15 } }
policies: { count: 2, hidden: [4], history: 1 }
models: { members: 2, hidden: [4], history: 1, updates: 20, laterUpdates: 20 }
search: { horizon: 5, updates: 5 }
iterations: 1
deployment: { steps: 15, evaluate: 20, evaluateSteps: 10 }
`;
}

/** Starts the trainer itself. @returns how it ended */
function train(name: string, experiment: string | null, allowPrograms: boolean, react: (pid: number) => void = () => undefined): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stderr: string }> {
  const values = { run: folder.at(name), experiment: experiment === null ? null : folder.experiment(experiment, `${name}.ibrl.yaml`), source: null, threads: 1, engine: null, lease: null, attached: false, allowPrograms };
  const child = spawn(process.execPath, [join(root, 'dist/trainer.cjs'), ...formatTrainerArguments(values)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.once('spawn', () => react(child.pid ?? 0));
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stderr })));
}

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Whether a process runs: one that ended and was not yet taken note of does not. */
function runs(id: number): boolean {
  expect(id).toBeGreaterThan(0);
  try {
    process.kill(id, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${id}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'latin1'));
}

const failed = (events: readonly RunEvent[]) => events.find((event) => event.type === 'failed');

test('the example in Python is trained, deployed and evaluated, within its bounds, with the same bits on any number of threads', async () => {
  const file = folder.experiment(tank, 'tank.ibrl.yaml');
  for (const threads of ['1', '2']) {
    const { code, stderr } = await run(['train', file, '--run', folder.at(`tank ${threads}`), '--threads', threads]);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  }
  expect(fingerprints(folder.at('tank 2'))).toEqual(fingerprints(folder.at('tank 1')));
  const { policies } = JSON.parse(readFileSync(folder.at('tank 1/iterations/002/evaluation.json'), 'utf8')) as { policies: { violations: { steps: number } }[] };
  expect(policies.map(({ violations }) => violations.steps)).toEqual([0, 0]);
}, 60_000);

test('the example has no more than 30 lines', () => {
  expect(readFileSync(join(root, 'examples/own-simulator/tank.py'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(30);
});

describe('a program is started only where somebody said so', () => {
  test('the trainer’s command line carries the word, and is silent without', () => {
    const silent = { run: 'r', experiment: null, source: null, threads: null, engine: null, lease: null, attached: true };
    expect(parseTrainerArguments(formatTrainerArguments(silent)).allowPrograms ?? false).toBe(false);
    expect(parseTrainerArguments(formatTrainerArguments({ ...silent, allowPrograms: false })).allowPrograms ?? false).toBe(false);
    expect(parseTrainerArguments(formatTrainerArguments({ ...silent, allowPrograms: true })).allowPrograms).toBe(true);
  });

  test('a new run is refused with a sentence, and nothing is started or made', async () => {
    const note = folder.at('started');
    const { code, stderr } = await train('untrusted', cart('none', 10, note), false);
    expect(code).toBe(2);
    expect(stderr).toMatch(/starts a program of its own.*cart\.mjs.*trust the workspace/);
    expect(existsSync(note)).toBe(false);
    expect(existsSync(folder.at('untrusted/run.json'))).toBe(false);
  });

  test('so is the run of another, when it is to go on', async () => {
    // long enough to be met while it fits
    const file = folder.experiment(cart('none').replace('updates: 20', 'updates: 5000'), 'stopped.ibrl.yaml');
    const { code } = await run(['train', file, '--run', folder.at('stopped')], (event, child) => void (event.type === 'phase-started' && event.phase === 'modelling' && child.kill('SIGTERM')));
    expect(code).toBe(75);
    expect((await train('stopped', null, false)).code).toBe(2);
    expect((await train('stopped', null, true)).code).toBe(0);
  });
});

test.each([
  ['dies', 'program-ended', /exit code 3/],
  ['no JSON', 'program-nonsense', /not JSON/],
  ['hangs', 'program-silent', /did not answer within 0\.5 s/],
])('a program that %s fails the run with a sentence, and the run can be resumed', async (fault, code, sentence) => {
  const file = folder.experiment(cart(fault, 0.5), `${code}.ibrl.yaml`);
  const ended = await run(['train', file, '--run', folder.at(code)]);
  expect(ended.code).toBe(1);
  expect(failed(ended.events)).toMatchObject({ code, message: expect.stringMatching(sentence) as string });
  if (fault === 'dies') expect(failed(ended.events)?.causes.join()).toContain('the pump is dry');
  expect((await run(['resume', folder.at(code)])).code).toBe(1);
});

test('stopping does not wait for a program that hangs, and ends it', async () => {
  const note = folder.at('hanging');
  let trainer = 0;
  const ended = train('hanging run', cart('hangs', 600, note), true, (pid) => (trainer = pid));
  await until(() => existsSync(note) && readFileSync(note, 'utf8') !== '');
  const program = Number(readFileSync(note, 'utf8'));
  expect(runs(program)).toBe(true);
  expect(trainer).toBeGreaterThan(0);
  process.kill(trainer, 'SIGTERM');
  expect((await ended).code).toBe(75);
  expect(runs(program)).toBe(false);
});

test('a program notices that its trainer was killed', async () => {
  const note = folder.at('orphan');
  let trainer = 0;
  const ended = train('killed', cart('none', 10, note).replace('updates: 5 ', 'updates: 100000 '), true, (pid) => (trainer = pid));
  await until(() => existsSync(note) && readFileSync(note, 'utf8') !== '');
  const program = Number(readFileSync(note, 'utf8'));
  expect(trainer).toBeGreaterThan(0);
  process.kill(trainer, 'SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  await until(() => !runs(program));
});
