import { readFileSync } from 'node:fs';
import type { Engine } from '../learning/engine/engine';
import { WasmEngine } from '../learning/engine/wasm';
import { RunError } from '../run/runError';
import { sentence } from '../sentence/sentence';
import { besideProgram } from './location';

/**
 * The engine in this thread: enough for a prediction. To be disposed of.
 * @throws RunError file-missing when it was not built
 */
export function openEngine(): Engine {
  const kernel = besideProgram('kernel.wasm');
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(kernel));
  } catch (cause) {
    throw new RunError('file-missing', sentence('{0} is missing. Install IBRL Studio again, or run "npm run build" in its folder.', kernel), { cause });
  }
  return new WasmEngine(bytes, 1, besideProgram('engineWorker.cjs'));
}
