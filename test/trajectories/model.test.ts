import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunCache } from '../../src/extension/dashboard/runCache';
import { coverageOf, fullSelection, runPart, shownIterations, systemPart, variablesOf } from '../../src/extension/trajectories/model';
import { LayoutError, Recording } from '../../src/extension/trajectories/recording';
import { mostPoints } from '../../src/messages/trajectories';
import { pieceNumbers } from '../../src/report/pieces';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { trainSmallRun } from '../dashboard/trained';

let run: ReturnType<typeof trainSmallRun>;
let reader: RunReader;
let cache: RunCache;
let scratch: string;
const recordings: Recording[] = [];
const unhurried = new AbortController().signal;

beforeAll(() => {
  run = trainSmallRun();
  reader = RunReader.open(run.folder);
  cache = new RunCache(reader);
  scratch = mkdtempSync(join(tmpdir(), 'ibrl-trajectories-'));
}, 60_000);
afterAll(() => {
  for (const recording of recordings) recording.close();
  run.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** A recording of made numbers. @param at value of a variable at a frame of an episode */
function recordingOf(names: readonly string[], episodes: number, frames: number, at: (episode: number, frame: number, column: number) => number, notes: Record<string, unknown> = {}): Recording {
  const data = new Float32Array(episodes * frames * names.length);
  let place = 0;
  for (let episode = 0; episode < episodes; episode++) for (let frame = 0; frame < frames; frame++) for (let column = 0; column < names.length; column++) data[place++] = at(episode, frame, column);
  const path = join(scratch, `${recordings.length}.f32`);
  writeFileSync(path, encodeFloat32File({ names, shape: [episodes, frames, names.length], notes }, data));
  const recording = new Recording(Float32File.open(path));
  recordings.push(recording);
  return recording;
}

describe('of a real run', () => {
  test('the recording is what the file holds: episodes by policy, every frame, bounds', async () => {
    const file = reader.openNumbers(iterationFiles.trajectories(2));
    const recording = new Recording(file);
    recordings.push(recording);
    const [episodes, frames, columns] = file.header.shape;
    expect(recording.policies).toEqual([1, 2, 3, 4]);
    expect(recording.bounds).toEqual({ x: [0, 10], y: [0, 10] });
    const { exact, episodes: series } = await recording.series([1], 0, frames - 1, [], unhurried);
    expect(exact).toBe(true);
    const data = file.read(frames * columns, frames * columns);
    for (const [column, { name, steps, values }] of series[0].variables.entries()) {
      expect(name).toBe(recording.names[column]);
      expect([...steps]).toEqual(Array.from({ length: frames }, (_, frame) => frame));
      expect([...values]).toEqual(Array.from({ length: frames }, (_, frame) => data[frame * columns + column]));
    }
    expect([...recording.frame([1, 0], 3)]).toEqual([...data.subarray(3 * columns, 4 * columns), ...file.read(3 * columns, columns)]);
    const views = await recording.index(unhurried);
    expect(views.map(({ last }) => last)).toEqual(Array.from({ length: episodes }, () => frames - 1));
    // as its evaluation says of the same policies
    expect(views.every(({ violations }) => violations.length === 0)).toBe(reader.evaluation(2)?.policies.every(({ violations }) => violations.steps === 0));
  });

  test('two states make a map with the goal of the reward, and all policies on it', () => {
    const system = systemPart(reader.experimentText());
    expect(system.map).toMatchObject({ x: 'x', y: 'y' });
    expect(system.map?.goal?.width).toBeGreaterThan(0);
    expect(fullSelection({ run: run.folder, iteration: 1 }, cache, system).policy).toBe(0);
    expect(fullSelection({ run: run.folder, iteration: 1, policy: 2 }, cache, system).policy).toBe(2);
    expect(fullSelection({ run: run.folder, iteration: 1 }, cache, { ...system, map: null }).policy).toBe(reader.predicted(1)?.recommended ?? 1);
  });

  test('variables carry their bounds as resolved, before a recording those of the experiment', () => {
    const system = systemPart(reader.experimentText());
    expect(variablesOf(system, null).map(({ name, role }) => [name, role])).toEqual([['x', 'state'], ['y', 'state'], ['dx', 'action'], ['dy', 'action']]);
    expect(variablesOf(system, { names: ['y', 'reward'], bounds: { y: [1, 9] } })).toMatchObject([{ name: 'y', bounds: [1, 9] }, { name: 'reward', role: 'reward', bounds: null }]);
    expect(systemPart('{')).toEqual({ variables: [], bounds: {}, map: null, constrained: false });
  });

  test('iterations, coverage and promise are those of the run', () => {
    expect(shownIterations(reader)).toEqual([{ iteration: 1, recorded: true }, { iteration: 2, recorded: true }]);
    expect(coverageOf(cache, 2)).toEqual({ now: reader.evaluation(2)?.coverage, before: reader.evaluation(1)?.coverage });
    expect(coverageOf(cache, 1)?.before).toBeNull();
    expect(runPart(cache, 2).predicted).toBe(reader.fold.files.get(iterationFiles.diff(2))?.sha256);
  });
});

describe('violations', () => {
  test('are counted where a bound is left, in stretches, but not at the first frame', async () => {
    const outside = new Set([0, 5, 6, 7, 20]);
    const recording = recordingOf(['x'], 1, 30, (_, frame) => (outside.has(frame) ? 12 : 5), { bounds: { x: [0, 10] } });
    expect(await recording.index(unhurried)).toEqual([{ policy: 1, last: 29, violations: [{ variable: 'x', steps: 4, worst: 2, stretches: [[5, 7], [20, 20]] }] }]);
  });

  test('a value on the bound, as float32 has it, is none', async () => {
    const recording = recordingOf(['x'], 1, 3, () => 0.1, { bounds: { x: [0, 0.1] } });
    expect((await recording.index(unhurried))[0].violations).toEqual([]);
  });
});

test('an episode that ended early ends where its numbers end', async () => {
  const recording = recordingOf(['x', 'y'], 2, 10, (episode, frame) => (episode === 1 && frame > 6 ? Number.NaN : frame), { policies: [2, 3] });
  expect((await recording.index(unhurried)).map(({ policy, last }) => [policy, last])).toEqual([[2, 9], [3, 6]]);
  expect([...(await recording.series([1], 0, 9, [], unhurried)).episodes[0].variables[0].steps]).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('thinning keeps the extremes of every window, in order, within the points that may be sent', async () => {
  const frames = 30_000;
  const noise = Float32Array.from({ length: frames * 2 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453));
  const recording = recordingOf(['a', 'b'], 1, frames, (_, frame, column) => noise[frame * 2 + column]);
  await fc.assert(fc.asyncProperty(fc.nat(frames - 1), fc.nat(frames - 1), fc.boolean(), async (one, other, together) => {
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    const { exact, episodes } = await recording.series([0], from, to, together ? ['a', 'b'] : [], unhurried);
    expect(exact).toBe(to - from + 1 <= mostPoints);
    for (const [column, { steps, values }] of episodes[0].variables.entries()) {
      expect(values.length).toBeLessThanOrEqual(mostPoints);
      const all = Array.from({ length: to - from + 1 }, (_, i) => noise[(from + i) * 2 + column]);
      expect(values.reduce((a, b) => Math.min(a, b))).toBe(all.reduce((a, b) => Math.min(a, b)));
      expect(values.reduce((a, b) => Math.max(a, b))).toBe(all.reduce((a, b) => Math.max(a, b)));
      for (let i = 0; i < steps.length; i++) {
        expect(values[i]).toBe(noise[steps[i] * 2 + column]);
        if (i > 0) expect(steps[i]).toBeGreaterThan(steps[i - 1]);
      }
    }
    if (together) expect(episodes[0].variables[0].steps).toEqual(episodes[0].variables[1].steps);
  }), { numRuns: 12 });
});

describe('10⁶ recorded points', () => {
  const frames = 200_000;
  let long: Recording;
  beforeAll(() => {
    long = recordingOf(['x', 'y', 'dx', 'dy', 'reward'], 1, frames, (_, frame, column) => Math.sin(frame / (50 + column)), { bounds: { x: [-0.99, 0.99] } });
  });

  test('are sent as at most 2,000 points a series, and so as few bytes', async () => {
    const { exact, episodes } = await long.series([0], 0, frames - 1, ['x', 'y'], unhurried);
    expect(exact).toBe(false);
    const { variables } = episodes[0];
    for (const { values } of variables) expect(values.length).toBeLessThanOrEqual(mostPoints);
    expect(variables.reduce((bytes, { steps, values }) => bytes + steps.byteLength + values.byteLength, 0)).toBeLessThanOrEqual(5 * mostPoints * 8);
  });

  test('are read in pieces, between which others have their turn', async () => {
    let turns = 0;
    let reading = true;
    const turn = (): void => {
      turns++;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    await long.index(unhurried);
    reading = false;
    expect(turns).toBeGreaterThanOrEqual(Math.floor((frames * 5) / pieceNumbers));
  });

  test('are left as soon as nobody wants them any more', async () => {
    const stop = new AbortController();
    const reading = long.series([0], 0, frames - 1, [], stop.signal);
    stop.abort();
    await expect(reading).rejects.toThrow();
  });
});

test('a file that is laid out in another way is refused with a reason', () => {
  const path = join(scratch, 'flat.f32');
  writeFileSync(path, encodeFloat32File({ names: ['x'], shape: [3, 1], notes: {} }, new Float32Array(3)));
  const file = Float32File.open(path);
  expect(() => new Recording(file)).toThrow(LayoutError);
  file.close();
});

test('a range outside of the recording is refused', async () => {
  const recording = recordingOf(['x'], 1, 5, (_, frame) => frame);
  await expect(recording.series([0], 5, 9, [], unhurried)).rejects.toThrow(RangeError);
  await expect(recording.series([1], 0, 2, [], unhurried)).rejects.toThrow(RangeError);
  expect((await recording.series([0], 2, 900, [], unhurried)).episodes[0].variables[0].values.length).toBe(3);
});
