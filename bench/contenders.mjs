/** The contenders on one workload: each a process of its own, asked in turn, losses compared before anything counts. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const python = join(root, 'bench/.venv/bin/python');
/** every contender by the bench's name for it, in the order of the tables, as it is called there */
export const titles = {
  'portable': 'native, portable', 'fused': 'native, fused', 'wasm': 'WebAssembly', 'tfjs-node': 'tfjs-node', 'tfjs-wasm': 'tfjs-wasm',
  'tfjs-cpu': 'tfjs-cpu', 'torch': 'PyTorch eager', 'torch.compile': 'torch.compile', 'jax': 'JAX jit',
};
const peers = ['torch', 'torch.compile', 'jax'];
/** of the first loss, between float32 engines */
const tolerance = 1e-3;
/** a contender that has counted for so long has counted enough */
const enoughMs = 12_000;
/** of Node's contenders, a first step below the limit is the median of so many processes: of one in ten the machine finds the memory late */
const firstSteps = 5;
const shortFirstMs = 1_000;
/** their first step is like any other: where it is longer than this, nothing else is asked of them */
const uncompiled = ['tfjs-wasm', 'tfjs-cpu'];
const longestStepMs = 20_000;
/** the shorter a step, the more of them in a turn */
const turnMs = 60;
const stepsInTurn = 5;

/** Quantile by the R-7 method: between the two nearest of the sorted values, linearly. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}
export const median = (values) => quantile(values, 0.5);

/** A process that answers each line with one line of JSON, the first when it is ready. @throws Error when it ends instead */
async function open(command, words, env) {
  const child = spawn(command, words, { stdio: 'pipe', env });
  let told = '';
  child.stderr.on('data', (bytes) => (told = `${told}${bytes}`.slice(-4_000)));
  const ended = new Promise((done) => child.once('close', done));
  const lines = createInterface({ input: child.stdout });
  const answer = () =>
    new Promise((done, failed) => {
      const end = () => void ended.then(() => failed(new Error(/^\w*Error.*$/m.exec(told)?.[0] ?? 'ended without a word')));
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

/** One thread is one core: JAX computes on two, whatever its flags say, unless the system holds it to one. */
function bound([command, words], threads) {
  return threads === 1 && process.platform === 'linux' ? ['taskset', ['--cpu-list', String(cpus().length - 1), command, ...words]] : [command, words];
}

function environment(threads) {
  return {
    ...process.env, OMP_NUM_THREADS: String(threads), TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2',
    XLA_FLAGS: `--xla_cpu_multi_thread_eigen=${threads > 1} intra_op_parallelism_threads=${threads}`,
  };
}

/**
 * Asks every contender once in each round, one after the other.
 *
 * @param workload   its dimensions, and `numbers`, the function that gives its numbers to those that are not ours
 * @param engines    names of the contenders
 * @param rounds     those that count, after one that does not
 * @param folder     with the bundle child.mjs
 * @returns {workload, threads, rounds, load, results}: of each contender that is here the milliseconds of a step in each round, those of the
 *          first step with all that only it has to do, the cores that were busy, and the peak memory in MB
 * @throws Error when losses differ
 */
export async function measure({ workload, numbers, engines, threads, rounds, folder }) {
  const file = join(folder, 'workload.json');
  if (existsSync(python)) writeFileSync(file, JSON.stringify({ ...workload, ...numbers(workload) }));
  const commandOf = (engine) =>
    peers.includes(engine) ? [python, [join(root, 'bench/peers/child.py'), file, engine, String(threads)]] : [process.execPath, [join(folder, 'child.mjs'), join(root, 'dist'), engine, String(threads), JSON.stringify(workload)]];
  const start = (engine) => open(...bound(commandOf(engine), threads), environment(threads));
  const opened = await Promise.all(engines.map((engine) => start(engine).catch((error) => error)));
  const contenders = [];
  try {
    for (const [index, engine] of engines.entries()) {
      const answer = opened[index] instanceof Error ? opened[index] : await opened[index].ask(1).catch((error) => error);
      if (answer instanceof Error) console.log(`  ${engine} is left out: ${answer.message}`);
      else contenders.push({ engine, process: opened[index], first: answer, loss: answer.loss, megabytes: answer.megabytes, processor: 0, milliseconds: [] });
    }
    requireEqualLosses(contenders);
    for (let round = -1; round < rounds; round++) for (const contender of contenders) await takeTurn(contender, round >= 0);
  } finally {
    for (const one of opened) if (!(one instanceof Error)) one.close();
  }
  for (const contender of contenders) contender.first = peers.includes(contender.engine) ? contender.first : await firstOfSeveral(contender, start);
  const results = contenders.map(({ engine, first, megabytes, milliseconds, processor }) => ({ engine, first: first.milliseconds, megabytes, milliseconds, cores: processor / milliseconds.reduce((sum, each) => sum + each, 0) }));
  return { workload, threads, rounds, load: loadavg()[0], results };
}

/** The first step of a contender, as the median over processes where it is short. */
async function firstOfSeveral({ engine, first }, start) {
  const times = [first.milliseconds];
  while (times.length < firstSteps && first.milliseconds < shortFirstMs) {
    const process = await start(engine);
    times.push((await process.ask(1)).milliseconds);
    process.close();
  }
  return { ...first, milliseconds: median(times) };
}

async function takeTurn(contender, counts) {
  const { engine, first, milliseconds } = contender;
  const count = (answer) => {
    contender.milliseconds.push(answer.milliseconds);
    contender.processor += answer.processor;
  };
  const spent = milliseconds.reduce((sum, each) => sum + each, 0);
  if (spent > enoughMs) return;
  if (uncompiled.includes(engine) && first.milliseconds > longestStepMs) {
    count(first);
    return;
  }
  const answer = await contender.process.ask(Math.min(stepsInTurn, Math.max(1, Math.floor(turnMs / (milliseconds[0] ?? first.milliseconds)))));
  contender.megabytes = answer.megabytes;
  if (counts) count(answer);
}

function requireEqualLosses(contenders) {
  for (const { engine, loss } of contenders) {
    const { engine: of, loss: expected } = contenders[0];
    if (!(Math.abs(loss - expected) <= tolerance * Math.abs(expected))) throw new Error(`The first loss of ${engine} is ${loss}, of ${of} ${expected}: they do not compute the same.`);
  }
}
