/**
 * npm run study:health [-- --seeds 20 --first 1 --only grid-2d --set KEY=VALUE …]: how often each health sign is raised on the
 * examples, and how near each came to its threshold. Runs are made one after the other, as a user would make them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, first: { type: 'string', default: '1' }, only: { type: 'string' }, set: { type: 'string', multiple: true, default: [] } },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.first) + i);
const examples = values.only === undefined ? ['grid-2d', 'industrial-benchmark'] : [values.only];

const folder = mkdtempSync(join(tmpdir(), 'ibrl-health-'));
try {
  for (const example of examples) console.log(table(example, seeds.map((seed) => ({ seed, measured: train(example, seed) }))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Trains one seed. @returns its health-measured events */
function train(example, seed) {
  const run = join(folder, `${example}-${seed}`);
  const settings = [`seed=${seed}`, ...values.set].flatMap((setting) => ['--set', setting]);
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), 'train', join(root, `examples/${example}.ibrl.yaml`), '--run', run, ...settings, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${example}, seed ${seed} ended with ${status}:\n${stderr}`);
  const events = readFileSync(join(run, 'events.ndjson'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  rmSync(run, { recursive: true, force: true });
  const measured = events.filter((event) => event.type === 'health-measured');
  const raised = measured.filter((event) => event.raised).map((event) => `${event.sign} in iteration ${event.iteration}`);
  console.error(`${example}, seed ${seed}: ${raised.join(', ') || 'nothing raised'}`);
  return measured;
}

/** One row for each number of each sign: in how many runs the sign was raised, and the number's range over all iterations. */
function table(example, runs) {
  const all = runs.flatMap(({ seed, measured }) => measured.map((event) => ({ ...event, seed })));
  const signs = [...new Set(all.map((event) => event.sign))];
  const rows = signs.flatMap((sign) => {
    const own = all.filter((event) => event.sign === sign);
    const raised = new Set(own.filter((event) => event.raised).map((event) => event.seed)).size;
    return Object.keys(own[0].metrics).map((name) => {
      const numbers = own.map((event) => event.metrics[name]).sort((a, b) => a - b);
      return `| ${sign} | ${raised} of ${runs.length} | ${name} | ${[0, 0.05, 0.5, 0.95, 1].map((q) => round(numbers[Math.round(q * (numbers.length - 1))])).join(' | ')} |`;
    });
  });
  return `\n${example}, seeds ${seeds[0]} to ${seeds.at(-1)}\n\n| sign | raised in runs | number | least | 5 % | median | 95 % | most |\n|---|---|---|---|---|---|---|---|\n${rows.join('\n')}`;
}

function round(value) {
  return String(Number(value.toPrecision(3)));
}
