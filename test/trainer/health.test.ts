import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { SignCode } from '../../src/learning/evaluation/healthSigns/sign';
import type { EventOf } from '../../src/run/contract';
import { RunReader } from '../../src/run/reader';
import { GradientLog } from '../../src/trainer/phases/gradientLog';
import { fingerprints, run, SMALL, TestFolder, trainAndReact } from './processes';

const folder = new TestFolder();
afterAll(() => folder.clean());

interface Changes {
  readonly system?: string;
  readonly data?: string;
  readonly bounds?: string;
  readonly safety?: string;
  readonly diversity?: string;
  readonly policies?: string;
  readonly models?: string;
  readonly search?: string;
  readonly iterations?: number;
  readonly deployment?: string;
}

/** A small experiment with one thing wrong. */
function experiment(changes: Changes): string {
  const { system = 'kind: grid-2d, start: far', data = 'behaviour: nearer-target, epsilon: 0.1, episodes: 6, steps: 25', bounds = 'x: [0, 10], y: [0, 10]', safety = 'constrain: true' } = changes;
  const { diversity = 'measure: min-lsed, over: [x, y], weight: 0.01', policies = 'count: 2, hidden: [8]', models = 'members: 2, hidden: [8], updates: 300, laterUpdates: 300, batch: 32', search = 'starts: { count: 4, from: first }, updates: 60', iterations = 1 } = changes;
  const { deployment = 'episodes: 1, steps: 25, evaluate: 20, evaluateSteps: 25' } = changes;
  return `ibrl: 1\nname: Unhealthy\nsystem: { ${system} }\ndata: { generate: { ${data} } }\nbounds: { ${bounds} }\nsafety: { ${safety} }\ndiversity: { ${diversity} }\npolicies: { ${policies} }\nmodels: { ${models} }\nsearch: { ${search} }\niterations: ${iterations}\ndeployment: { ${deployment} }\nseed: 3\n`;
}

/** Enough of everything to reach the goal, whose place is known. */
const pursuit: Changes = {
  data: 'behaviour: nearer-target, epsilon: 0.1, episodes: 20, steps: 25',
  policies: 'count: 2, hidden: [24, 24]',
  models: 'members: 2, hidden: [24, 24], updates: 800, laterUpdates: 300, batch: 64, learningRate: 0.005, reward: formula',
  search: 'horizon: 25, discount: 0.99, starts: { count: 16, from: first }, updates: 300, learningRate: 0.005',
};
/** A corner is as near to the goal as these bounds allow. */
const shutOut: Changes = {
  bounds: 'x: [6, 10], y: [7, 10]',
  search: 'horizon: 25, discount: 0.99, starts: { count: 16, from: first }, updates: 300, learningRate: 0.02',
  deployment: 'episodes: 1, steps: 100, evaluate: 20, evaluateSteps: 25',
};

/** What is wrong, and the sign that must tell it. */
const unhealthy: readonly [SignCode, string, Changes][] = [
  ['terms-in-conflict', 'policies are held to a behaviour that never meets the goal', { ...pursuit, safety: 'objective: { weight: 0.05 }', iterations: 2 }],
  ['diversity-dominates', 'diversity has three hundred times its useful weight', { diversity: 'measure: min-lsed, over: [x, y], weight: 3', search: 'starts: { count: 8, from: first }, updates: 150', models: 'members: 2, hidden: [8], updates: 600, batch: 32, learningRate: 0.01' }],
  ['coverage-stalls', 'policies hardly move', { system: 'kind: grid-2d, start: corner', data: 'behaviour: do-nothing, epsilon: 0, episodes: 100, steps: 2', search: 'starts: { count: 4, from: first }, updates: 3, learningRate: 1.0e-6', deployment: 'episodes: 50, steps: 1, evaluate: 20, evaluateSteps: 25' }],
  ['recordings-redundant', 'the same policies are deployed again, to the same corner', { ...pursuit, ...shutOut, iterations: 2 }],
  ['bounds-bind', 'the goal lies outside of both bounds', { ...pursuit, ...shutOut }],
  ['policies-vary', 'diversity sends one policy away from a goal that all know', { system: 'kind: grid-2d, start: uniform', data: 'behaviour: straight-to-goal, epsilon: 0.5, episodes: 20, steps: 25', diversity: 'measure: lsed, over: [x, y], weight: 0.3', policies: 'count: 4, hidden: [8]', models: 'members: 2, hidden: [8], updates: 1000, batch: 32', search: 'starts: { count: 4, from: first }, updates: 300, learningRate: 0.02', deployment: 'episodes: 1, steps: 25, evaluate: 20, evaluateSteps: 400' }],
  ['models-vary', 'models are hardly fitted', { models: 'members: 4, hidden: [24, 24], updates: 5, batch: 100, learningRate: 0.005', search: 'starts: { count: 16, from: first }, updates: 300, learningRate: 0.005' }],
  ['promise-missed', 'policies learn the errors of models that know little', { models: 'members: 2, hidden: [8], updates: 20, batch: 32', search: 'starts: { count: 4, from: first }, updates: 300, learningRate: 0.02' }],
  ['models-unstable', 'models saw five steps of two episodes, once', { system: 'kind: industrial-benchmark, setpoint: 70', data: 'behaviour: random, epsilon: 0, episodes: 2, steps: 5', bounds: 'velocity: [30, 50], gain: [40, 85], shift: [40, 90]', diversity: 'measure: none', policies: 'count: 2, hidden: [8], history: 1, inputs: [velocity, gain, shift]', models: 'members: 2, hidden: [16], history: 1, inputs: [velocity, gain, shift], updates: 1, batch: 32', search: 'horizon: 10, starts: { count: 4 }, updates: 10', deployment: 'episodes: 1, steps: 60, evaluate: 20, evaluateSteps: 60' }],
  ['behaviour-without-support', 'β has to guess uniformly random actions from few rows', { system: 'kind: industrial-benchmark, setpoint: 70', data: 'behaviour: random, epsilon: 0, episodes: 3, steps: 60', bounds: 'velocity: [30, 50], gain: [40, 85], shift: [40, 90]', diversity: 'measure: none', policies: 'count: 2, hidden: [8], history: 3, inputs: [velocity, gain, shift]', models: 'members: 2, hidden: [16], history: 3, inputs: [velocity, gain, shift], updates: 3, batch: 32, learningRate: 0.3', search: 'horizon: 10, starts: { count: 4 }, updates: 10', deployment: 'episodes: 1, steps: 60, evaluate: 20, evaluateSteps: 60' }],
  ['actions-without-support', 'the soft constraint is too light to hold anything', { safety: 'soft: { weight: 0.001 }', search: 'starts: { count: 8, from: first }, updates: 100' }],
];

