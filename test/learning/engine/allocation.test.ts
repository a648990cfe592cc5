import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { built, variants } from './engines';
import type { LeftBehind } from './thousandSteps';

const folder = mkdtempSync(join(tmpdir(), 'ibrl-allocation-'));
const script = join(folder, 'thousandSteps.cjs');
beforeAll(async () => {
  await build({ entryPoints: [join(import.meta.dirname, 'thousandSteps.ts')], outfile: script, bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines = ['wasm', ...new Set(variants.map(({ arithmetic }) => arithmetic))];
test.each(engines.flatMap((engine) => [1, 2].map((threads) => [engine, threads] as const)))('a thousand steps on %s with %i threads allocate next to nothing, and nothing grows', (engine, threads) => {
  const left = JSON.parse(execFileSync(process.execPath, ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64', script, built('.'), engine, String(threads)], { encoding: 'utf8' })) as LeftBehind;
  expect(left.garbage, 'bytes a step').toBeLessThan(256); // one small typed array is 200
  expect(left.heap, 'heap').toBeLessThan(64 * 1024);
  expect(left.buffers, 'buffers').toBeLessThan(64 * 1024);
  expect(left.resident, 'process').toBeLessThan(2 ** 20);
});
