import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBatch } from '../../src/learning/data/parquet';
import { ensembleMean, standardError } from '../../src/learning/data/statistics';
import { gatherReport } from '../../src/report/gatherReport';
import type { IterationActions } from '../../src/run/actions';
import type { Evaluation, EventType, RunSummary } from '../../src/run/contract';
import { parseEvaluation } from '../../src/run/parseFiles';
import { RunReader } from '../../src/run/reader';
import { type Ended, fingerprints, run, TestFolder, trainAndReact } from './processes';

const ibrl = fileURLToPath(new URL('../../dist/ibrl.cjs', import.meta.url));
const example = join(import.meta.dirname, '../../examples/plant-csv');
const FAST = [
  'iterations=2', 'policies.count=2', 'policies.hidden=[8]', 'models.members=2', 'models.hidden=[8]', 'models.updates=120', 'models.laterUpdates=80',
  'search.updates=40', 'search.starts=4', 'search.horizon=20',
].flatMap((setting) => ['--set', setting]);

const folder = new TestFolder();
const experiment = folder.at('tank.ibrl.yaml');
const added = folder.at('after-iteration-1.csv');
/** as a set of recordings that nobody has seen: the one before, cut and moved in time */
const later = folder.at('after-iteration-2.csv');
beforeAll(() => {
  cpSync(example, folder.path, { recursive: true });
  const [header, ...rows] = readFileSync(added, 'utf8').trim().split('\n');
  writeFileSync(later, `${[header, ...rows.slice(0, 120)].join('\n')}\n`);
});
afterAll(() => folder.clean());

const train = (name: string, ...words: string[]): Promise<Ended> => run(['train', experiment, '--run', folder.at(name), '--threads', '1', ...FAST, ...words]);
const state = (name: string): string => RunReader.open(folder.at(name)).state();
const evaluation = (name: string, iteration: number): Evaluation => parseEvaluation(readFileSync(join(folder.at(name), `iterations/00${iteration}/evaluation.json`), 'utf8'));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** As if whoever wrote last had been killed before its last event of a kind. */
function cutFrom(name: string, type: EventType): void {
  const log = join(folder.at(name), 'events.ndjson');
  const text = readFileSync(log, 'utf8');
  writeFileSync(log, text.slice(0, text.lastIndexOf('\n', text.lastIndexOf(`"type":"${type}"`)) + 1));
}

/** Approves, adds recordings and goes on, until nothing is left to do. */
async function carryOn(name: string, ...words: string[]): Promise<void> {
  for (const file of [added, later]) {
    expect((await run(['approve', folder.at(name)])).code).toBe(0);
    expect((await run(['add-data', folder.at(name), file, '--policy', '1'])).code).toBe(0);
    expect((await run(['resume', folder.at(name), ...words])).code).toBe(0);
  }
  expect(state(name)).toBe('done');
}

