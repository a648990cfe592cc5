import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { hostName } from '../../../scripts/buildNative.mjs';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'ibrl-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds the host's addon in a process with the given environment. @returns what it says */
function build(output: string, environment: Record<string, string>): string {
  const script = `import { buildHostAddon } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/buildNative.mjs')).href)};
    console.log(await buildHostAddon(${JSON.stringify(join(root, 'src/learning/engine'))}, ${JSON.stringify(output)}));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env: environment }).trim();
}

test('without a C compiler there is no addon, an old one is gone, and that is no error', () => {
  const empty = join(folder, 'empty');
  const output = join(folder, 'output');
  mkdirSync(empty);
  mkdirSync(output);
  for (const ending of ['node', 'json']) writeFileSync(join(output, `${hostName()}.${ending}`), '{}');
  expect(build(output, { PATH: empty, TMPDIR: folder })).toBe('skipped: no cc, no gcc, no clang');
  expect(readdirSync(output)).toEqual([]);
});

test('a compiler that refuses is no error, and leaves nothing behind', () => {
  const place = join(folder, 'temporary');
  mkdirSync(place);
  const output = join(folder, 'none');
  expect(build(output, { PATH: process.env['PATH'] ?? '', CC: process.execPath, TMPDIR: place })).toContain('skipped');
  expect(existsSync(output)).toBe(false);
  expect(readdirSync(place)).toEqual([]);
});
