/**
 * Vitest's global setup: workers, the kernel and the command exist before the first test, built from these sources.
 * What does not build is gone, so the tests that need it fail (test/architecture.test.ts names it) and no others do.
 */
import { buildAll } from './build.mjs';
import { chromiumPath } from './chromium.mjs';

export async function setup() {
  // once, before tests of pages run side by side; where it cannot be had, they say so themselves
  await chromiumPath(console.error).catch(() => undefined);
  try {
    await buildAll((line) => line.includes('skipped') && console.error(line));
  } catch (error) {
    console.error(error.message);
  }
}
