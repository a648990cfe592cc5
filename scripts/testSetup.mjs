/** Vitest's global setup: workers, the kernel and the command exist before the first test, built from these sources. */
import { buildAll } from './build.mjs';

export async function setup() {
  await buildAll();
}
