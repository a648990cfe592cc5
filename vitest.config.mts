import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import { compiledKernel } from './scripts/build.mjs';

/** As `wasmBytes` of the build. */
const wasmBytes: Plugin = {
  name: 'wasm-bytes',
  enforce: 'pre',
  resolveId: (id, importer) => (id.endsWith('.c?wasm') && importer ? resolve(dirname(importer), id) : undefined),
  async load(id) {
    if (!id.endsWith('.c?wasm')) return undefined;
    const bytes = readFileSync(await compiledKernel(dirname(id)));
    return `export default new Uint8Array(Buffer.from('${bytes.toString('base64')}', 'base64'));`;
  },
};

export default defineConfig({
  test: {
    watch: false,
    retry: 0,
    projects: [
      {
        plugins: [wasmBytes],
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workbench/**', 'test/fixtures/**'],
          globalSetup: ['scripts/testSetup.mjs'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      'test/workbench/vitest.config.mts',
    ],
  },
});