describe('a run warns', () => {
  test.each(unhealthy)('with %s where %s', async (code, _, changes) => {
    const name = folder.at(code);
    const { code: exit, stderr } = await run(['train', folder.experiment(experiment(changes), `${code}.ibrl.yaml`), '--run', name, '--threads', '1']);
    expect(exit, stderr).toBe(0);
    const reader = RunReader.open(name);
    const measured = reader.fold.toldOf('health-measured').filter((event) => event.sign === code);
    expect(measured.some((event) => event.raised), JSON.stringify(measured.map((event) => event.metrics))).toBe(true);
    const warning = reader.summary().warnings.find((candidate) => candidate.code === code);
    expect(warning?.metrics).toEqual(measured.find((event) => event.raised)?.metrics);
  });
});

test('of a search’s ten checks of its gradients the first five count, those among them that were made', () => {
  const made = (checks: readonly number[]) => {
    const log = new GradientLog(['return', 'diversity'], 10, null);
    for (const check of checks) log.add(check, { norms: { return: 1 + check, diversity: 2 }, cosines: { 'return diversity': 0.5 - check } });
    return new GradientLog(['return', 'diversity'], 10, log.data).firstHalf();
  };
  expect(made([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).map(({ norms }) => norms['return'])).toEqual([1, 2, 3, 4, 5]);
  expect(made([1, 7])).toEqual([{ norms: { return: 2, diversity: 2 }, cosines: { 'return diversity': -0.5 } }]);
});

test('models that run away are counted in promised steps, without the recorded frames that rollouts begin at', () => {
  const [{ metrics }] = RunReader.open(folder.at('models-unstable')).fold.toldOf('health-measured').filter(({ sign }) => sign === 'models-unstable');
  // two policies through two members from 16 starts, 60 steps each
  const counted = metrics['share'] * 2 * 2 * 16 * 60;
  expect(counted).toBeCloseTo(Math.round(counted), 6);
});

describe('signs of a run', () => {
  const longer = SMALL.replace('updates: 60', 'updates: 500').replace('weight: 0.01', 'weight: [0.01, 0]');
  const signsOf = (name: string) => RunReader.open(folder.at(name)).fold.toldOf('health-measured').map(({ iteration, sign, raised, metrics }) => ({ iteration, sign, raised, metrics }));

  test('are the same where it was left in the middle of a search and resumed, and no file depends on that', async () => {
    expect((await trainAndReact(folder, longer, 'whole', () => undefined)).code).toBe(0);
    let asked = false;
    await trainAndReact(folder, longer, 'left', (event, child) => {
      if (asked || event.type !== 'progress' || event.phase !== 'searching' || event.iteration !== 1 || event.done < 220) return;
      asked = true;
      child.kill('SIGTERM');
    });
    expect(RunReader.open(folder.at('left')).state(), 'the run was left before its end').not.toBe('done');
    expect((await run(['resume', folder.at('left')])).code).toBe(0);
    expect(signsOf('left')).toEqual(signsOf('whole'));
    expect(fingerprints(folder.at('left'))).toEqual(fingerprints(folder.at('whole')));
  });

  test('are told once in each iteration, a warning beside each that is raised', async () => {
    const events = readFileSync(folder.at('whole/events.ndjson'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as EventOf<'health-measured'> | EventOf<'warning'>);
    const measured = events.filter((event) => event.type === 'health-measured');
    expect(new Set(measured.map(({ iteration, sign }) => `${iteration} ${sign}`)).size).toBe(measured.length);
    expect(measured.map(({ sign }) => sign)).toContain('terms-in-conflict');
    expect(measured.flatMap(({ sign, iteration }) => (sign === 'coverage-stalls' ? [iteration] : [])), 'only while diversity has a weight').toEqual([1]);
    const codes = new Set<string>(unhealthy.map(([code]) => code));
    const warned = events.filter((event) => event.type === 'warning' && codes.has(event.code)).map((event) => event.iteration);
    expect(warned).toEqual(measured.filter((event) => event.raised).map((event) => event.iteration));
  });
});
