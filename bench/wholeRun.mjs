/** A whole small run from the command to its end, on every engine, in turn. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, quantile, root } from './contenders.mjs';
import { fixed, table } from './tables.mjs';

const rounds = 3;
const experiment = `ibrl: 1
name: Small world
system: { kind: grid-2d, start: far }
data: { generate: { behaviour: nearer-target, epsilon: 0.1, episodes: 20, steps: 25 } }
bounds: { x: [0, 10], y: [0, 10] }
diversity: { measure: min-lsed, over: [x, y], weight: 0.01 }
policies: { count: 4, hidden: [32, 32] }
models: { members: 2, hidden: [64, 64], updates: 500, laterUpdates: 300 }
search: { starts: { count: 64, from: first }, updates: 200 }
iterations: 2
deployment: { episodes: 1, steps: 25, evaluate: 20, evaluateSteps: 25 }
seed: 3
`;
const contenders = [
  { name: 'native, portable', words: ['--engine', 'native'] },
  { name: 'native, fused', words: ['--engine', 'native', '--arithmetic', 'fused'] },
  { name: 'WebAssembly', words: ['--engine', 'wasm'] },
  { name: 'TensorFlow.js', words: ['--engine', 'tfjs'], once: true }, // a minute
];

/** @returns a section of Markdown */
export function wholeRunSection(folder) {
  const file = join(folder, 'small.ibrl.yaml');
  writeFileSync(file, experiment);
  const results = contenders.map((contender) => ({ ...contender, seconds: [], ran: '' }));
  for (let round = 0; round < rounds; round++)
    for (const result of results) {
      if (result.failed || (result.once && round > 0)) continue;
      const run = join(folder, `run-${result.name.replaceAll(/\W+/g, '-')}-${round}`);
      const begin = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), 'train', file, '--run', run, ...result.words, '--threads', '1', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
      if (status !== 0) {
        console.log(`  a whole run on ${result.name}: ${stderr.trim().split('\n').at(-1)}`);
        result.failed = true;
        continue;
      }
      result.seconds.push((performance.now() - begin) / 1e3);
      result.ran = kernelOf(run);
    }
  const rows = results.filter(({ seconds }) => seconds.length > 0).map(({ name, ran, seconds }) => [`${name}${ran}`, fixed(median(seconds), 1), seconds.length === 1 ? '–' : `${fixed(quantile(seconds, 0.25), 1)} to ${fixed(quantile(seconds, 0.75), 1)}`, String(seconds.length)]);
  return `### A whole small run, 1 thread\n\nTwo iterations of the 2D world, 4 policies, 2 models, from the command to its end; in turn.\n\n${table([['engine', 's', 'quartiles', 'n'], ...rows])}\n`;
}

/** What the run's record says of the build that computed, in brackets. */
function kernelOf(run) {
  const started = readFileSync(join(run, 'events.ndjson'), 'utf8').split('\n').map((line) => line && JSON.parse(line)).find((event) => event.type === 'attempt-started');
  const build = started.versions.kernel ?? started.versions.tfjs;
  return build === undefined ? '' : ` (${build})`;
}
