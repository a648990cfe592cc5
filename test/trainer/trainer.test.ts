import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evaluation, RunEvent } from '../../src/run/contract';
import { makeRequest } from '../../src/run/requests';
import { RunReader } from '../../src/run/reader';
import { fingerprints, run, SMALL, TestFolder, trainAndReact } from './processes';

const folder = new TestFolder();
let whole: Record<string, string>;

beforeAll(async () => {
  const { code, stderr } = await run(['train', folder.experiment(SMALL), '--run', folder.at('whole'), '--threads', '1']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  whole = fingerprints(folder.at('whole'));
}, 60_000);
afterAll(() => folder.clean());

const evaluation = (runName: string, iteration: number) => JSON.parse(readFileSync(folder.at(`${runName}/iterations/00${iteration}/evaluation.json`), 'utf8')) as Evaluation;

test('a run leaves every file of every iteration, and an event that names each', () => {
  const each = ['batch.parquet', 'curves.f32', 'decision.json', 'diff.json', 'evaluation.json', 'models.json', 'policies/policy-1.json', 'policies/policy-2.json', 'policies/probe.json', 'predicted.json', 'reliability-new.json', 'reliability.json', 'trajectories.f32'];
  expect(Object.keys(whole)).toEqual(['000/batch.parquet', ...each.map((file) => `001/${file}`), ...each.map((file) => `002/${file}`)]);
  const reader = RunReader.open(folder.at('whole'));
  expect(reader.state()).toBe('done');
  for (const file of Object.keys(whole)) expect(reader.fold.files.get(`iterations/${file}`)?.sha256, file).toBe(whole[file]);
});

test('parameters change in every iteration, and no step leaves the bounds', () => {
  const policies = [1, 2].map((iteration) => whole[`00${iteration}/policies/policy-1.json`]);
  expect(policies[0]).not.toBe(policies[1]);
  expect(whole['001/models.json']).not.toBe(whole['002/models.json']);
  for (const iteration of [1, 2])
    for (const policy of [...evaluation('whole', iteration).policies, evaluation('whole', iteration).probe]) expect(policy?.violations.steps).toBe(0);
});

test('models are judged on held-out rows, and on new recordings before they are learned', () => {
  const { reliability } = RunReader.open(folder.at('whole')).summary();
  expect(reliability.map(({ iteration }) => iteration)).toEqual([1, 2]);
  for (const { heldOut, new: recent } of reliability) {
    // so few short episodes hold out blocks of a few rows; what was recorded anew is 25 steps long and used as a whole
    for (const [part, judged] of [[heldOut, [true, false, false, false, false]], [recent, [true, true, true, false, false]]] as const) {
      expect(part?.horizons.map(({ windows }) => windows > 0)).toEqual(judged);
      expect(part?.horizons.map(({ reason }) => reason === null)).toEqual(judged);
      expect(part?.variables.map(({ name, source }) => [name, source])).toEqual([['x', 'learned'], ['y', 'learned'], ['reward', 'reward']]);
      for (const variable of part?.variables ?? []) expect(variable.error.map((value) => value !== null)).toEqual(judged);
    }
  }
});

test('no file of an iteration holds a time, a path or an id', () => {
  for (const file of Object.keys(whole).filter((name) => name.endsWith('.json'))) {
    const text = readFileSync(folder.at(`whole/iterations/${file}`), 'utf8');
    expect(text.includes(folder.path), file).toBe(false);
    expect(/20\d\d-\d\d-\d\dT/.test(text), file).toBe(false);
  }
});

test('two threads give the bits of one', async () => {
  const { code } = await run(['train', folder.experiment(SMALL), '--run', folder.at('two-threads'), '--threads', '2']);
  expect(code).toBe(0);
  expect(fingerprints(folder.at('two-threads'))).toEqual(whole);
});

describe('a run that is left and resumed ends in the same bits', () => {
  const at = (iteration: number, phase: string, done: number) => (event: RunEvent) => event.type === 'progress' && event.iteration === iteration && event.phase === phase && event.done >= done;
  const moments: readonly [string, (event: RunEvent) => boolean][] = [
    // not in the last iteration: a loaded machine hears of it late, and there must be something left to stop
    ['while models are fitted', at(1, 'modelling', 300)],
    ['while β is fitted', at(1, 'modelling', 2200)],
    ['while policies are searched', at(1, 'searching', 50)],
    ['while policies are evaluated', at(1, 'evaluating', 2)],
  ];
  let expected: Record<string, string>;
  // long enough in every phase to be left in its middle
  const longer = SMALL.replace('updates: 120, laterUpdates: 120', 'updates: 2000, laterUpdates: 2000').replace('updates: 60', 'updates: 500').replace('evaluate: 20', 'evaluate: 1000');
  const train = (name: string, react: (event: RunEvent, trainer: ChildProcess) => void) => trainAndReact(folder, longer, name, react);
  const resumed = async (name: string): Promise<void> => {
    const reader = RunReader.open(folder.at(name));
    expect(reader.state(), 'the run was left before its end').not.toBe('done');
    const { code, stderr } = await run(['resume', folder.at(name)]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(fingerprints(folder.at(name))).toEqual(expected);
  };

  beforeAll(async () => {
    expect((await train('longer', () => undefined)).code).toBe(0);
    expected = fingerprints(folder.at('longer'));
  }, 60_000);

  test.each(moments)('stop now, %s', async (moment, isMoment) => {
    const name = `stop ${moment}`.replaceAll(/\W/g, '-');
    const { code } = await train(name, once(isMoment, () => makeRequest(folder.at(name), 'stop-now')));
    expect(code).toBe(0);
    expect(RunReader.open(folder.at(name)).events.filter((event) => event.type === 'request-handled')).toMatchObject([{ kind: 'stop-now', outcome: 'done' }]);
    await resumed(name);
  });

  test.each(moments)('SIGTERM, %s', async (moment, isMoment) => {
    const name = `term ${moment}`.replaceAll(/\W/g, '-');
    const { code } = await train(name, once(isMoment, (trainer) => trainer.kill('SIGTERM')));
    expect(code).toBe(75);
    await resumed(name);
  });

  test.each(moments)('kill -9, %s', async (moment, isMoment) => {
    const name = `kill ${moment}`.replaceAll(/\W/g, '-');
    const { signal } = await train(name, once(isMoment, (trainer) => trainer.kill('SIGKILL')));
    expect(signal).toBe('SIGKILL');
    await resumed(name);
  });

  test('stop after this iteration', async () => {
    const { code } = await train('after-iteration', once(at(1, 'modelling', 1), () => makeRequest(folder.at('after-iteration'), 'stop-after-iteration')));
    expect(code).toBe(0);
    const events = RunReader.open(folder.at('after-iteration')).events;
    expect(events.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped' });
    expect(events.filter((event) => event.type === 'request-handled')).toMatchObject([{ kind: 'stop-after-iteration', outcome: 'done' }]);
    expect(Object.keys(fingerprints(folder.at('after-iteration'))).some((file) => file.startsWith('002/'))).toBe(false);
    await resumed('after-iteration');
  });
});

/** Reacts to the first event of a kind only. */
function once(isMoment: (event: RunEvent) => boolean, react: (trainer: ChildProcess) => void): (event: RunEvent, trainer: ChildProcess) => void {
  let done = false;
  return (event, trainer) => {
    if (done || !isMoment(event)) return;
    done = true;
    react(trainer);
  };
}

test('resuming a finished run does nothing and ends with 0', async () => {
  const before = readFileSync(folder.at('whole/events.ndjson'), 'utf8');
  expect((await run(['resume', folder.at('whole')])).code).toBe(0);
  expect(readFileSync(folder.at('whole/events.ndjson'), 'utf8')).toBe(before);
});

test('a run that may not decide by itself waits after its prediction, and ends with 0', async () => {
  const { code, events } = await run(['train', folder.experiment(SMALL.replace('deployment: {', 'deployment: { approval: manual,')), '--run', folder.at('manual')]);
  expect(code).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'awaiting-approval' });
  expect(Object.keys(fingerprints(folder.at('manual')))).toContain('001/diff.json');
  expect(Object.keys(fingerprints(folder.at('manual')))).not.toContain('001/batch.parquet');
  const reader = RunReader.open(folder.at('manual'));
  const predicted = reader.predicted(1);
  expect(predicted?.recommendation?.policies).toHaveLength(2);
  expect(reader.summary()).toMatchObject({ iterations: [], pending: { iteration: 1, recommended: predicted?.recommended, ...predicted?.recommendation } });
  expect((await run(['approve', folder.at('manual'), '--reject'])).code).toBe(0);
  expect(RunReader.open(folder.at('manual')).summary().pending, 'decided').toBeNull();
});

test('an approved run goes on to the same bits but for who decided, and a rejected one deploys nothing', async () => {
  const manual = folder.experiment(SMALL.replace('deployment: {', 'deployment: { approval: manual,').replace('iterations: 2', 'iterations: 1'), 'manual.ibrl.yaml');
  for (const [name, words] of [['approved', []], ['rejected', ['--reject']]] as const) {
    await run(['train', manual, '--run', folder.at(name)]);
    expect((await run(['approve', folder.at(name), ...words])).code).toBe(0);
    expect((await run(['resume', folder.at(name)])).code).toBe(0);
    expect(RunReader.open(folder.at(name)).state()).toBe('done');
    expect((await run(['approve', folder.at(name)])).code, 'nothing is waiting any more').toBe(2);
  }
  const approved = fingerprints(folder.at('approved'));
  for (const file of Object.keys(approved)) if (file !== '001/decision.json') expect(approved[file], file).toBe(whole[file]);
  expect(Object.keys(fingerprints(folder.at('rejected')))).not.toContain('001/batch.parquet');
});

test('an experiment that cannot run ends with 2 and leaves no run', async () => {
  const { code, stderr } = await run(['train', folder.experiment(SMALL.replace('grid-2d', 'grid-3d'), 'bad.ibrl.yaml'), '--run', folder.at('bad')]);
  expect(code).toBe(2);
  expect(stderr).toContain('grid-3d');
  expect(() => RunReader.open(folder.at('bad'))).toThrow();
});

test('a run of the reference engine ends in nearly the same policies', async () => {
  const tiny = SMALL.replace('updates: 120, laterUpdates: 120', 'updates: 20, laterUpdates: 20').replace('updates: 60', 'updates: 5').replace('iterations: 2', 'iterations: 1');
  const results: number[][] = [];
  for (const engine of ['wasm', 'reference']) {
    const { code } = await run(['train', folder.experiment(tiny, `${engine}.ibrl.yaml`), '--run', folder.at(engine), '--engine', engine]);
    expect(code).toBe(0);
    results.push(evaluation(engine, 1).policies.flatMap((policy) => policy.returns));
  }
  results[0].forEach((value, i) => expect(value).toBeCloseTo(results[1][i], 2));
}, 60_000);

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
test.each([
  ['grid-2d', ['models.updates=40', 'models.laterUpdates=40', 'search.updates=10', 'iterations=2', 'deployment.evaluate=20', 'diversity.weight=0.01']],
  ['industrial-benchmark', ['data.generate.steps=200', 'models.updates=30', 'models.laterUpdates=30', 'search.updates=5', 'iterations=2', 'deployment.steps=200', 'deployment.evaluateSteps=100']],
])('the example %s runs, shortened', async (name, sets) => {
  const { code, stderr } = await run(['train', join(examples, `${name}.ibrl.yaml`), '--run', folder.at(name), ...sets.flatMap((set) => ['--set', set])]);
  expect(stderr.split('\n').filter((line) => line.includes('error'))).toEqual([]);
  expect(code).toBe(0);
  expect(evaluation(name, 2).policies).toHaveLength(4);
}, 60_000);
