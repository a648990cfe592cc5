/**
 * npm run bench [-- SECTIONS [THREADS]]: every engine that is here, and PyTorch and JAX where bench/setup.sh has made their
 * environment, each in a process of its own, asked in turn. Losses are compared before anything is timed. The whole of it
 * goes into docs/performance.md, with charts of its numbers in docs/pictures.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, freemem, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { askedTable } from './asked.mjs';
import { costChart, growthChart, speedChart } from './charts.mjs';
import { measure, median, python, root, titles } from './contenders.mjs';
import { measurePeaks } from './peak.mjs';
import { fixed, growthTable, peaksTable, resultsTable, speedOf, table } from './tables.mjs';
import { wholeRunSection } from './wholeRun.mjs';

const sections = ['S', 'M', 'L', 'epoch', 'growth', 'horizon', 'run'];
const rounds = { S: 20, M: 7, L: 3, epoch: 10, growth: 3 };
/** they compute on one thread whatever is asked of them */
const singleThreaded = ['tfjs-wasm', 'tfjs-cpu'];
const growthEngines = ['portable', 'fused', 'wasm', 'tfjs-node', 'torch', 'jax'];
/** what of M grows */
const grown = [['K', 'policies', [2, 4, 8, 16]], ['H', 'horizon', [25, 50, 100, 200]], ['B', 'starts', [32, 64, 128, 256]]];

const words = process.argv.slice(2).filter((word) => word !== '--write'); // the whole is written without being asked
const isWhole = words.length === 0;
const [names, counts] = [(words[0] ?? sections.join()).split(','), (words[1] ?? '1,2').split(',').map(Number)];
const unknown = names.find((name) => !sections.includes(name));
if (unknown !== undefined) throw new Error(`There is no part “${unknown}”; there are ${sections.join(', ')}.`);

