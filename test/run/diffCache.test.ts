import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepDiff, readCachedDiff } from '../../src/run/diffCache';
import { sha256Of } from '../../src/run/verifiedFile';
import { temporaryFolder } from './helpers';

const key = { before: sha256Of('a'), after: sha256Of('b'), models: sha256Of('c') };

test('a kept comparison is found by both policies and the models, and by nothing else', () => {
  const folder = temporaryFolder();
  expect(readCachedDiff(folder, key)).toBeNull();
  keepDiff(folder, key, '{"a":\n1}');
  expect(readCachedDiff(folder, key)).toBe('{"a":\n1}');
  expect(readCachedDiff(folder, { ...key, before: key.after, after: key.before })).toBeNull();
  expect(readCachedDiff(folder, { ...key, models: key.before })).toBeNull();
});

test('a cached file that was cut short or changed is as good as not there', () => {
  const folder = temporaryFolder();
  keepDiff(folder, key, '{"a":1}');
  const file = join(folder, 'cache', readdirSync(join(folder, 'cache'))[0]);
  const whole = readFileSync(file, 'utf8');
  for (const text of ['', whole.slice(0, -1), whole.replace('"a":1', '"a":2'), `${whole} `]) {
    writeFileSync(file, text);
    expect(readCachedDiff(folder, key)).toBeNull();
  }
});

test('a folder that cannot be written only means that nothing is kept', () => {
  const file = join(temporaryFolder(), 'no-folder');
  writeFileSync(file, '');
  keepDiff(file, key, '{}');
  expect(readCachedDiff(file, key)).toBeNull();
});