describe('a plant', () => {
  test('is learned from its recordings, approved, deployed by people, recorded anew, and so on to the end', async () => {
    expect((await train('whole')).code).toBe(0);
    expect(state('whole')).toBe('awaiting-approval');
    expect((await run(['approve', folder.at('whole')])).code).toBe(0);
    expect(state('whole')).toBe('awaiting-data');
    const waiting = await run(['resume', folder.at('whole')]);
    expect({ code: waiting.code, state: state('whole') }).toEqual({ code: 0, state: 'awaiting-data' });
    expect((await run(['add-data', folder.at('whole'), added, '--policy', '1'])).code).toBe(0);
    expect(state('whole')).toBe('stopped');
    expect((await run(['resume', folder.at('whole')])).code).toBe(0);
    expect(state('whole')).toBe('awaiting-approval');
    expect(execFileSync(process.execPath, [ibrl, 'show', folder.at('whole')], { encoding: 'utf8' }), 'what the models of iteration 1 met').toMatch(/Models of iteration 1:.*\n.*\nn, new .*\nlevel, new /);
    expect(RunReader.open(folder.at('whole')).summary().pending).toMatchObject({ iteration: 2, policies: [{ policy: 1 }, { policy: 2 }] });
    expect((await run(['approve', folder.at('whole')])).code).toBe(0);
    expect((await run(['add-data', folder.at('whole'), later, '--policy', '1'])).code).toBe(0);
    expect((await run(['resume', folder.at('whole'), '--threads', '2'])).code).toBe(0);
    expect(state('whole')).toBe('done');
    const summary = (await run(['show', folder.at('whole')])).events[0] as unknown as RunSummary;
    expect(summary.iterations.map(({ by, iteration }) => [iteration, by])).toEqual([[1, 'models'], [2, 'models']]);
    expect(summary.iterations[0].policies.every(({ ensembleSpread, promised }) => ensembleSpread !== null && ensembleSpread.cost > 0 && promised === null)).toBe(true);
  }, 60_000);

  test('shows how fast each policy moves each actuator, in its unit and beside its range and largest change, and how the models before did on the new recordings', async () => {
    const { actions } = (await run(['show', folder.at('whole')])).events[0] as unknown as { actions: IterationActions };
    const diff = JSON.parse(readFileSync(join(folder.at('whole'), 'iterations/002/diff.json'), 'utf8')) as { pairs: { diff: { actions: { slew: { after: object }; saturated: { after: number } }[]; sample: { row: number[] } } }[] };
    expect(actions).toMatchObject({ iteration: 2, frames: diff.pairs[0].diff.sample.row.length });
    expect(actions.actuators.map(({ name, unit, range, maxChange }) => [name, unit, range, maxChange])).toEqual([['valveMove', '%', [-5, 5], null], ['heater', 'kW', [0, 400], 20]]);
    expect(actions.actuators[1].policies).toMatchObject(diff.pairs.map((pair, k) => ({ policy: k + 1, slew: { max: (pair.diff.actions[1].slew.after as { max: number }).max }, saturated: pair.diff.actions[1].saturated.after })));
    const text = execFileSync(process.execPath, [ibrl, 'show', folder.at('whole')], { encoding: 'utf8' });
    expect(text).toMatch(/^heater, policy 2 +kW +0 to 400 +20 +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ %$/m);
    const replayed = await run(['replay', `${folder.at('whole')}:2/1`, added, '--out', folder.at('shadow.csv')]);
    expect(replayed.code).toBe(0);
    expect(readFileSync(folder.at('shadow.csv'), 'utf8').split('\n')[0]).toBe('episode,step,level [m],temperature [°C],valve [%],inflow [m³/h],valveMove recorded [%],valveMove would be [%],heater recorded [kW],heater would be [kW],supported');
    expect(gatherReport(RunReader.open(folder.at('whole'))).facts.map(({ label }) => label)).toEqual(expect.arrayContaining(['sha256 of monday.csv', 'sha256 of after-iteration-1.csv']));
    cpSync(folder.at('whole'), folder.at('damaged'), { recursive: true });
    appendFileSync(folder.at('damaged/iterations/002/diff.json'), ' ');
    expect(execFileSync(process.execPath, [ibrl, 'show', folder.at('damaged')], { encoding: 'utf8' })).toMatch(/^Iteration 2 [^]*^What the policies do with the actuators is left out\. [^]*diff\.json/m);
    const [, , again] = [...text.matchAll(/^temperature, (held out|new) /gm)].map(([, which]) => which);
    expect(again, 'the last iteration has met new recordings: one table').toBeUndefined();
    expect(text).toMatch(/^temperature, new /m);
  });

  test('ends in the same bits when its trainer is killed in the middle and resumed on other threads', async () => {
    const { signal } = await trainAndReact(folder, readFileSync(join(folder.at('whole'), 'experiment.yaml'), 'utf8'), 'killed', (event, child) => {
      if (event.type === 'phase-started' && event.phase === 'searching') child.kill('SIGKILL');
    });
    expect(signal).toBe('SIGKILL');
    expect((await run(['resume', folder.at('killed'), '--threads', '2'])).code).toBe(0);
    await carryOn('killed');
    expect(fingerprints(folder.at('killed'))).toEqual(fingerprints(folder.at('whole')));
  }, 60_000);

  test('is scored by the models, within bounds, beside what its recordings cost', async () => {
    const { by, references, policies, steps } = evaluation('whole', 1);
    const batch = await readBatch(new Uint8Array(readFileSync(join(folder.at('whole'), 'iterations/000/batch.parquet'))).buffer);
    const recorded = mean(batch.episodes.flatMap(({ rewards }) => [...rewards.subarray(1)].map((reward) => -reward)));
    expect({ by, steps }).toEqual({ by: 'models', steps: 20 });
    expect(mean(references['behaviour'].costs) / recorded).toBeCloseTo(1, 1);
    expect(policies.map(({ violations }) => violations.steps)).toEqual([0, 0]);
    expect(policies.every(({ costs }) => costs.length === 2 * 16)).toBe(true);
    for (const { costs, returns, ensembleSpread } of [policies[0], references['behaviourByModels']]) {
      expect(ensembleSpread).toEqual({ cost: ensembleMean(costs, 2, 16).spread, return: ensembleMean(returns, 2, 16).spread });
      expect(ensembleSpread?.cost).not.toBeCloseTo(standardError(costs), 6);
    }
  });

  test('has the rows of its files in the batch, without what was done by hand', async () => {
    const batch = await readBatch(new Uint8Array(readFileSync(join(folder.at('whole'), 'iterations/000/batch.parquet'))).buffer);
    expect(batch.stateNames).toEqual(['level', 'temperature', 'valve', 'inflow']);
    expect(batch.actionNames).toEqual(['valveMove', 'heater']);
    // the manual rows 330 to 389 of monday part it in two
    expect(batch.episodes.map(({ frames, policy, iteration }) => [frames, policy, iteration])).toEqual([[330, 0, 0], [330, 0, 0], [720, 0, 0]]);
    const [, first, second] = readFileSync(folder.at('monday.csv'), 'utf8').split('\n').map((line) => line.split(',').map(Number));
    const [episode] = batch.episodes;
    expect([...episode.states.subarray(4, 8)]).toEqual([second[2], second[3], second[5], second[4]]);
    expect([...episode.actions.subarray(0, 4)], 'held before the first frame; then what was set there leads to the second').toEqual([first[6], first[7], first[6], first[7]]);
    expect(episode.rewards[1]).toBeCloseTo(-4 * (second[2] - 2) ** 2 - ((second[3] - 45) / 5) ** 2 - 0.002 * first[6] ** 2, 12);
  });
});

