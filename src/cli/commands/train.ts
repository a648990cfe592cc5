import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { setValue } from '../../experiment/setValue';
import { decodeExperiment } from '../../experiment/decodeText';
import type { Finding } from '../../experiment/findings';
import { validateExperiment } from '../../experiment/validate';
import { largestFileBytes } from '../../experiment/yamlSource';
import { newRunFolder, prepareRun } from '../../launcher/prepare';
import { memoryRange } from '../../launcher/trainerArguments';
import { attend } from '../attend';
import { readBytesUpTo } from '../../run/readBytes';
import { complain, conclude, exitCodes, InputError } from '../output';

interface TrainOptions {
  readonly run?: string;
  readonly set: readonly string[];
  readonly threads?: number;
  readonly memory?: number;
  readonly engine?: string;
  readonly arithmetic?: string;
  readonly tfjsNode?: string;
  readonly json?: boolean;
}

/** `ibrl train`: runs an experiment here and now, until it ends. */
export function register(program: Command): void {
  program
    .command('train')
    .description('run an experiment from its file, and wait for it')
    .argument('<file>', 'the experiment, *.ibrl.yaml')
    .option('--run <dir>', 'folder for the run (default: .ibrl/runs/<id> beside the file)')
    .option('--set <setting=value>', 'change a setting for this run: search.updates=200 (may be repeated)', collect, [])
    .option('--threads <n>', 'threads that compute (default: cores − 1)', threadCount)
    .option('--memory <MiB>', 'memory for the activations of a search; those beyond are computed again, with the same results (default: 1024)', mebibytes)
    .option('--engine <name>', 'engine that computes: auto, native, wasm, tfjs or reference (default: auto, the fastest)')
    .option('--arithmetic <name>', 'portable, or fused: faster, native only, with results of its own (default: portable)')
    .option('--tfjs-node <dir>', 'folder of an installed @tensorflow/tfjs-node, for --engine tfjs (default: what is installed with ibrl)')
    .option('--json', 'print the events of the run as JSON, one on each line')
    .addHelpText('after', '\nExit codes: 0 done, stopped or waiting for you; 1 failed; 2 invalid input; 75 ended by SIGTERM, to be resumed.')
    .action((file: string, options: TrainOptions) => conclude(options.json, () => train(file, options)));
}

async function train(file: string, options: TrainOptions): Promise<number> {
  const decoded = decodeExperiment(read(file));
  if (decoded.finding !== null) return refuse(file, decoded.finding);
  const text = changed(decoded.text, options.set);
  const { experiment, findings } = validateExperiment(text);
  for (const { severity, message, range } of findings) {
    complain(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${severity}: ${message}`);
  }
  if (experiment === null) return exitCodes.invalidInput;
  const run = options.run === undefined ? newRunFolder(file) : resolve(options.run);
  const values = {
    run,
    experiment: prepareRun(run, text),
    source: resolve(file),
    threads: options.threads ?? null,
    engine: options.engine ?? null,
    ...(options.memory !== undefined && { memory: options.memory }),
    ...(options.arithmetic !== undefined && { arithmetic: options.arithmetic }),
    ...(options.tfjsNode !== undefined && { tfjsNode: resolve(options.tfjsNode) }),
  };
  return attend(values, { json: options.json ?? false, iterations: experiment.iterations });
}

function refuse(file: string, { message, range, severity }: Finding): number {
  complain(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${severity}: ${message}`);
  return exitCodes.invalidInput;
}

function read(file: string): Uint8Array {
  try {
    return readBytesUpTo(file, largestFileBytes + 1);
  } catch (error) {
    throw new InputError('file-missing', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The text with every `--set` applied: what is run, and frozen with the run. */
function changed(text: string, settings: readonly string[]): string {
  let result = text;
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) throw new InputError('invalid-setting', `--set takes setting=value, for example search.updates=200, not "${setting}".`);
    try {
      result = setValue(result, setting.slice(0, equals), setting.slice(equals + 1));
    } catch (error) {
      throw new InputError('invalid-setting', `--set ${setting}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return result;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

export const threadCount = wholeNumber(1, 1024);
export const mebibytes = wholeNumber(...memoryRange);

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least || number > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}
