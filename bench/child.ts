import { createInterface } from 'node:readline';
import type { Engine, Execution } from '../src/learning/engine/engine';
import { openContender } from './contender';
import { type EpochWorkload, openEpoch } from './epoch';
import { peakMegabytes } from './memory';
import { loadedWorkload, type Workload } from './workloads';

/**
 * One engine on one workload, in a process of its own: child DIST ENGINE THREADS WORKLOAD, the last as JSON. Says `ready` with a line
 * of JSON, then answers each line, a number of steps, with their mean time, the processor time of the process in it, the loss of the last
 * step, and the process's peak memory. The first answer opens the program and writes its numbers too.
 */
const [dist, engineName, threads, text] = process.argv.slice(2);
const workload = JSON.parse(text) as Workload | EpochWorkload;

const say = (answer: object): boolean => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** @returns what makes a step and returns its loss */
function openSearch(engine: Engine, of: Workload): { readonly execution: Execution; readonly step: () => number } {
  const { program, load, termWeights } = loadedWorkload(of);
  const execution = engine.open(program);
  load(execution);
  let updates = 0;
  const step = (): number => {
    execution.run('update', { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clip: 1e9, step: ++updates });
    const terms = execution.readTerms();
    return terms.reduce((sum, value, i) => sum + value * termWeights[Math.floor((i * termWeights.length) / terms.length)], 0);
  };
  return { execution, step };
}

const engine = await openContender(dist, engineName, Number(threads));
say({ ready: true });
let opened: ReturnType<typeof openSearch> | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const begin = performance.now();
  const before = process.cpuUsage();
  opened ??= workload.kind === 'epoch' ? openEpoch(engine, workload) : openSearch(engine, workload);
  let loss = 0;
  for (let i = 0; i < Number(line); i++) loss = opened.step();
  const milliseconds = (performance.now() - begin) / Number(line);
  const { user, system } = process.cpuUsage(before);
  say({ milliseconds, processor: (user + system) / 1e3 / Number(line), loss, megabytes: peakMegabytes() });
}
opened?.execution.dispose();
engine.dispose();
process.exit(0);
