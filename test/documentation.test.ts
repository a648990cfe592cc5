import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/README.md'];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

test('every file that a page links to is there', () => {
  for (const page of pages) {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]);
    const missing = links.filter((link) => !existsSync(join(root, dirname(page), link)));
    expect({ page, missing }).toEqual({ page, missing: [] });
  }
});

test('every source that the architecture names is there', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`((?:src|scripts|test)\/[\w./-]+\.\w+)`/g)].map((match) => match[1]);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) => [...read(page).matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('the README lists exactly the commands that there are', () => {
  const help = execFileSync(process.execPath, [join(root, 'dist', 'ibrl.cjs'), '--help'], { encoding: 'utf8' });
  const there = [...(help.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1]).filter((name) => name !== 'help');
  const listed = [...read('README.md').matchAll(/npx --no-install ibrl ([a-z]+)/g)].map((match) => match[1]);
  expect(new Set(listed)).toEqual(new Set(there));
});
