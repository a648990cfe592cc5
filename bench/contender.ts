import type { Engine } from '../src/learning/engine/engine';
import { NativeEngine, nativeVariants } from '../src/learning/engine/native';
import { TfjsEngine } from '../src/learning/engine/tfjs';
import { openEngine } from '../src/trainer/engines/engines';
import { loadNativeAddon } from '../src/trainer/engines/nativeAddon';
import { backendOf, loadTensorFlow, tensorFlowsBeside } from '../src/trainer/engines/tensorFlow';

/** An engine by the bench's name for it. @param activations bytes that they may take @throws Error where it is not here */
export async function openContender(dist: string, name: string, threads: number, activations?: number): Promise<Engine> {
  if (name === 'wasm') return openEngine({ name: 'wasm' }, threads, dist, activations);
  if (name === 'portable' || name === 'fused') {
    const addon = loadNativeAddon(dist);
    const variant = nativeVariants(addon).find(({ arithmetic }) => arithmetic === name);
    if (variant === undefined) throw new Error('no such kernel for this processor');
    return new NativeEngine(addon, variant, threads, activations);
  }
  const place = tensorFlowsBeside(dist).find(({ build }) => build === name);
  if (place === undefined) throw new Error('not installed');
  return TfjsEngine.create(loadTensorFlow(place), backendOf[place.build]);
}
