import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolveRun } from '../../launcher/adopt';
import { RunReader } from '../../run/reader';
import { attend } from '../attend';
import { conclude, exitCodes, print } from '../output';
import { describeRun } from '../runTable';
import { mebibytes, threadCount } from './train';

interface ResumeOptions {
  readonly threads?: number;
  readonly memory?: number;
  readonly engine?: string;
  readonly arithmetic?: string;
  readonly tfjsNode?: string;
  readonly json?: boolean;
}

/** `ibrl resume`: goes on with a run that was stopped, killed or failed. */
export function register(program: Command): void {
  program
    .command('resume')
    .description('go on with a run that stopped, failed or was killed, and wait for it')
    .argument('<run>', 'folder or id of the run')
    .option('--threads <n>', 'threads that compute (default: cores − 1)', threadCount)
    .option('--memory <MiB>', 'memory for the activations of a search; those beyond are computed again, with the same results (default: 1024)', mebibytes)
    .option('--engine <name>', 'engine that computes: auto, native, wasm, tfjs or reference (default: auto, the fastest)')
    .option('--arithmetic <name>', 'portable or fused (default: what the run began with)')
    .option('--tfjs-node <dir>', 'folder of an installed @tensorflow/tfjs-node, for --engine tfjs (default: what is installed with ibrl)')
    .option('--json', 'print the new events of the run as JSON, one on each line')
    .action((run: string, options: ResumeOptions) => conclude(options.json, () => resumeRun(run, options)));
}

function resumeRun(named: string, options: ResumeOptions): number | Promise<number> {
  const run = resolveRun(named, process.cwd());
  const reader = RunReader.open(run);
  if (reader.state() === 'done') {
    if (!options.json) print(`${describeRun(reader)}\n\nThere is nothing left to do.`);
    return exitCodes.done;
  }
  const values = {
    run,
    experiment: null,
    source: null,
    threads: options.threads ?? null,
    engine: options.engine ?? null,
    ...(options.memory !== undefined && { memory: options.memory }),
    ...(options.arithmetic !== undefined && { arithmetic: options.arithmetic }),
    ...(options.tfjsNode !== undefined && { tfjsNode: resolve(options.tfjsNode) }),
  };
  return attend(values, { json: options.json ?? false, iterations: reader.description.iterations });
}
