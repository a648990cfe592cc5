import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hostName } from '../../../scripts/buildNative.mjs';
import { buildAddon } from './buildAddon';

const folder = mkdtempSync(join(tmpdir(), 'ibrl-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('without a C compiler there is no addon, an old one is gone, and that is no error', () => {
  const empty = join(folder, 'empty');
  const output = join(folder, 'output');
  mkdirSync(empty);
  mkdirSync(output);
  for (const ending of ['node', 'json']) writeFileSync(join(output, `${hostName()}.${ending}`), '{}');
  expect(buildAddon(output, { PATH: empty, TMPDIR: folder })).toBe('skipped: no cc, no gcc, no clang');
  expect(readdirSync(output)).toEqual([]);
});

test('a compiler that refuses is no error, and leaves nothing behind', () => {
  const place = join(folder, 'temporary');
  mkdirSync(place);
  const output = join(folder, 'none');
  expect(buildAddon(output, { PATH: process.env['PATH'] ?? '', CC: process.execPath, TMPDIR: place })).toContain('skipped');
  expect(existsSync(output)).toBe(false);
  expect(readdirSync(place)).toEqual([]);
});

test('without the headers of Node there is no addon, and one line says what brings them', () => {
  const scripts = join(folder, 'scripts'); // nothing is installed beside them
  cpSync(join(import.meta.dirname, '../../../scripts'), scripts, { recursive: true });
  expect(buildAddon(join(folder, 'headless'), { PATH: process.env['PATH'] ?? '', TMPDIR: folder }, scripts)).toBe('skipped: node-api-headers is not installed; npm ci brings it');
  expect(existsSync(join(folder, 'headless'))).toBe(false);
});
