import { createInterface } from 'node:readline';
import type { Execution } from '../src/learning/engine/engine';
import { openContender } from './contender';
import { loadedWorkload, WORKLOADS } from './workloads';

/**
 * One engine on one workload, in a process of its own: child DIST WORKLOAD ENGINE THREADS. Says `ready` with a line of JSON, then
 * answers each line, a number of steps, with their mean time, the loss of the last, and its peak memory. The first answer opens
 * the program and writes its numbers too.
 */
const [dist, name, engineName, threads] = process.argv.slice(2);

const say = (answer: object): boolean => process.stdout.write(`${JSON.stringify(answer)}\n`);
const workload = WORKLOADS.find((one) => one.name === name);
if (workload === undefined) throw new RangeError(name);
const engine = await openContender(dist, engineName, Number(threads));
const { program, load, termWeights } = loadedWorkload(workload);
say({ ready: true });
let execution: Execution | undefined;
let step = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const begin = performance.now();
  if (execution === undefined) load((execution = engine.open(program)));
  for (let i = 0; i < Number(line); i++) execution.run('update', { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clip: 1e9, step: ++step });
  const milliseconds = (performance.now() - begin) / Number(line);
  const terms = execution.readTerms();
  const loss = terms.reduce((sum, value, i) => sum + value * termWeights[Math.floor((i * termWeights.length) / terms.length)], 0);
  say({ milliseconds, loss, megabytes: process.resourceUsage().maxRSS / 1024 });
}
execution?.dispose();
engine.dispose();
process.exit(0);
