/**
 * Vitest's global setup: workers, the kernel and the command exist before the first test, built from these sources.
 * What does not build is gone, so the tests that need it fail (test/architecture.test.ts names it) and no others do.
 */
import { buildAll } from './build.mjs';

export async function setup() {
  try {
    await buildAll();
  } catch (error) {
    console.error(error.message);
  }
}
