import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Command } from 'commander';
import { findRuns } from '../../launcher/adopt';
import { readEngineReport } from '../../launcher/engineReport';
import { writeFileAtomically } from '../../run/atomicFile';
import { lockState } from '../../run/lock';
import { lockFolder } from '../../run/paths';
import { besideProgram, trainerScript } from '../location';
import { conclude, exitCodes, print, printJson, table } from '../output';

/** One thing that was looked at. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** what was found and, when it is not well, what to do */
  readonly detail: string;
}

/** `ibrl doctor`: is everything here that a run needs? */
export function register(program: Command): void {
  program
    .command('doctor')
    .description('check that this machine and this folder have what a run needs')
    .option('--json', 'print JSON: { ok, checks: [ { name, ok, detail } ] }')
    .action((options: { readonly json?: boolean }) => conclude(options.json, () => examine(options.json ?? false)));
}

async function examine(json: boolean): Promise<number> {
  const checks = [nodeVersion(), cores(), simd(), await sharedMemory(), built('kernel.wasm'), built('trainer.cjs'), engine(), writeAccess(), locks()];
  const ok = checks.every((check) => check.ok);
  if (json) printJson({ ok, checks });
  else print(table(['', 'check', 'found'], checks.map((check) => [check.ok ? 'ok' : 'NOT OK', check.name, check.detail])));
  return ok ? exitCodes.done : exitCodes.failed;
}

function nodeVersion(): Check {
  const ok = Number(process.versions.node.split('.')[0]) >= 20;
  return { name: 'Node', ok, detail: ok ? process.versions.node : `${process.versions.node}; 20 or later is needed` };
}

function cores(): Check {
  const count = availableParallelism();
  return { name: 'cores', ok: true, detail: `${count}, of which a run uses ${Math.max(1, count - 1)}` };
}

/** The smallest module that has a vector instruction: () → i8x16.popcnt(i8x16.splat(0)). */
const vectorModule = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]);

function simd(): Check {
  const name = 'WebAssembly vectors';
  try {
    const module = new WebAssembly.Module(vectorModule);
    return { name, ok: module instanceof WebAssembly.Module, detail: 'yes' };
  } catch {
    return { name, ok: false, detail: 'no: use --engine reference, or another processor or Node' };
  }
}

/** A worker must see what we write into a shared memory. */
async function sharedMemory(): Promise<Check> {
  const name = 'WebAssembly threads';
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const cells = new Int32Array(memory.buffer);
    const worker = new Worker('Atomics.store(new Int32Array(require("worker_threads").workerData.buffer), 0, 7)', { eval: true, workerData: memory });
    await new Promise((done, failed) => worker.once('exit', done).once('error', failed));
    const ok = Atomics.load(cells, 0) === 7;
    return { name, ok, detail: ok ? 'yes' : 'no: memory is not shared with workers; use --engine reference' };
  } catch (error) {
    return { name, ok: false, detail: `no: ${error instanceof Error ? error.message : String(error)}; use --engine reference` };
  }
}

function built(file: string): Check {
  const place = besideProgram(file);
  const ok = existsSync(place);
  return { name: file, ok, detail: ok ? `${statSync(place).size} bytes` : `missing (${place}): install again, or run "npm run build"` };
}

/** What `auto` is here; a native kernel that is there and cannot be used is not well, though runs go on without. */
function engine(): Check {
  const name = 'engine';
  try {
    const report = readEngineReport(trainerScript());
    const used = report.kernel === null ? `${report.engine}; there is no native kernel for this computer` : `${report.engine} (${report.kernel})`;
    return { name, ok: report.problem === null, detail: report.problem ?? used };
  } catch (error) {
    return { name, ok: false, detail: `${error instanceof Error ? error.message : String(error)}; use --engine wasm, or install again` };
  }
}

function writeAccess(): Check {
  const folder = process.cwd();
  const file = join(folder, `.ibrl-doctor-${randomBytes(4).toString('hex')}`);
  try {
    writeFileAtomically(file, 'x', { sync: true });
    rmSync(file);
    return { name: 'write access', ok: true, detail: folder };
  } catch (error) {
    return { name: 'write access', ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function locks(): Check {
  const { runs, unreadable } = findRuns('.');
  const kinds = runs.map((run) => lockState(join(resolve(run.folder), lockFolder)).kind);
  const count = (kind: string): number => kinds.filter((each) => each === kind).length;
  const detail = `${runs.length} runs here: ${count('held')} at work, ${count('stale')} left by a process that died (resume them), ${count('unknown')} that another machine may work on`;
  return { name: 'locks', ok: unreadable.length === 0, detail: [detail, ...unreadable].join('; ') };
}