describe('a plant whose variables and reward are all known by formula', () => {
  test('is searched on the formulas; the models learn the reward, which no rollout asks for', async () => {
    const known = folder.at('known.ibrl.yaml');
    writeFileSync(known, `ibrl: 1
system: { kind: plant }
variables:
  level: { role: state, unit: m, range: [0, 2], next: level + 0.01 * valve }
  valve: { role: action, unit: '%', range: [-100, 100] }
data: { files: [known.csv], samplingTime: 10 }
reward: -(level - 1)^2
bounds: { level: [0.5, 1.5] }
`);
    const rows = Array.from({ length: 200 }, (_, row) => `${(1 + 0.4 * Math.sin(row / 7)).toFixed(4)},${(40 * Math.cos(row / 7)).toFixed(3)}`);
    writeFileSync(folder.at('known.csv'), `level,valve\n${rows.join('\n')}\n`);
    const { code } = await run(['train', known, '--run', folder.at('known'), '--threads', '1', ...FAST]);
    expect({ code, state: state('known') }).toEqual({ code: 0, state: 'awaiting-approval' });
    const [judged] = RunReader.open(folder.at('known')).summary().reliability;
    expect(judged.heldOut.variables.map(({ name, source }) => [name, source])).toEqual([['level', 'known'], ['reward', 'reward']]);
  });
});

