import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NativeAddon, NativeEngine, type NativeVariant, nativeVariants } from '../../../src/learning/engine/native';
import { WasmEngine } from '../../../src/learning/engine/wasm';
import { loadNativeAddon, NoNativeKernel } from '../../../src/trainer/engines/nativeAddon';

export const built = (name: string) => fileURLToPath(new URL(`../../../dist/${name}`, import.meta.url));

/** The WebAssembly engine as built into dist. */
export function wasmEngine(threads = 1, activations?: number): WasmEngine {
  return new WasmEngine(new Uint8Array(readFileSync(built('kernel.wasm'))), threads, built('engineWorker.cjs'), activations);
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

/** The addon as built into dist, or null where this computer has no compiler. */
export const nativeAddon = loadedAddon();
/** Every native kernel that this processor can run. */
export const variants: readonly NativeVariant[] = nativeAddon === null ? [] : nativeVariants(nativeAddon);

export function nativeEngine(variant: NativeVariant, threads = 1, activations?: number): NativeEngine {
  return new NativeEngine(nativeAddon as NativeAddon, variant, threads, activations);
}

function loadedAddon(): NativeAddon | null {
  try {
    return loadNativeAddon(built('.'));
  } catch (error) {
    if (error instanceof NoNativeKernel) return null;
    throw error;
  }
}
