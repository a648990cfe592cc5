import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { EngineError } from '../../../src/learning/engine/engineError';
import { ThreadPool } from '../../../src/learning/engine/threads';

/** A process of its own: gives a helper one memory after another until it has none left for more, and prints what the caller is told. Built by the tests. */
const [kernel, helper] = process.argv.slice(2);
const pool = new ThreadPool(new WebAssembly.Module(new Uint8Array(readFileSync(kernel))), 2, helper);
const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });

function openUntilItFails(): readonly [string, string, unknown] {
  try {
    for (;;) pool.open(memory);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { cause } = error;
    return [error.code, error.message, cause instanceof Error && 'code' in cause ? cause.code : null];
  }
}

async function tell(): Promise<void> {
  const blocked = openUntilItFails();
  const { thread } = (pool as unknown as { helpers: { thread: Worker }[] }).helpers[0];
  await new Promise((ended) => thread.once('exit', ended));
  process.stdout.write(JSON.stringify([blocked, openUntilItFails()]));
  pool.dispose();
}

void tell();
