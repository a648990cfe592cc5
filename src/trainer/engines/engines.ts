import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../learning/engine/engine';
import { NativeEngine, type NativeVariant, nativeVariants } from '../../learning/engine/native';
import { ReferenceEngine } from '../../learning/engine/reference';
import { selfTest } from '../../learning/engine/selfTest';
import { TfjsEngine } from '../../learning/engine/tfjs';
import { WasmEngine } from '../../learning/engine/wasm';
import { type Sentence, sentence, spoken } from '../../sentence/sentence';
import { InvalidInput } from '../invalidInput';
import { loadNativeAddon, NoNativeKernel } from './nativeAddon';
import { backendOf, findTensorFlow, loadTensorFlow, NoTensorFlow, type TensorFlowPlace } from './tensorFlow';

/** Which engine a run uses: decided once, by the coordinator, and opened by the thread that computes. */
export type EngineChoice =
  | { readonly name: 'native'; readonly variant: NativeVariant }
  | { readonly name: 'wasm' }
  | { readonly name: 'tfjs'; readonly place: TensorFlowPlace }
  | { readonly name: 'reference' };

const names = ['auto', 'native', 'wasm', 'tfjs', 'reference'] as const;
const arithmetics = ['portable', 'fused'] as const;
const remedies = {
  absent: sentence('Run "npm run build" where there is a C compiler'),
  unusable: sentence('Install IBRL Studio again, or run "npm run build"'),
} as const;

/**
 * @param engine     what was asked for; null: auto, which is the fastest that is there
 * @param arithmetic portable, or fused, of which only the native kernel is capable
 * @param places     folder of what was built, and that of a tfjs-node that somebody named
 * @param say        told in one line when WebAssembly takes over from a native kernel that is there and cannot be used
 * @throws InvalidInput for names that do not exist, or that exclude one another, and when what was asked for by name is not to be had
 */
export function chooseEngine(engine: string | null, arithmetic: string, { dist, tfjsNode }: { readonly dist: string; readonly tfjsNode: string | null }, say: (line: string) => void): EngineChoice {
  const name = oneOf(names, engine ?? 'auto', sentence('engine'));
  const rounding = oneOf(arithmetics, arithmetic, sentence('arithmetic'));
  if (name === 'reference' || name === 'wasm' || name === 'tfjs') {
    if (rounding === 'fused') throw new InvalidInput(sentence('The engine {0} has no fused arithmetic: leave --arithmetic out, or use --engine native.', name));
    return name === 'tfjs' ? { name, place: withTensorFlow(() => findTensorFlow(dist, tfjsNode)) } : { name };
  }
  try {
    return { name: 'native', variant: testedVariant(rounding, dist) };
  } catch (error) {
    if (!(error instanceof NoNativeKernel)) throw error;
    if (name === 'native') throw new InvalidInput(sentence('The native kernel cannot be used: {0}. {1}, or use the engine auto: WebAssembly gives the results of portable arithmetic.', error.sentence, remedies[error.code]));
    if (rounding === 'fused') throw new InvalidInput(sentence('Fused arithmetic needs the native kernel, which cannot be used: {0}. {1}, or use --arithmetic portable, whose results differ in the last digits.', error.sentence, remedies[error.code]));
    if (error.code === 'unusable') say(spoken(sentence('The native kernel is not used ({0}); WebAssembly computes instead, with the same results. {1}.', error.sentence, remedies.unusable)));
    return { name: 'wasm' };
  }
}

/** What a run's record says of its arithmetic. */
export function arithmeticOf(choice: EngineChoice): Engine['arithmetic'] {
  switch (choice.name) {
    case 'native': return choice.variant.arithmetic;
    case 'wasm': return 'portable';
    case 'tfjs': return 'float32';
    case 'reference': return 'float64';
  }
}

/**
 * @param activations bytes that a program's activations may take in the kernel; left out: its own limit
 * @throws EngineError, InvalidInput when TensorFlow.js does not load, or an error of the file system when something was not built
 */
export async function openEngine(choice: EngineChoice, threads: number, dist: string, activations?: number): Promise<Engine> {
  switch (choice.name) {
    case 'native': return new NativeEngine(loadNativeAddon(dist), choice.variant, threads, activations);
    case 'wasm': return openWasm(threads, dist, activations);
    case 'tfjs': return TfjsEngine.create(withTensorFlow(() => loadTensorFlow(choice.place)), backendOf[choice.place.build]);
    case 'reference': return new ReferenceEngine();
  }
}

function openWasm(threads: number, dist: string, activations?: number): WasmEngine {
  return new WasmEngine(new Uint8Array(readFileSync(join(dist, 'kernel.wasm'))), threads, join(dist, 'engineWorker.cjs'), activations);
}

function withTensorFlow<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof NoTensorFlow)) throw error;
    throw new InvalidInput(sentence('The engine tfjs cannot be used: {0}. Install @tensorflow/tfjs-node and name its folder, or choose another engine.', error.sentence), { code: 'no-tensorflow', cause: error });
  }
}

/** The best kernel of this processor, tried on a small program. @throws NoNativeKernel */
function testedVariant(arithmetic: NativeVariant['arithmetic'], dist: string): NativeVariant {
  const addon = loadNativeAddon(dist);
  const variant = nativeVariants(addon).find((one) => one.arithmetic === arithmetic);
  if (variant === undefined) throw new NoNativeKernel('absent', sentence('this processor lacks the instructions that it needs'));
  const engine = new NativeEngine(addon, variant, 1);
  const twin = arithmetic === 'portable' ? openWasm(1, dist) : null;
  try {
    const problem = selfTest(engine, new ReferenceEngine(), twin);
    if (problem !== null) throw new NoNativeKernel('unusable', sentence('in a test {0}', problem));
    return variant;
  } catch (error) {
    if (error instanceof NoNativeKernel) throw error;
    throw new NoNativeKernel('unusable', sentence('in a test it failed: {0}', error instanceof Error ? error.message : String(error)));
  } finally {
    engine.dispose();
    twin?.dispose();
  }
}

function oneOf<T extends string>(list: readonly T[], text: string, what: Sentence): T {
  const found = list.find((one) => one === text);
  if (found === undefined) throw new InvalidInput(sentence('There is no {0} “{1}”; there are {2}.', what, text, list.join(', ')));
  return found;
}
