import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Finding } from '../../src/experiment/findings';
import { experimentJsonSchema } from '../../src/experiment/jsonSchema';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ibrl-test-validate-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The built command, as a user calls it in the project's folder. */
function ibrl(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), ...words], { cwd: root, encoding: 'utf8' });
}

const bad = 'test/fixtures/experiments/bad/misspelt-section.ibrl.yaml';
const doubtful = 'test/fixtures/experiments/bad/few-evaluations.ibrl.yaml';

test('validate exits 0 on the examples and prints an empty array for programs', () => {
  const { status, stdout } = ibrl('validate', 'examples/grid-2d.ibrl.yaml', 'examples/industrial-benchmark.ibrl.yaml', '--json');
  expect({ status, findings: JSON.parse(stdout) as unknown }).toEqual({ status: 0, findings: [] });
});

test('validate exits 2 on an error, and tells file, code, place and fix', () => {
  const { status, stdout } = ibrl('validate', bad, doubtful, '--json');
  const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 6 } };
  const [first, second] = JSON.parse(stdout) as ({ file: string } & Finding)[];
  expect(status).toBe(2);
  expect(first).toEqual({
    file: bad,
    code: 'unknown-key',
    severity: 'error',
    message: '`serach` is not a key of an experiment. Did you mean `search`?',
    range,
    fix: { title: 'Write `search`', range, replacement: 'search' },
  });
  expect(second).toMatchObject({ file: doubtful, code: 'few-evaluations', severity: 'warning' });
});

test('validate exits 0 on warnings alone, and counts lines from 1 for people', () => {
  const { status, stdout } = ibrl('validate', doubtful);
  expect(status).toBe(0);
  expect(stdout).toContain(`${doubtful}:4:25: warning: `);
  expect(stdout).toContain('1 file: 0 errors, 1 warning.');
});

test('a file that is missing, a folder and a file that is too large are findings too', () => {
  const large = join(folder, 'large.ibrl.yaml');
  writeFileSync(large, '#'.repeat(3 << 20));
  const { status, stdout } = ibrl('validate', join(folder, 'missing.ibrl.yaml'), folder, large, '--json');
  expect(status).toBe(2);
  expect((JSON.parse(stdout) as Finding[]).map((finding) => finding.code)).toEqual(['file-unreadable', 'file-unreadable', 'file-too-large']);
});

test('schema prints the JSON Schema, for people and for programs alike', () => {
  for (const words of [['schema'], ['schema', '--json']]) {
    const { status, stdout } = ibrl(...words);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(experimentJsonSchema());
  }
});