describe('recordings that cannot be used', () => {
  test('make no run: the trainer ends with 2 and names file, row and column', async () => {
    mkdirSync(folder.at('bad'));
    cpSync(example, folder.at('bad'), { recursive: true });
    const path = folder.at('bad/monday.csv');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^((?:[^\n]*\n){4}[^,]*,1,)[^,]*/, '$1open'));
    const ended = await run(['train', folder.at('bad/tank.ibrl.yaml'), '--run', folder.at('none'), ...FAST]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('monday.csv, row 5, column “LT101.PV”: “open” is not a number.');
    expect(() => RunReader.open(folder.at('none'))).toThrow(/no run\.json/);
  });

  test('are not added: the run waits as before', async () => {
    expect((await train('refusing')).code).toBe(0);
    const add = async (...words: string[]): Promise<string> => {
      const { code, stderr } = await run(['add-data', folder.at('refusing'), ...words]);
      return code === 2 ? (JSON.parse(stderr) as { error: { code: string } }).error.code : String(code);
    };
    expect(await add(added)).toBe('not-approved');
    expect((await run(['approve', folder.at('refusing')])).code).toBe(0);
    cutFrom('refusing', 'state-changed');
    expect(state('refusing'), 'killed between the decision and what the run waits for now').toBe('awaiting-approval');
    expect((await run(['approve', folder.at('refusing'), '--reject'])).stderr).toContain('are approved already');
    expect((await run(['approve', folder.at('refusing')])).code).toBe(0);
    expect(RunReader.open(folder.at('refusing')).events.filter(({ type }) => type === 'decision')).toHaveLength(1);
    const broken = folder.at('broken.csv');
    writeFileSync(broken, readFileSync(added, 'utf8').split('\n').toSpliced(7, 1).join('\n'));
    const short = folder.at('short.csv');
    writeFileSync(short, readFileSync(added, 'utf8').split('\n').slice(0, 3).join('\n'));
    expect(await add(broken)).toBe('irregular-sampling');
    expect(await add(short)).toBe('too-few-rows');
    expect(await add(folder.at('nowhere.csv'))).toBe('file-unreadable');
    expect(await add(folder.at('monday.csv')), 'part of the first batch').toBe('already-added');
    expect(await add(added, '--policy', '3')).toBe('unknown-policy');
    expect(state('refusing')).toBe('awaiting-data');
    expect(await add(added)).toBe('0');
    cutFrom('refusing', 'data-added');
    expect(state('refusing'), 'killed between the batch and the word that it joined').toBe('awaiting-data');
    expect((await run(['resume', folder.at('refusing')])).code, 'rows that nothing tells of are not learned from').toBe(0);
    expect(state('refusing')).toBe('awaiting-data');
    const again = await run(['add-data', folder.at('refusing'), added]);
    expect({ code: again.code, warnings: (again.events[0] as unknown as { warnings: object[] }).warnings }, 'given again, it joins once, and nothing is as if it had joined before').toMatchObject({ code: 0, warnings: [] });
    cutFrom('refusing', 'state-changed');
    expect(state('refusing'), 'killed between the two words').toBe('awaiting-data');
    expect(await add(added), 'given again, it comes to its end').toBe('0');
    expect(state('refusing')).toBe('stopped');
    expect(await add(added), 'twice').toBe('already-added');
    expect(await add(join(example, 'monday.csv'), added), 'of the run, beside what is not').toBe('already-added');
    const twice = folder.at('twice.csv');
    cpSync(later, twice);
    expect(await add(later, twice), 'the same under two names').toBe('file-unreadable');
    const more = await run(['add-data', folder.at('refusing'), later]);
    expect({ code: more.code, warnings: (more.events[0] as unknown as { warnings: object[] }).warnings }, 'one more of the same iteration').toMatchObject({ code: 0, warnings: [{ code: 'recorded-before' }] });
    const batch = await readBatch(new Uint8Array(RunReader.open(folder.at('refusing')).readFile('iterations/001/batch.parquet')).buffer);
    expect(batch.episodes.map(({ frames, iteration, policy }) => [frames, iteration, policy])).toEqual([[360, 1, 0], [120, 1, 0]]);
  }, 60_000);

  test('that hardly mean what the experiment says are told', async () => {
    mkdirSync(folder.at('doubtful'));
    cpSync(example, folder.at('doubtful'), { recursive: true });
    const path = folder.at('doubtful/tank.ibrl.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('next: valve + valveMove', 'next: valve - valveMove').replace('range: [0, 400]', 'range: [0, 300]'));
    await run(['train', path, '--run', folder.at('told'), ...FAST]);
    expect(RunReader.open(folder.at('told')).summary().warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['formula-misses', 'outside-range']));
  });
});

describe('a run that was killed before it had its first batch', () => {
  const beheaded = (name: string): void => {
    mkdirSync(folder.at(name));
    for (const file of ['run.json', 'experiment.yaml']) cpSync(join(folder.at('whole'), file), join(folder.at(name), file));
    const events = readFileSync(join(folder.at('whole'), 'events.ndjson'), 'utf8').split('\n');
    writeFileSync(join(folder.at(name), 'events.ndjson'), `${events.slice(0, 2).join('\n')}\n`);
  };

  test('takes it from the recordings where they were', async () => {
    beheaded('mended');
    expect((await run(['resume', folder.at('mended')])).code).toBe(0);
    const [mended, whole] = ['mended', 'whole'].map((name) => Object.entries(fingerprints(folder.at(name))).filter(([path]) => /^(?:000|001).(?:batch|models|predicted)/.test(path) && !path.startsWith('001/batch')));
    expect(mended).toEqual(whole);
  }, 30_000);

  test('is refused when they have changed since', async () => {
    beheaded('changed');
    appendFileSync(folder.at('tuesday.csv'), '\n');
    const ended = await run(['resume', folder.at('changed')]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('tuesday.csv is not what it was');
  });
});