const folder = mkdtempSync(join(tmpdir(), 'ibrl-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const begun = performance.now();
const printed = [];
const print = (section) => {
  printed.push(section);
  console.log(section);
};

const { WORKLOADS, EPOCH, numbersOf, operationsOf } = await bundled();
if (!existsSync(python)) console.log('PyTorch and JAX are left out: bench/setup.sh makes their environment.');
touchMemory(Math.min(8e9, freemem() / 2));
const peaks = new Map();
for (const threads of counts) peaks.set(threads, await measurePeaks(threads));
print(peaksTable(peaks));

const measured = async (workload, threads, engines, howOften) => ({
  ...(await measure({ workload, numbers: numbersOf, engines, threads, rounds: howOften, folder })), operations: operationsOf(workload), peaks: peaks.get(threads),
});
const all = [];
for (const workload of [...WORKLOADS, EPOCH].filter(({ name }) => names.includes(name)))
  for (const threads of counts) {
    const left = leftOut(workload, threads, operationsOf(workload), all);
    all.push(await measured(workload, threads, Object.keys(titles).filter((engine) => !left.has(engine)), rounds[workload.name]));
    print(resultsTable(all.at(-1), [...left.values()]));
  }
const series = names.includes('growth') ? await growth(WORKLOADS.find(({ name }) => name === 'M'), all, measured) : [];
if (series.length > 0) print(growthTable(series));
if (names.includes('horizon')) print(horizons());
if (names.includes('run')) print(wholeRunSection(folder));
const took = `The whole of it took ${((performance.now() - begun) / 6e4).toFixed(1)} minutes.`;
if (isWhole) {
  console.log(`${askedTable(all)}\n`);
  writePage(all, series, took);
}
console.log(took);

/** The sources that the contenders run, and the workloads. */
async function bundled() {
  // packages among the sources require Node's modules
  const banner = { js: "import { createRequire as requiring } from 'node:module';\nconst require = requiring(import.meta.url);" };
  for (const entry of ['child', 'horizon', 'workloads']) await build({ entryPoints: [join(root, `bench/${entry}.ts`)], outfile: join(folder, `${entry}.mjs`), bundle: true, platform: 'node', target: 'node20', format: 'esm', banner, logLevel: 'warning' });
  return import(pathToFileURL(join(folder, 'workloads.mjs')).href);
}

/**
 * Writes to as much memory as the largest contender takes, and gives it back. A virtual machine's host finds a page when it is
 * touched for the first time since the machine began, which takes twenty times as long as later on: a second for a gigabyte.
 */
function touchMemory(bytes) {
  const program = `for (let left = ${bytes}; left > 0; left -= 2 ** 28) (globalThis.kept ??= []).push(Buffer.alloc(2 ** 28, 1))`;
  spawnSync(process.execPath, ['-e', program]);
}

/** Contenders that are not asked, each with a sentence that says why. @param all what was measured before */
function leftOut(workload, threads, operations, all) {
  const before = (engine) => all.findLast(({ results }) => results.some((one) => one.engine === engine));
  return new Map(singleThreaded.filter((engine) => before(engine) !== undefined && (threads > 1 || workload.name === 'L')).map((engine) => {
    if (threads > 1) return [engine, `${engine} computes on one thread.`];
    const of = before(engine);
    return [engine, `${engine} is left out: at its speed on ${of.workload.name} a step would take ${fixed(operations / speedOf(of, engine) / 1e9, 0)} s.`];
  }));
}

/** M with more or less of one thing at a time, on one thread, and itself on more threads. @returns series as for growthTable */
async function growth(base, all, measured) {
  const itself = all.filter(({ workload }) => workload.name === base.name);
  const onOne = itself.find(({ threads }) => threads === 1) ?? (await measured(base, 1, growthEngines, rounds.growth));
  const series = [];
  for (const [of, dimension, sizes] of grown) {
    const points = [];
    for (const at of sizes) points.push({ at, measured: at === base[dimension] ? onOne : await measured({ ...base, [dimension]: at }, 1, growthEngines, rounds.growth) });
    series.push({ of: `${of}, ${dimension}`, points });
  }
  return [...series, { of: 'threads', points: itself.map((one) => ({ at: one.threads, measured: one })) }];
}

/** What a horizon of 2,000 costs beside one of 100, on M and one thread, and where nothing is kept that can be computed again. */
function horizons() {
  const rows = [['portable', 1024], ['portable', 0], ['fused', 1024], ['wasm', 1024]].flatMap(([engine, mebibytes]) => {
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'horizon.mjs'), join(root, 'dist'), engine, String(mebibytes)], { encoding: 'utf8' });
    if (status !== 0) return [];
    const { short, long, megabytes } = JSON.parse(stdout);
    const ratio = median(long.map((value, round) => value / short[round]));
    return [[titles[engine], String(mebibytes), fixed(median(short)), fixed(median(long)), fixed(ratio), fixed(megabytes, 0)]];
  });
  const head = ['engine', 'activations, MiB', 'horizon 100', 'horizon 2,000', 'ratio', 'peak memory, MB'];
  return `### A long horizon, 1 thread\n\nM with a horizon of 2,000 beside M, in one process, 3 rounds, load ${loadavg()[0].toFixed(1)}; milliseconds for one step of the horizon.\n\n${table([head, ...rows])}\n`;
}

function writePage(all, series, took) {
  const charts = [
    ['bench-speed', 'GFLOP/s of each engine on each workload, on one and two threads', speedChart(all)],
    ['bench-growth', 'Milliseconds of a step of M as policies, horizon, starts and threads grow', growthChart(series)],
    ['bench-costs', 'Peak memory and time of the first step of each engine', costChart(all)],
  ];
  for (const [name, , picture] of charts) writeFileSync(join(root, 'docs/pictures', `${name}.svg`), picture);
  const facts = `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}. ${took}`;
  const page = join(root, 'docs/performance.md');
  let text = readFileSync(page, 'utf8');
  const put = (mark, content) => {
    const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
    if (!text.includes(begin) || !text.includes(end)) throw new Error(`docs/performance.md has no ${begin} … ${end}.`);
    text = `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${content}\n\n${text.slice(text.indexOf(end))}`;
  };
  put('bench', [facts, ...charts.map(([name, meaning]) => `![${meaning}](pictures/${name}.svg)`), printed.join('\n').trim()].join('\n\n'));
  put('bench:asked', askedTable(all));
  writeFileSync(page, text);
}
