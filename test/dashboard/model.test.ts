import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curvePieces, mostCurvePoints, readCurves } from '../../src/extension/dashboard/curves';
import { marginPieces, marginsOf } from '../../src/extension/dashboard/margins';
import { RunModel } from '../../src/extension/dashboard/model';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { settingPlace } from '../../src/extension/dashboard/settingPlace';
import { runView } from '../../src/messages/dashboard';
import { chooseRun } from '../../src/extension/sidePanel/choice';
import { pieceNumbers } from '../../src/report/pieces';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { RunWriter } from '../../src/run/writer';
import { trainSmallRun } from './trained';

let run: ReturnType<typeof trainSmallRun>;
let scratch: string;
beforeAll(() => {
  run = trainSmallRun();
  scratch = mkdtempSync(join(tmpdir(), 'ibrl-dashboard-model-'));
}, 60_000);
afterAll(() => {
  run.remove();
  rmSync(scratch, { recursive: true, force: true });
});

test('the view of a run says the same numbers as its summary', () => {
  const reader = RunReader.open(run.folder);
  const view = new RunModel(reader).view(Date.now());
  const summary = reader.summary();
  expect(view.scores.map(({ iteration, mean }) => [iteration, mean?.mean.toFixed(9)])).toEqual(summary.iterations.map(({ iteration, mean }) => [iteration, mean.cost.toFixed(9)]));
  for (const [index, scores] of view.scores.entries()) {
    expect(scores.policies.map(({ real, promised }) => [real?.mean, promised?.mean])).toEqual(summary.iterations[index].policies.map(({ cost, promised }) => [cost.mean, promised?.cost.mean]));
    expect(scores.probe?.real?.mean).toBe(summary.iterations[index].probe?.cost.mean);
    expect(scores.coverage).toBe(summary.iterations[index].coverage);
  }
  expect(view.state).toBe('done');
  expect(view.remainingMs).toBeNull();
});

test('where none is recommended, the view says each once what the policies lack, by the rule', () => {
  const reader = RunReader.open(run.folder);
  const [first] = new RunModel(reader).view(Date.now()).scores;
  const file = JSON.parse(readFileSync(join(run.folder, iterationFiles.predicted(1)), 'utf8')) as { readonly recommended: number | null; readonly recommendation: { readonly policies: readonly { readonly verdict: string }[] } };
  expect(first.recommended).toBe(file.recommended);
  expect(first.recommended).toBeNull();
  expect(first.lacking).toEqual([...new Set(file.recommendation.policies.map(({ verdict }) => verdict))]);
});

test('the view fits the schema of its message, and stays small', () => {
  const view = new RunModel(RunReader.open(run.folder)).view(Date.now());
  expect([...Value.Errors(runView, view)]).toEqual([]);
  expect(JSON.stringify(view).length).toBeLessThan(40_000);
});

test('margins are those of the recorded trajectories', () => {
  const reader = RunReader.open(run.folder);
  const view = new RunModel(reader).view(Date.now());
  const file = reader.openNumbers(iterationFiles.trajectories(2));
  const { names, shape } = file.header;
  const data = file.read(0, file.length);
  file.close();
  const column = names.indexOf('x');
  const own = Array.from({ length: shape[1] }, (_, frame) => data[frame * shape[2] + column]).filter(Number.isFinite);
  expect(view.margins?.iteration).toBe(2);
  expect(view.margins?.variables.find(({ name }) => name === 'x')?.policies[0].reached).toEqual([Math.min(...own), Math.max(...own)]);
});

test('a long recording is read in pieces, whose margins are those of the whole', () => {
  const [episodes, frames] = [3, 30_000];
  const data = Float32Array.from({ length: episodes * frames * 2 }, (_, i) => (i % 5_000 === 1 ? Number.NaN : Math.sin(i * i) * (1 + i / 1e5)));
  const path = join(scratch, 'long.f32');
  writeFileSync(path, encodeFloat32File({ names: ['reward', 'x'], shape: [episodes, frames, 2], notes: { policies: [1, 2, 1], bounds: { x: [-5, 5] } } }, data));
  const file = iterationFiles.trajectories(1);
  const reader = { description: { iterations: 1 }, fold: { files: new Map([[file, { sha256: 'a' }]]) }, openNumbers: () => Float32File.open(path) } as unknown as RunReader;
  const cache = new RunCache(reader);
  expect([...marginPieces(cache, new Map())].length).toBeGreaterThan(2);
  const own = (policy: number): number[] => [...data].filter((value, i) => i % 2 === 1 && [1, 2, 1][Math.floor(i / 2 / frames)] === policy && Number.isFinite(value));
  const reached = [1, 2].map((policy) => ({ policy, reached: own(policy).reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]) }));
  expect(marginsOf(cache, new Map())?.variables[0].policies).toEqual(reached);
});

