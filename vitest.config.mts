import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    watch: false,
    retry: 0,
    projects: [
      {
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
