import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifyGolden } from '../../../src/learning/system/golden';
import type { GoldenEntry, GoldenFile } from '../../../src/learning/system/golden/goldenFile';
import { GoldenError, goldenKinds, readGoldenIndex } from '../../../src/learning/system/golden/goldenFile';
import { checkStatistics } from '../../../src/learning/system/golden/statistics';

const folder = new URL('../../fixtures/ib-golden/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const index = readGoldenIndex(read('index.json'));
const files: GoldenFile[] = index.map((entry) => ({ entry, text: read(entry.file) }));
const exact = files.filter((file) => file.entry.kind !== 'policy-statistics');
const named = (name: string): GoldenFile => {
  const file = files.find((candidate) => candidate.entry.file === name);
  if (!file) throw new Error(`no ${name}`);
  return file;
};

/** The file with one cell of one row replaced (rows counted without the header). */
function withCell(file: GoldenFile, row: number, column: string, cell: string): GoldenFile {
  const lines = file.text.split('\n');
  const cells = lines[row + 1].split(',');
  cells[lines[0].split(',').indexOf(column)] = cell;
  return { entry: file.entry, text: lines.with(row + 1, cells.join(',')).join('\n') };
}

test('the simulator agrees with every reference file to 1e-12, integers exactly', () => {
  const report = verifyGolden(exact);
  expect(report.files).toBe(65);
  expect(report.worstRelativeError).toBeLessThan(1e-12);
  expect(report.results.filter((result) => result.compared === 0)).toEqual([]);
});

test('every kind of reference data is among the fixtures', () => {
  expect(new Set(index.map((entry) => entry.kind))).toEqual(new Set(goldenKinds));
});

test('means over fresh episodes agree with the reference within four standard errors', () => {
  const checks = checkStatistics(named('policy-stats.json'), 24);
  expect(checks).toHaveLength(400);
  expect(checks.filter((check) => check.zScore > 4)).toEqual([]);
});

test('statistics count as z-scores and stay out of the relative error', () => {
  const report = verifyGolden([named('goldstone-value.csv'), named('policy-stats.json')], 4);
  expect(report.results.map((result) => [result.worstRelativeError === null, result.worstZScore === null])).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(report.worstRelativeError).toBeLessThan(1e-12);
});

test.each([
  ['det-zero-p70-sin.csv', 17, 'c'],
  ['rec-var-p50-lcg31-s201.csv', 300, 'seq_ch'],
  ['rec-stat-p30-zero-s107.csv', 40, 'o3'],
  ['goldstone-transitions.csv', 500, 'value2'],
  ['goldstone-value.csv', 100, 'value'],
  ['effective-action.csv', 20, 'ge'],
])('a value of %s that is off by a millionth is noticed and named', (name, row, column) => {
  const file = named(name);
  const lines = file.text.split('\n');
  const value = Number(lines[row + 1].split(',')[lines[0].split(',').indexOf(column)]);
  const report = verifyGolden([withCell(file, row, column, String(value + 1e-6 * Math.max(1, Math.abs(value))))]);
  expect(report.worstRelativeError).toBeCloseTo(1e-6, 9);
  expect(report.results[0].notes).toEqual([`worst: row ${row}, ${column}`]);
});

test.each(['transitions.json', 'seeded-numpy.json'])('a value of %s that is off is noticed', (name) => {
  const rows = JSON.parse(named(name).text);
  (rows[30].after ?? rows[30].state).hg += 0.001;
  expect(verifyGolden([{ entry: named(name).entry, text: JSON.stringify(rows) }]).worstRelativeError).toBeGreaterThan(1e-4);
});

test('a wrong integer is noticed', () => {
  const wrong = withCell(named('goldstone-transitions.csv'), 3, 'resp2', '1');
  expect(verifyGolden([wrong]).worstRelativeError).toBeGreaterThan(1);
});

test('drawing where the reference does not draw is an error, and so is not drawing where it does', () => {
  const file = named('rec-stat-p70-lcg4242-s101.csv');
  const lines = file.text.split('\n');
  const column = lines[0].split(',').indexOf('n_alpha');
  const rows = lines.slice(1);
  const drawn = rows.findIndex((line) => line !== '' && line.split(',')[column] !== '');
  const undrawn = rows.findIndex((line) => line !== '' && line.split(',')[column] === '');
  const tooMany = verifyGolden([withCell(file, drawn, 'n_alpha', '')]);
  expect(tooMany.worstRelativeError).toBe(Number.MAX_VALUE);
  expect(tooMany.results[0].notes).toContain(`row ${drawn}: drew n_alpha, which the reference does not draw here`);
  const tooFew = verifyGolden([withCell(file, undrawn, 'n_alpha', '2.4')]);
  expect(tooFew.worstRelativeError).toBe(Number.MAX_VALUE);
  expect(tooFew.results[0].notes).toContain(`row ${undrawn}: did not draw n_alpha, which the reference draws here`);
});

test.each([
  ['no JSON', '{', /index\.json: is no JSON/],
  ['no list', '{}', /needs a list "files"/],
  ['an empty list', '{"files":[]}', /one entry at least/],
  ['an unknown kind', '{"files":[{"file":"a.csv","kind":"song"}]}', /a\.csv has the unknown kind "song"/],
  ['a trajectory without setpoint', '{"files":[{"file":"a.csv","kind":"trajectory"}]}', /needs a number "setpoint"/],
])('an index with %s is refused in words', (_what, text, message) => {
  expect(() => readGoldenIndex(text)).toThrow(GoldenError);
  expect(() => readGoldenIndex(text)).toThrow(message);
});

test.each([
  ['a cell that is no number', withCell(named('goldstone-value.csv'), 2, 'value', 'high'), /row 2 has no number as "value": "high"/],
  ['an empty cell', withCell(named('goldstone-value.csv'), 2, 'value', ''), /row 2 has an empty cell/],
  ['a missing column', { entry: named('goldstone-value.csv').entry, text: named('goldstone-value.csv').text.replace('pos', 'place') }, /needs a column "pos"/],
  ['fewer rows than the index says', { entry: named('goldstone-value.csv').entry, text: 'phi,pos,value\n0,0,0\n' }, /has 1 rows where the index says 403/],
  ['rows that are no objects', { entry: named('transitions.json').entry, text: '[1]' }, /needs a list of objects/],
] satisfies [string, { entry: GoldenEntry; text: string }, RegExp][])('a file with %s is refused in words', (_what, file, message) => {
  expect(() => verifyGolden([file])).toThrow(GoldenError);
  expect(() => verifyGolden([file])).toThrow(message);
});
