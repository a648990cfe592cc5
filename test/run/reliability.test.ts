import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeReliability } from '../../src/cli/reliabilityTable';
import { iterationFiles } from '../../src/run/paths';
import { RunReader } from '../../src/run/reader';
import { parseReliability, type ReliabilityFile } from '../../src/run/reliability';
import { RunWriter } from '../../src/run/writer';

const file: ReliabilityFile = {
  format: 'ibrl-reliability', version: 1, iteration: 1, on: 'held-out',
  horizons: [{ steps: 1, windows: 40, reason: null }, { steps: 50, windows: 0, reason: 'Too short.', sentence: { text: 'Too {0}.', values: ['short'] } }],
  variables: [
    { name: 'level', source: 'known', logarithmic: false, standardDeviation: 3, error: [1e-9, null], naive: [0.2, null], spread: [0, null], within: [null, null] },
    { name: 'usage', source: 'learned', logarithmic: true, standardDeviation: 0.5, error: [0.11, null], naive: [0.3, null], spread: [0.02, null], within: [0.625, null] },
  ],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is written is read back, number by number', () => {
  expect(parseReliability(JSON.stringify(file))).toEqual(file);
});

test.each([
  ['another format', { ...file, format: 'ibrl-evaluation' }],
  ['a later version', { ...file, version: 2 }],
  ['neither held out nor new', { ...file, on: 'training' }],
  ['fewer numbers than horizons', { ...file, variables: [{ ...file.variables[0], error: [0] }] }],
  ['a text among the numbers', { ...file, variables: [{ ...file.variables[0], within: ['much', null] }] }],
  ['a reason whose sentence is none', { ...file, horizons: [file.horizons[0], { ...file.horizons[1], sentence: 'Too short.' }] }],
  ['variables that are no list', { ...file, variables: {} }],
])('a file with %s is refused', (_, changed) => {
  expect(() => parseReliability(JSON.stringify(changed))).toThrow(expect.objectContaining({ code: 'invalid-file' }));
});

test('a run tells of its models as soon as they are fitted, and of new recordings once they are there', () => {
  const writer = RunWriter.create(folder, { id: 'small', name: 'Small', seed: 1, iterations: 2, policies: 1, source: null, experimentText: 'ibrl: 1\n', dataSha256: {} }, { engine: 'wasm', arithmetic: 'portable', threads: 1, versions: { ibrl: '0', node: '20' } });
  const reader = RunReader.open(folder);
  expect(reader.summary().reliability).toEqual([]);
  writer.writeFile(iterationFiles.reliability(1), JSON.stringify(file), 1);
  reader.refresh();
  expect(reader.summary().reliability).toEqual([{ iteration: 1, heldOut: file, new: null }]);
  writer.writeFile(iterationFiles.newReliability(1), JSON.stringify({ ...file, on: 'new' }), 1);
  reader.refresh();
  expect(reader.summary().reliability[0].new).toEqual({ ...file, on: 'new' });
  writer.end('stopped', 0);
});

test('the table of the latest models leaves out what follows its formula', () => {
  const text = describeReliability([{ iteration: 1, heldOut: file, new: null }]);
  expect(text).toContain('usage, held out  0.11 / 0.30, 63 %');
  expect(text).toMatch(new RegExp(`^n, held out +${file.horizons[0].windows} +–$`, 'm'));
  expect(text).not.toContain('level');
  expect(describeReliability([])).toBeNull();
  const wrong = { ...file, variables: [{ ...file.variables[0], error: [0.4, null] }] };
  expect(describeReliability([{ iteration: 1, heldOut: wrong, new: null }])).toContain('level, held out  0.40 / 0.20');
});
