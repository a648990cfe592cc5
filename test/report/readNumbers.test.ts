import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LayoutError, readCurves, readTrajectories } from '../../src/report/readNumbers';
import { encodeFloat32File, Float32File } from '../../src/run/float32File';

const opened: Float32File[] = [];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterAll(() => {
  for (const file of opened) file.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, names: string[], shape: number[], notes: Record<string, unknown>, at: (index: number) => number): Float32File {
  const path = join(folder, name);
  writeFileSync(path, encodeFloat32File({ names, shape, notes }, Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => at(index))));
  const file = Float32File.open(path);
  opened.push(file);
  return file;
}

test('curves come by term and policy, at the updates that the file names', () => {
  // value = 100 · point + 10 · policy + term
  const file = write('curves.f32', ['loss', 'return'], [3, 2, 2], { updates: [0, 10, 20], policies: [1, 0] }, (i) => 100 * Math.floor(i / 4) + 10 * (Math.floor(i / 2) % 2) + (i % 2));
  expect(readCurves(file, 2)).toEqual({
    iteration: 2,
    updates: [0, 10, 20],
    policies: [1, 0],
    terms: [
      { name: 'loss', values: [[0, 100, 200], [10, 110, 210]] },
      { name: 'return', values: [[1, 101, 201], [11, 111, 211]] },
    ],
  });
});

test('long curves are thinned, with their first and last point', () => {
  const curves = readCurves(write('long.f32', ['loss'], [5000, 1, 1], {}, (i) => i), 1);
  expect(curves.policies).toEqual([1]);
  expect(curves.updates.length).toBeLessThanOrEqual(120);
  expect([curves.updates[0], curves.updates.at(-1)]).toEqual([0, 4999]);
});

test('trajectories end where the numbers end, and keep a single step outside however long they are', () => {
  const frames = 20_000;
  const file = write('trajectories.f32', ['x', 'other'], [2, frames, 2], { policies: [3, 3], bounds: { x: [0, 1] } }, (i) => {
    const frame = Math.floor(i / 2) % frames;
    if (i < 2 * frames) return frame === 7777 ? 9 : 0.5;
    return frame < 2 ? frame : Number.NaN;
  });
  const { episodes, bounds } = readTrajectories(file, 1, ['x', 'absent']);
  expect(bounds).toEqual({ x: [0, 1] });
  expect(episodes.map(({ policy, episode }) => [policy, episode])).toEqual([[3, 1], [3, 2]]);
  expect(episodes[0].steps.length).toBeLessThanOrEqual(600);
  expect(episodes[0].values).toEqual({ x: expect.arrayContaining([9]) });
  expect(episodes[1]).toMatchObject({ steps: [0, 1], values: { x: [0, 1] } });
});

test('a file of another layout is refused with a sentence', () => {
  const file = write('flat.f32', ['loss'], [4, 1], {}, () => 0);
  expect(() => readCurves(file, 1)).toThrow(LayoutError);
  expect(() => readCurves(file, 1)).toThrow(/2 axes instead of 3/);
});
