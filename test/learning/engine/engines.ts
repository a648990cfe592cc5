import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WasmEngine } from '../../../src/learning/engine/wasm';

export const built = (name: string) => fileURLToPath(new URL(`../../../dist/${name}`, import.meta.url));

/** The WebAssembly engine as built into dist. */
export function wasmEngine(threads = 1): WasmEngine {
  return new WasmEngine(new Uint8Array(readFileSync(built('kernel.wasm'))), threads, built('engineWorker.cjs'));
}

/** Largest difference over the largest entry of the expected numbers. */
export function worstDeviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    const difference = Math.abs(actual[i] - expected[i]);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return largest === 0 ? worst : worst / largest;
}
