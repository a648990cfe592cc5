import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'bench:ui',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['bench/ui/**/*.bench.ts'],
    globalSetup: ['scripts/testSetup.mjs', 'bench/ui/setup.ts'],
    pool: 'threads',
    // one after the other, so that no measurement falls on another
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 240_000,
    teardownTimeout: 60_000,
    retry: 0,
    watch: false,
  },
});
