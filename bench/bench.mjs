/**
 * npm run bench [-- WORKLOADS [THREADS]]: every engine that is here, and PyTorch and JAX where bench/setup.sh has made their
 * environment, each in a process of its own, asked in turn. Losses are compared before anything is timed. The whole of it
 * goes into docs/performance.md.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, freemem, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const python = join(root, 'bench/.venv/bin/python');
const rounds = { S: 20, M: 7, L: 3 };
/** the faster an engine, the more steps in a turn */
const stepsInTurn = (workload, engine) => (workload === 'S' && !engine.startsWith('tfjs') ? 5 : 1);
const ours = ['portable', 'fused', 'wasm'];
/** the plain build takes half a minute for a step of M */
const tensorFlow = { S: ['tfjs-node', 'tfjs-wasm', 'tfjs-cpu'], M: ['tfjs-node', 'tfjs-wasm'], L: ['tfjs-node'] };
const titles = { portable: 'native, portable', fused: 'native, fused', wasm: 'WebAssembly', torch: 'PyTorch eager', 'torch.compile': 'torch.compile', jax: 'JAX jit' };
/** of the first loss, between float32 engines */
const tolerance = 1e-3;

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.round(share * (values.length - 1))]; // a value that was measured, the nearest

/** A process that answers each line with one line of JSON. @throws Error when it ends instead */
async function open(command, words, env) {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'ignore'], env });
  const lines = createInterface({ input: child.stdout });
  const answer = () =>
    new Promise((done, failed) => {
      const end = () => failed(new Error('ended'));
      lines.once('line', (line) => {
        lines.off('close', end);
        done(JSON.parse(line));
      });
      lines.once('close', end);
    });
  child.stdin.on('error', () => {}); // told by the end of its output
  await answer();
  return {
    ask(steps) {
      child.stdin.write(`${steps}\n`);
      return answer();
    },
    close: () => child.kill('SIGKILL'),
  };
}

/** GFLOP/s of a product of large matrices in PyTorch, the best of thirty: a yardstick, not the processor's peak; null without PyTorch. */
function largestProduct(threads) {
  if (!existsSync(python)) return null;
  const program = 'import sys, time, torch\ntorch.set_num_threads(int(sys.argv[1]))\na = torch.rand(1024, 1024)\nbest = 1e9\nfor _ in range(30):\n    t = time.perf_counter(); a @ a; best = min(best, time.perf_counter() - t)\nprint(2 * 1024 ** 3 / best / 1e9)';
  return Number(spawnSync(python, ['-c', program, String(threads)], { encoding: 'utf8' }).stdout);
}

/** Seconds of a whole small run, from the command to its end, by engine: the medians of five, in turn. */
function wholeRuns(folder) {
  const file = join(folder, 'small.ibrl.yaml');
  writeFileSync(file, 'ibrl: 1\nname: Small world\nsystem: { kind: grid-2d, start: far }\ndata: { generate: { behaviour: nearer-target, epsilon: 0.1, episodes: 20, steps: 25 } }\nbounds: { x: [0, 10], y: [0, 10] }\ndiversity: { measure: min-lsed, over: [x, y], weight: 0.01 }\npolicies: { count: 4, hidden: [32, 32] }\nmodels: { members: 2, hidden: [64, 64], updates: 500, laterUpdates: 300 }\nsearch: { starts: { count: 64, from: first }, updates: 200 }\niterations: 2\ndeployment: { episodes: 1, steps: 25, evaluate: 20, evaluateSteps: 25 }\nseed: 3\n');
  const engines = ['native', 'wasm', 'tfjs'];
  const seconds = new Map(engines.map((engine) => [engine, []]));
  for (let round = 0; round < 5; round++)
    for (const engine of engines) {
      if (engine === 'tfjs' && round >= 1) continue; // minutes each
      const begin = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/ibrl.cjs'), 'train', file, '--run', join(folder, `${engine}-${round}`), '--engine', engine, '--threads', '1', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 28 });
      if (status !== 0) throw new Error(`A whole run on ${engine} failed: ${stderr}`);
      seconds.get(engine).push((performance.now() - begin) / 1e3);
    }
  const rows = [...seconds].map(([engine, taken]) => `| ${engine} | ${quantile(taken, 0.5).toFixed(1)} | ${taken.length} |`);
  return `### A whole small run, 1 thread\n\nTwo iterations of the 2D world, 4 policies, 2 models, from the command to its end.\n\n| engine | s | runs |\n| --- | ---: | ---: |\n${rows.join('\n')}\n`;
}

/**
 * Writes to as much memory as the largest contender takes, and gives it back. A virtual machine's host finds a page when it is
 * touched for the first time since the machine began, which takes twenty times as long as later on: a second for a gigabyte.
 */
function touchMemory(bytes) {
  const program = `for (let left = ${bytes}; left > 0; left -= 2 ** 28) (globalThis.kept ??= []).push(Buffer.alloc(2 ** 28, 1))`;
  spawnSync(process.execPath, ['-e', program]);
}

