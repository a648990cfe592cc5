import { readFileSync } from 'node:fs';
import { loadedWorkload, WORKLOADS } from '../../../bench/workloads';
import type { Engine } from '../../../src/learning/engine/engine';
import { NativeEngine, nativeVariants } from '../../../src/learning/engine/native';
import { WasmEngine } from '../../../src/learning/engine/wasm';
import { loadNativeAddon } from '../../../src/trainer/engines/nativeAddon';

/**
 * A process of its own, with --expose-gc and a young generation so large that nothing is collected meanwhile: DIST ENGINE
 * THREADS, with portable or fused for a native engine. Says what a thousand steps of search left behind, each with new starts, an update
 * and its terms and norms read: what they allocated in JavaScript, and by how much heap, buffers and process grew. Built by the tests.
 */
export interface LeftBehind {
  /** bytes allocated in each step, collected later */
  readonly garbage: number;
  /** bytes, after a collection */
  readonly heap: number;
  readonly buffers: number;
  /** pages that the process has more, in bytes */
  readonly resident: number;
}

const STEPS = 1000;
const [dist, name, threads] = process.argv.slice(2);
const collect = (globalThis as unknown as { gc: () => void }).gc;

function open(): Engine {
  if (name === 'wasm') return new WasmEngine(new Uint8Array(readFileSync(`${dist}/kernel.wasm`)), Number(threads), `${dist}/engineWorker.cjs`);
  const addon = loadNativeAddon(dist);
  const variant = nativeVariants(addon).find(({ arithmetic }) => arithmetic === name);
  if (variant === undefined) throw new RangeError(name);
  return new NativeEngine(addon, variant, Number(threads));
}

const starts = 20;
const { program, load } = loadedWorkload({ ...WORKLOADS[0], policies: 3, starts, horizon: 4 });
const execution = open().open(program);
load(execution);
const [start] = program.values; // the workload's first value
const newStarts = new Float32Array(program.inputs[0].rows * starts);
const terms = execution.readTerms();
const norms = execution.readGradientNorms();
const settings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clip: 1, step: 0 };

function steps(count: number): void {
  for (let i = 0; i < count; i++) {
    settings.step++;
    newStarts.fill(settings.step / 1e4);
    execution.write(start.id, newStarts);
    execution.run('update', settings);
    execution.readTerms(terms);
    execution.readGradientNorms(norms);
  }
}

for (let round = 0; round < 8; round++) steps(STEPS); // until V8 has compiled what is hot
collect();
const before = process.memoryUsage();
steps(STEPS);
const after = process.memoryUsage();
collect();
const collected = process.memoryUsage();
const left: LeftBehind = { garbage: (after.heapUsed - before.heapUsed) / STEPS, heap: collected.heapUsed - before.heapUsed, buffers: after.arrayBuffers - before.arrayBuffers + after.external - before.external, resident: after.rss - before.rss };
process.stdout.write(JSON.stringify(left));
process.exit(0);
