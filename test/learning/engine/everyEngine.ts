import type { Engine } from '../../../src/learning/engine/engine';
import { TfjsEngine } from '../../../src/learning/engine/tfjs';
import { backendOf, loadTensorFlow, tensorFlowsBeside } from '../../../src/trainer/engines/tensorFlow';
import { built, nativeEngine, variants, wasmEngine } from './engines';

/** TensorFlow.js on every backend that is installed: tfjs-cpu and tfjs-wasm, and tfjs-node once `npm run tfjs-node` has made it. */
export const tfjsEngines: readonly { readonly name: string; readonly engine: TfjsEngine }[] = await Promise.all(
  tensorFlowsBeside(built('.')).map(async (place) => ({ name: place.build, engine: await TfjsEngine.create(loadTensorFlow(place), backendOf[place.build]) })),
);

/** Every engine that is to agree with the reference. */
export const float32Engines: readonly { readonly name: string; readonly engine: Engine }[] = [
  { name: 'WebAssembly', engine: wasmEngine() },
  ...variants.map((variant) => ({ name: `native, ${variant.processor}, ${variant.arithmetic}`, engine: nativeEngine(variant) })),
  ...tfjsEngines,
];