/** What a horizon of 2,000 costs beside one of 100, on M and one thread, and where nothing is kept that can be computed again. */
function horizons(folder) {
  const rows = [['portable', 1024], ['portable', 0], ['fused', 1024], ['wasm', 1024]].flatMap(([engine, mebibytes]) => {
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'horizon.mjs'), join(root, 'dist'), engine, String(mebibytes)], { encoding: 'utf8' });
    if (status !== 0) return [];
    const { short, long, megabytes } = JSON.parse(stdout);
    const ratio = quantile(long.map((value, round) => value / short[round]), 0.5);
    return [`| ${titles[engine]} | ${mebibytes} | ${quantile(short, 0.5).toFixed(2)} | ${quantile(long, 0.5).toFixed(2)} | ${ratio.toFixed(2)} | ${megabytes.toFixed(0)} |`];
  });
  return `### A long horizon, 1 thread\n\nM with a horizon of 2,000 beside M, in one process, 3 rounds, load ${loadavg()[0].toFixed(1)}; milliseconds for one step of the horizon.\n\n| engine | activations, MiB | horizon 100 | horizon 2,000 | ratio | peak, MB |\n| --- | ---: | ---: | ---: | ---: | ---: |\n${rows.join('\n')}\n`;
}

async function measure(workload, threads, folder, flops) {
  const { name } = workload;
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2', XLA_FLAGS: threads === 1 ? '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1' : '' };
  const peers = existsSync(python) ? ['torch', ...(name === 'L' ? [] : ['torch.compile']), 'jax'] : [];
  const contenders = [];
  for (const engine of [...ours, ...tensorFlow[name], ...peers]) {
    const own = peers.includes(engine) ? [python, [join(root, 'bench/peers/child.py'), join(folder, `${name}.json`), engine, String(threads)]] : [process.execPath, [join(folder, 'child.mjs'), join(root, 'dist'), name, engine, String(threads)]];
    try {
      const process_ = await open(...own, env);
      const begin = performance.now();
      const { loss, megabytes } = await process_.ask(1);
      contenders.push({ engine, process: process_, first: performance.now() - begin, loss, megabytes, milliseconds: [] });
    } catch {
      console.log(`  ${engine}: not here`);
    }
  }
  try {
    const expected = contenders[0].loss;
    for (const { engine, loss } of contenders) if (!(Math.abs(loss - expected) <= tolerance * Math.abs(expected))) throw new Error(`The first loss of ${engine} is ${loss}, of ${contenders[0].engine} ${expected}: they do not compute the same.`);
    for (let round = -1; round < rounds[name]; round++)
      for (const contender of contenders) {
        const { milliseconds, megabytes } = await contender.process.ask(stepsInTurn(name, contender.engine));
        contender.megabytes = megabytes;
        if (round >= 0) contender.milliseconds.push(milliseconds);
      }
  } finally {
    for (const contender of contenders) contender.process.close();
  }
  const largest = largestProduct(threads);
  const base = contenders.find(({ engine }) => engine === 'jax') ?? contenders[0];
  const rows = contenders.map(({ engine, milliseconds, first, megabytes }) => {
    const median = quantile(milliseconds, 0.5);
    const ratios = base.milliseconds.map((value, i) => value / milliseconds[i]);
    return [titles[engine] ?? engine, median.toFixed(2), `${quantile(milliseconds, 0.25).toFixed(2)} to ${quantile(milliseconds, 0.75).toFixed(2)}`, (flops / median / 1e6).toFixed(1), largest === null ? '–' : `${((100 * flops) / median / 1e6 / largest).toFixed(0)} %`, quantile(ratios, 0.5).toFixed(2), (first / 1e3).toFixed(2), ((first - median) / 1e3).toFixed(2), megabytes.toFixed(0)];
  });
  const heading = `${name}, ${threads} thread${threads === 1 ? '' : 's'}: ${(flops / 1e9).toFixed(2)} GFLOP a step, ${rounds[name]} rounds, load ${loadavg()[0].toFixed(1)}${largest === null ? '' : `; a product of large matrices reaches ${largest.toFixed(0)} GFLOP/s`}`;
  const table = [['engine', 'ms', 'quartiles', 'GFLOP/s', 'of a large product’s', `speed against ${titles[base.engine] ?? base.engine}`, 'first step, s', 'of that beyond a step, s', 'peak, MB'], ['---', ...new Array(8).fill('---:')], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `### ${heading}\n\n${table}\n`;
}

const folder = mkdtempSync(join(tmpdir(), 'ibrl-bench-'));
try {
  for (const entry of ['child', 'horizon', 'workloads']) await build({ entryPoints: [join(root, `bench/${entry}.ts`)], outfile: join(folder, `${entry}.mjs`), bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning' });
  const { floatingPointOperations, numbersOf, WORKLOADS } = await import(pathToFileURL(join(folder, 'workloads.mjs')).href);
  if (!existsSync(python)) console.log('PyTorch and JAX are left out: bench/setup.sh makes their environment.');
  touchMemory(Math.min(8e9, freemem() / 2));
  const [names = 'S,M,L,H', threads = '1,2'] = process.argv.slice(2);
  const sections = [];
  for (const workload of WORKLOADS.filter(({ name }) => names.split(',').includes(name))) {
    writeFileSync(join(folder, `${workload.name}.json`), JSON.stringify({ ...workload, ...numbersOf(workload) }));
    for (const count of threads.split(',').map(Number)) {
      sections.push(await measure(workload, count, folder, floatingPointOperations(workload)));
      console.log(sections.at(-1));
    }
  }
  if (names.split(',').includes('H')) {
    sections.push(horizons(folder));
    console.log(sections.at(-1));
  }
  if (process.argv.length === 2) {
    sections.push(wholeRuns(folder));
    console.log(sections.at(-1));
    const page = join(root, 'docs/performance.md');
    const [begin, end] = ['<!-- bench -->', '<!-- /bench -->'];
    const text = readFileSync(page, 'utf8');
    const facts = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    writeFileSync(page, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${facts}\n\n${sections.join('\n')}\n${text.slice(text.indexOf(end))}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
