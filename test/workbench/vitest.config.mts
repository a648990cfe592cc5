import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'workbench',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/workbench/paths/**/*.test.ts'],
    globalSetup: ['test/workbench/setup.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // a window of a loaded machine takes its time: limits are for what never comes
    testTimeout: 300_000,
    hookTimeout: 240_000,
    teardownTimeout: 60_000,
    retry: 0,
    watch: false,
    sequence: { groupOrder: 2 },
  },
});
