import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** npm run screenshots: not a part of npm test. One window after the other, so that each is drawn in peace. */
export default defineConfig({
  test: {
    name: 'pictures',
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    include: ['test/workbench/pictures/*.test.ts'],
    globalSetup: ['test/workbench/setup.ts', 'test/workbench/pictures/stages.ts'],
    pool: 'threads',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 240_000,
    teardownTimeout: 60_000,
    retry: 0,
    watch: false,
  },
});
