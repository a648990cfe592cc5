/**
 * node bench/peak.mjs [THREADS]: the peak of each instruction set that this processor has, as JSON in GFLOP/s: chains of
 * multiply-adds in registers (peak.c), compiled as the kernel is, on so many threads at once (1 when left out).
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buildKernel } from '../scripts/buildKernel.mjs';
import { arithmetics, flags, processors } from '../scripts/buildNative.mjs';

const run = promisify(execFile);
const here = fileURLToPath(import.meta.url);
const root = join(dirname(here), '..');
const SECONDS = 0.5;

/**
 * @param threads that compute at once
 * @returns GFLOP/s of all threads together, by instruction set and arithmetic: `avx512 fused`, …, `wasm portable`; native ones where
 *   there is a C compiler and the processor has the instructions
 */
export async function measurePeaks(threads = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-peak-'));
  try {
    copyFileSync(join(root, 'bench/peak.c'), join(folder, 'peak.c'));
    copyFileSync(join(root, 'src/learning/engine/kernel/vector.h'), join(folder, 'vector.h'));
    const peaks = {};
    for (const [processor, shape] of Object.entries(processors[process.arch] ?? {}))
      for (const [arithmetic, how] of Object.entries(arithmetics)) {
        const speed = await nativePeak(folder, [...shape, ...how], threads).catch(() => null);
        if (speed !== null) peaks[`${processor} ${arithmetic}`] = speed;
      }
    await buildKernel(folder, join(folder, 'peak.wasm'));
    const bytes = readFileSync(join(folder, 'peak.wasm'));
    peaks['wasm portable'] = await together(threads, () => workerPeak(bytes));
    return peaks;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function nativePeak(folder, shape, threads) {
  const program = join(folder, 'peak');
  await run(process.env.CC ?? 'cc', [...flags, ...shape, join(folder, 'peak.c'), '-o', program]);
  return together(threads, async () => Number((await run(program, [String(SECONDS)])).stdout));
}

function workerPeak(bytes) {
  return new Promise((done, failed) => {
    const worker = new Worker(here, { workerData: bytes });
    worker.once('message', done);
    worker.once('error', failed);
  });
}

/** The best of slices of time, as in peak.c. */
function webAssemblyPeak(bytes) {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
  const { chains, operationsInRound } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  const rounds = 2 ** 18;
  let best = 0;
  for (let begin = performance.now(), end = begin + 1e3 * SECONDS; begin < end; ) {
    chains(rounds, 0.5, 1);
    const now = performance.now();
    best = Math.max(best, (1e-6 * operationsInRound() * rounds) / (now - begin));
    begin = now;
  }
  return best;
}

async function together(threads, measure) {
  const speeds = await Promise.all(Array.from({ length: threads }, measure));
  return speeds.reduce((sum, speed) => sum + speed, 0);
}

if (!isMainThread) parentPort.postMessage(webAssemblyPeak(workerData));
else if (process.argv[1] === here) console.log(JSON.stringify(await measurePeaks(Number(process.argv[2] ?? 1))));
