import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherReport } from '../../src/report/gatherReport';
import { renderReport } from '../../src/report/renderReport';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { experimentText, recordRun } from './recordedRun';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a run folder becomes report data with every part of it', () => {
  recordRun(folder);
  const data = gatherReport(RunReader.open(folder));
  expect(data.unreadable).toEqual([]);
  expect(data.summary).toMatchObject({ id: 'small-run', state: 'done' });
  expect(data.evaluation).toEqual({ episodes: 2, steps: 25 });
  expect(data.discount).toBe(0.99);
  expect(data.curves.map((curves) => curves.iteration)).toEqual([1, 2]);
  expect(data.trajectories.map(({ iteration, policy }) => [iteration, policy])).toEqual([[1, 1], [1, 2], [2, 1], [2, 2]]);
  expect(data.trajectories[0].values).toEqual({ x: [0, 1.5, 3], y: [0.5, 2, 3.5] });
  expect(data.variables.map(({ name, bounds }) => [name, bounds])).toEqual([['x', [0, 10]], ['y', [0, 9]]]);
  expect(data.map).toEqual({ x: 'x', y: 'y', goal: { x: 3, y: 6, width: 1.5 } });
  expect(data.nonFinite).toEqual([{ iteration: 1, phase: 'searching', policy: 2, count: 2 }]);
});

test('the page of a run names no folder of the machine that ran it', () => {
  recordRun(folder);
  const page = renderReport(gatherReport(RunReader.open(folder)));
  expect(page).toContain('Bounds kept in all 200 evaluated steps.');
  expect(page).not.toContain('/home/somebody');
  expect(page).not.toContain(folder);
});

test('a damaged file of numbers is named and left out, the rest is shown', () => {
  recordRun(folder);
  appendFileSync(join(folder, iterationFiles.curves(1)), 'x');
  const data = gatherReport(RunReader.open(folder));
  expect(data.curves.map((curves) => curves.iteration)).toEqual([2]);
  expect(data.unreadable).toHaveLength(1);
  expect(data.unreadable[0]).toContain('curves.f32 is left out.');
});

test('a damaged evaluation is no report', () => {
  recordRun(folder);
  writeFileSync(join(folder, iterationFiles.evaluation(2)), '{}');
  expect(() => gatherReport(RunReader.open(folder))).toThrow(/evaluation\.json/);
});

test('an experiment of another version still gives costs and returns', () => {
  recordRun(folder, experimentText.replace('grid-2d', 'not-yet-invented'));
  const data = gatherReport(RunReader.open(folder));
  expect(data.summary.iterations).toHaveLength(2);
  expect([data.variables, data.trajectories, data.map]).toEqual([[], [], null]);
  expect(data.unreadable[0]).toContain('does not suit this version');
});