test('a second look reads no file again', () => {
  const copy = join(scratch, 'copy');
  cpSync(run.folder, copy, { recursive: true });
  const model = new RunModel(RunReader.open(copy));
  const before = model.view(0);
  rmSync(join(copy, 'iterations'), { recursive: true });
  expect(model.view(0)).toEqual(before);
});

test('what a view needs of files is read file by file, and nothing of it a second time', () => {
  const model = new RunModel(RunReader.open(run.folder));
  // promise and result of two iterations, and a recording
  expect([...model.prepare()].length).toBeGreaterThanOrEqual(5);
  expect([...model.prepare()]).toEqual([]);
});

test('a damaged file is named, and the rest is shown', () => {
  const copy = join(scratch, 'damaged');
  cpSync(run.folder, copy, { recursive: true });
  writeFileSync(join(copy, iterationFiles.evaluation(1)), '{}');
  const view = new RunModel(RunReader.open(copy)).view(0);
  expect(view.unreadable.join(' ')).toContain('evaluation.json');
  expect(view.scores.map(({ iteration, mean }) => [iteration, mean !== null])).toEqual([[1, false], [2, true]]);
});

test('live terms follow the events, and a resume takes back what is done again', () => {
  const copy = join(scratch, 'live');
  cpSync(run.folder, copy, { recursive: true });
  const lines = readFileSync(join(copy, 'events.ndjson'), 'utf8').trim().split('\n');
  const at = lines.findIndex((line) => line.includes('"progress"') && line.includes('"searching"') && line.includes('"done":30') && line.includes('"iteration":2'));
  writeFileSync(join(copy, 'events.ndjson'), `${lines.slice(0, at + 1).join('\n')}\n`);
  const reader = RunReader.open(copy);
  const model = new RunModel(reader);
  expect(model.view(0).loss).toMatchObject({ iteration: 2, done: 30, total: 40 });
  expect(model.view(0).scores).toHaveLength(1);
  const stamp = { attempt: 2, time: new Date(0).toISOString() };
  appendFileSync(join(copy, 'events.ndjson'), `${JSON.stringify({ ...stamp, seq: 100_000, type: 'resumed', from: { seq: 1, iteration: 2, phase: 'searching', done: 10 } })}\n`);
  model.follow(reader.refresh());
  const updates = model.view(0).loss?.terms.find(({ name }) => name === 'return')?.updates ?? [];
  expect(Math.max(...updates)).toBe(10);
});

test('curves of 10⁶ recorded points arrive as at most 2,000 a series, with their extremes, and by range', () => {
  const folder = join(scratch, 'long');
  const [points, policies, terms] = [100_000, 5, 2];
  const writer = RunWriter.create(
    folder,
    { id: 'long', name: 'long', seed: 1, iterations: 1, policies: 4, source: null, experimentText: 'ibrl: 1\n', dataSha256: {} },
    { engine: 'wasm', arithmetic: 'portable', threads: 1, versions: { ibrl: '0.1.0', node: '20.0.0' } },
  );
  const data = Float32Array.from({ length: points * policies * terms }, (_, i) => Math.sin(i));
  data[50_001 * policies * terms] = 99;
  writer.writeFile(iterationFiles.curves(1), encodeFloat32File({ names: ['return', 'diversity'], shape: [points, policies, terms], notes: { policies: [1, 2, 3, 4, 0] } }, data), 1);
  writer.end('done', 0);
  const reader = RunReader.open(folder);
  const whole = readCurves(reader, 1, null, null);
  expect(whole?.recorded).toBe(points);
  expect(whole?.updates.length).toBeLessThanOrEqual(mostCurvePoints);
  expect(Math.max(...(whole?.terms[0].values[0] ?? []))).toBe(99);
  // each number is read in one piece and looked at in another, which may be a stretch longer
  expect([...curvePieces(reader, 1, null, null)].length).toBeGreaterThan((1.5 * data.length) / pieceNumbers);
  const part = readCurves(reader, 1, 50_000, 50_010);
  expect([...(part?.updates ?? [])]).toEqual(Array.from({ length: 11 }, (_, index) => 50_000 + index));
});

test('a setting is found where it stands, or where it would stand', () => {
  const text = 'ibrl: 1\ndiversity:\n  measure: none # weight\nbounds: { x: [0, 1] }\n';
  const at = (path: string): string | null => {
    const place = settingPlace(text, path);
    return place && text.slice(place.start, place.end);
  };
  expect(at('diversity.measure')).toBe('measure');
  expect(at('diversity.weight')).toBe('diversity');
  expect(at('bounds.x')).toBe('x');
  expect(at('search.updates')).toBeNull();
});

test('the side panel shows what runs before what waits, and what waits before what is over', () => {
  const runs = (['done', 'awaiting-approval', 'running'] as const).map((state) => ({ state }));
  expect(chooseRun(runs)?.state).toBe('running');
  expect(chooseRun(runs.slice(0, 2))?.state).toBe('awaiting-approval');
  expect(chooseRun([])).toBeNull();
});
