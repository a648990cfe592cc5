import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findViolations, readSources } from '../scripts/arrows.mjs';
import { entries, packageBundles } from '../scripts/build.mjs';
import { mathematicsInBundles, names, neverReach, roomOf, rooms } from '../scripts/rooms.mjs';

const root = join(import.meta.dirname, '..');

/** The violations of a house with the given files, by path and text. */
function violationsOf(files: Record<string, string>): string[] {
  return findViolations(new Map(Object.entries(files)));
}

describe('the house', () => {
  test('has no import against an arrow', () => {
    expect(findViolations(readSources(root))).toEqual([]);
  });

  test('has no arrow between rooms that must not reach each other', () => {
    for (const { from, to } of neverReach) {
      for (const room of Object.keys(rooms).filter((one) => names(from, one))) {
        expect({ room, reaches: reachable(room).filter((one) => names(to, one)) }).toEqual({ room, reaches: [] });
      }
    }
  });

  test('keeps every source in a room', () => {
    for (const path of readSources(root).keys()) expect(rooms).toHaveProperty([String(roomOf(path))]);
  });
});

describe('the check of the arrows finds', () => {
  test('an import of a room that is not allowed', () => {
    expect(violationsOf({ 'src/run/a.ts': "import { b } from '../launcher/b';", 'src/launcher/b.ts': 'export const b = 1;' })).toEqual([
      'src/run/a.ts:1: run must not import launcher (../launcher/b).',
    ]);
  });

  test('an engine that imports anything of ours, even from its neighbour', () => {
    const found = violationsOf({ 'src/learning/engine/a.ts': "import { Random } from '../random';", 'src/learning/random.ts': 'export class Random {}' });
    expect(found).toEqual(['src/learning/engine/a.ts:1: learning/engine must not import learning (../random).']);
  });

  test('Node’s modules in the mathematics, except in the engine’s threads', () => {
    const source = "import { Worker } from 'node:worker_threads';";
    expect(violationsOf({ 'src/learning/search/a.ts': source })).toHaveLength(1);
    expect(violationsOf({ 'src/learning/engine/kernel.ts': source })).toHaveLength(1);
    expect(violationsOf({ 'src/learning/engine/threads/pool.ts': source })).toEqual([]);
    expect(violationsOf({ 'src/experiment/a.ts': "import fs from 'fs';" })).toHaveLength(1);
  });

  test('the editor’s interface outside the extension', () => {
    expect(violationsOf({ 'src/launcher/a.ts': "import type { Uri } from 'vscode';" })).toEqual(['src/launcher/a.ts:1: launcher must not use the package vscode.']);
    expect(violationsOf({ 'src/extension/a.ts': "import type { Uri } from 'vscode';" })).toEqual([]);
  });

  test('a chain of imports to the mathematics, also through import()', () => {
    const found = violationsOf({
      'src/extension/a.ts': "import '../launcher/b';",
      'src/launcher/b.ts': "export const load = () => import('../learning/data/c');",
      'src/learning/data/c.ts': 'export const c = 1;',
    });
    expect(found).toContain('src/extension/a.ts: reaches learning/data through src/extension/a.ts → src/launcher/b.ts → src/learning/data/c.ts.');
  });

  test('a file that only passes on what others export', () => {
    expect(violationsOf({ 'src/run/index.ts': "export * from './reader';", 'src/run/reader.ts': 'export const reader = 1;' })).toHaveLength(1);
  });

  test('a room that the table does not know', () => {
    expect(violationsOf({ 'src/utilities/a.ts': 'export const a = 1;' })).toHaveLength(1);
  });

  test('no fault with types of a room whose words are shared', () => {
    const files = { 'src/learning/policy/controller.ts': 'export interface Controller {}' };
    expect(violationsOf({ ...files, 'src/learning/system/a.ts': "import type { Controller } from '../policy/controller';" })).toEqual([]);
    expect(violationsOf({ ...files, 'src/learning/system/a.ts': "import { Controller } from '../policy/controller';" })).toHaveLength(1);
  });
});

describe('the bundles', () => {
  const folder = join(root, 'dist', 'meta');
  const bundles = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

  test('are there for every process', () => {
    const processes = entries.filter(({ source }) => existsSync(join(root, source))).map(({ name }) => `${name}.json`);
    expect(bundles).toEqual(expect.arrayContaining(processes));
  });

  test('hold mathematics only where it runs', () => {
    for (const file of bundles) {
      const bundle = basename(file, '.json');
      const allowed = mathematicsInBundles[bundle] ?? [];
      const { inputs } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { inputs: Record<string, unknown> };
      const astray = Object.keys(inputs).filter((path) => {
        const room = roomOf(path);
        return room !== null && names(['learning', 'learning/*'], room) && !names(allowed, room);
      });
      expect({ bundle, astray }).toEqual({ bundle, astray: [] });
    }
  });

  test('hold nothing of TensorFlow: it is loaded where it is installed', () => {
    for (const file of bundles) {
      const { inputs } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { inputs: Record<string, unknown> };
      expect({ file, parts: Object.keys(inputs).filter((path) => path.includes('@tensorflow')) }).toEqual({ file, parts: [] });
    }
  });

  test('are CommonJS that stands alone: nothing is loaded but Node’s own modules and one another, in the editor its interface', () => {
    const own = new Set([...entries, ...packageBundles].map(({ name }) => `./${name}.cjs`));
    for (const file of bundles) {
      const isEditors = ['extension', 'languageClient', 'exportReport'].includes(basename(file, '.json'));
      const { outputs } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { outputs: Record<string, { imports: { path: string; external?: boolean }[] }> };
      const loaded = Object.values(outputs).flatMap((output) => output.imports.filter((one) => one.external).map((one) => one.path));
      const strange = loaded.filter((path) => !isBuiltin(path) && !own.has(path) && !(isEditors && path === 'vscode'));
      expect({ file, strange }).toEqual({ file, strange: [] });
    }
  });
});

test('what a new window evaluates of the extension loads no package that is there for later', () => {
  const { inputs } = JSON.parse(readFileSync(join(root, 'dist/meta/extension.json'), 'utf8')) as { inputs: Record<string, { imports: readonly { path: string; kind: string }[] }> };
  const evaluated = new Set(['src/extension/activate.ts']);
  // a set hands out what is added while it is gone through
  for (const path of evaluated) for (const one of inputs[path]?.imports ?? []) if (one.kind === 'import-statement') evaluated.add(one.path);
  expect(evaluated.size).toBeGreaterThan(50);
  const late = (path: string): boolean => path.startsWith('late-package:');
  const early = [...evaluated].flatMap((path) => (inputs[path]?.imports ?? []).filter((one) => one.kind === 'import-statement' && late(one.path)).map((one) => `${path}: ${one.path}`));
  expect(early).toEqual([]);
  expect(Object.keys(inputs).filter(late).length, 'there are such packages').toBeGreaterThan(1);
});

/** Rooms that can be reached from one along the arrows of the table; `cli`, which may use all, is never in between. */
function reachable(start: string): string[] {
  const found = new Set<string>();
  const visit = (room: string): void => {
    const { imports } = rooms[room];
    for (const next of Object.keys(rooms).filter((one) => names(imports, one))) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(start);
  return [...found];
}
