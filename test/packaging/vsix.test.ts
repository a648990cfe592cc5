import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageExtension } from '../../scripts/package.mjs';

describe('the packed extension', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-vsix-'));
  let bytes = 0;
  let files: readonly string[] = [];

  beforeAll(async () => {
    const vsix = join(folder, 'extension.vsix');
    bytes = await packageExtension(vsix);
    const unpacked = unzipSync(readFileSync(vsix));
    files = Object.keys(unpacked);
    for (const [name, content] of Object.entries(unpacked)) {
      const place = join(folder, 'unpacked', name);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
    }
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is no larger than 6 MB', () => expect(bytes).toBeLessThanOrEqual(6e6));

  test('holds no source of ours, map, test or package', () => {
    expect(files.filter((file) => /\.(ts|mts|map)$|node_modules|\/test\/|\/src\/|\/scripts\//.test(file))).toEqual([]);
  });

  test('holds every file that its manifest names', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'unpacked/extension/package.json'), 'utf8')) as unknown;
    const named = new Set<string>();
    const visit = (part: unknown): void => {
      if (typeof part === 'string' && /^\.?\/?(dist|media|examples)\/\S+\.\w+$/.test(part)) named.add(part.replace(/^\.?\//, ''));
      else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit);
    };
    visit(manifest);
    expect(named.size).toBeGreaterThan(0);
    expect([...named].filter((file) => !files.includes(`extension/${file}`))).toEqual([]);
  });

  test('holds every picture that its page shows, and no other', () => {
    const page = readFileSync(join(folder, 'unpacked/extension/readme.md'), 'utf8');
    const shown = [...page.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => `extension/${path}`);
    expect(shown.length).toBeGreaterThan(0);
    expect(files.filter((file) => file.startsWith('extension/docs/')).toSorted()).toEqual(shown.toSorted());
  });

  test('names the licence of every package that is in it, and of what follows one to the letter', () => {
    const notices = readFileSync(join(folder, 'unpacked/extension/THIRD_PARTY_NOTICES.txt'), 'utf8');
    for (const name of ['yaml', 'typebox', 'chart.js', 'commander', 'csv-parse', 'hyparquet', 'pure-rand', 'fdlibm']) expect(notices).toContain(`\n${name} `);
  });

  test('trains an iteration where no package is installed', () => {
    const extension = join(folder, 'unpacked/extension');
    const run = join(folder, 'run');
    const words = ['train', join(extension, 'examples/grid-2d.ibrl.yaml'), '--run', run, '--set', 'iterations=1', '--set', 'search.updates=5', '--set', 'diversity.weight=0'];
    const trained = spawnSync(process.execPath, [join(extension, 'dist/ibrl.cjs'), ...words], { encoding: 'utf8', cwd: folder });
    expect(trained.stderr).not.toContain('error');
    expect(trained.status).toBe(0);
    const shown = spawnSync(process.execPath, [join(extension, 'dist/ibrl.cjs'), 'show', run, '--json'], { encoding: 'utf8', cwd: folder });
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: 'done', iterations: [{ iteration: 1 }] });
  }, 120_000);
});
