import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WasmEngine } from '../src/learning/engine/wasm';
import { floatingPointOperations, loadedWorkload, WORKLOADS, type Workload } from './workloads';

/** node bench.cjs DIST [PEER]: PEER is a folder with the prototype's c/, src/ and build/c-w.wasm. */
const [dist, peer] = process.argv.slice(2);
const ROUNDS = { S: 40, M: 11 } as const;
const BURST = { S: 5, M: 1 } as const;

interface Contender {
  readonly name: string;
  readonly step: () => void;
  readonly milliseconds: number[];
}

async function contenders(workload: Workload): Promise<Contender[]> {
  const list: Contender[] = [];
  if (peer) {
    const { makeProblem, SPECS } = await import(pathToFileURL(join(peer, 'src/problem.js')).href);
    const { make } = await import(pathToFileURL(join(peer, 'c/engines.js')).href);
    const execution = make(makeProblem(SPECS[workload.name]), 'c-w', 32);
    list.push({ name: 'prototype, WebAssembly', step: () => execution.step(), milliseconds: [] });
  }
  for (const threads of [1, 2]) {
    const engine = new WasmEngine(new Uint8Array(readFileSync(join(dist, 'kernel.wasm'))), threads, join(dist, 'engineWorker.cjs'));
    const { program, load } = loadedWorkload(workload);
    const execution = engine.open(program);
    load(execution);
    let step = 0;
    const settings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clip: 1e9 };
    list.push({ name: `ours, WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}`, step: () => execution.run('update', { ...settings, step: ++step }), milliseconds: [] });
  }
  return list;
}

const quantile = (values: number[], share: number) => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];

for (const workload of WORKLOADS) {
  const list = await contenders(workload);
  const [rounds, burst] = [ROUNDS[workload.name], BURST[workload.name]];
  for (let round = -2; round < rounds; round++)
    for (const { step, milliseconds } of list) {
      const begin = performance.now();
      for (let i = 0; i < burst; i++) step();
      if (round >= 0) milliseconds.push((performance.now() - begin) / burst);
    }
  console.log(`\n${workload.name}: K ${workload.policies}, B ${workload.starts}, H ${workload.horizon}; ${(floatingPointOperations(workload) / 1e9).toFixed(3)} GFLOP a step; n = ${rounds}, engines in turn`);
  const base = list[0];
  for (const { name, milliseconds } of list) {
    const median = quantile(milliseconds, 0.5);
    const ratios = milliseconds.map((value, i) => value / base.milliseconds[i]);
    console.log(`  ${name.padEnd(28)} ${median.toFixed(2).padStart(8)} ms  ${(floatingPointOperations(workload) / median / 1e6).toFixed(1).padStart(6)} GFLOP/s  time / ${base.name}: ${quantile(ratios, 0.5).toFixed(2)} (quartiles ${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)})`);
  }
}
process.exit(0);
