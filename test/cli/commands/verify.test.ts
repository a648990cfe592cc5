import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { register } from '../../../src/cli/commands/verify';
import { runCommand } from './runCommand';

const golden = fileURLToPath(new URL('../../fixtures/ib-golden/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ibrl-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runCommand(register, ['verify', ...words]);

test('the reference data that comes with the product is met, with exit code 0', async () => {
  const { code, stdout } = await run('industrial-benchmark', '--golden', golden, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report.files).toBe(66);
  expect(report.worstRelativeError).toBeLessThanOrEqual(1e-9);
  expect(report.worstZScore).toBeLessThan(4);
});

test('a folder with one other number ends with exit code 1 and names the file and the place', async () => {
  cpSync(golden, folder, { recursive: true });
  const file = join(folder, 'goldstone-value.csv');
  writeFileSync(file, readFileSync(file, 'utf8').replace('-0.7275986188154854', '-0.7275986'));
  const { code, stdout } = await run('industrial-benchmark', '--golden', folder);
  expect(code).toBe(1);
  expect(stdout).toMatch(/goldstone-value\.csv: 1\.88\d*e-8\n {2}worst: row 0, value\n/);
  expect(stdout).toContain('1 of 66 files differ');
});

test.each([
  ['another system', ['grid-2d', '--golden', golden], /no reference data for "grid-2d"/],
  ['a folder that is not there', ['industrial-benchmark', '--golden', join(folder, 'none')], /index\.json cannot be read/],
  ['a folder without an index', ['industrial-benchmark', '--golden', tmpdir()], /index\.json cannot be read/],
])('%s ends with exit code 2 and a sentence', async (_what, words, message) => {
  const { code, stdout, stderr } = await run(...words);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
});

test('an index that points out of its folder is refused', async () => {
  const other = mkdtempSync(join(folder, 'outside-'));
  writeFileSync(join(other, 'index.json'), '{"files":[{"file":"../goldstone-value.csv","kind":"goldstone-value"}]}');
  const { code, stderr } = await run('industrial-benchmark', '--golden', other);
  expect(code).toBe(2);
  expect(stderr).toContain('which is not in the folder');
});
