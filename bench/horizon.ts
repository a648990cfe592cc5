import { openContender } from './contender';
import { peakMegabytes } from './memory';
import { loadedWorkload, WORKLOADS } from './workloads';

/**
 * What a long horizon costs: horizon DIST ENGINE MEBIBYTES prints as JSON the milliseconds that one of M's steps takes, with a
 * horizon of 100 and, in turn, with one of 2,000 whose activations may take so much; and the peak memory of the process.
 */
const [dist, name, mebibytes] = process.argv.slice(2);
const workload = WORKLOADS.find((one) => one.name === 'M');
if (workload === undefined) throw new RangeError('M');
const ROUNDS = 3;
const SHORT_IN_TURN = 5;

const contenders = [];
for (const [horizon, engine] of [[100, await openContender(dist, name, 1)], [2000, await openContender(dist, name, 1, Number(mebibytes) * 2 ** 20)]] as const) {
  const { program, load } = loadedWorkload({ ...workload, horizon });
  const execution = engine.open(program);
  load(execution);
  let step = 0;
  const run = () => execution.run('update', { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, clip: 1e9, step: ++step });
  run();
  contenders.push({ horizon, run, times: [] as number[] });
}
for (let round = 0; round < ROUNDS; round++)
  for (const { horizon, run, times } of contenders) {
    const steps = horizon === 100 ? SHORT_IN_TURN : 1;
    const begin = performance.now();
    for (let i = 0; i < steps; i++) run();
    times.push((performance.now() - begin) / steps / horizon);
  }
const [short, long] = contenders.map(({ times }) => times);
process.stdout.write(JSON.stringify({ short, long, megabytes: peakMegabytes() }));
process.exit(0);
