import { dirname } from 'node:path';
import type { Command } from 'commander';
import { describeExperiment } from '../../experiment/describeExperiment';
import type { Experiment } from '../../experiment/experiment';
import type { Finding } from '../../experiment/findings';
import { validateExperimentBytes } from '../../experiment/validate';
import { validateWithData } from '../../experiment/validateWithData';
import { largestFileBytes } from '../../experiment/yamlSource';
import { ImportError } from '../../import/importError';
import type { Batch } from '../../learning/data/batch';
import { summariseBatch } from '../../learning/data/batchSummary';
import { DataError } from '../../learning/data/dataError';
import { Random } from '../../learning/random';
import { SafetyError } from '../../learning/safety/safetyError';
import { createSimulator } from '../../learning/system/createSimulator';
import { readBytesUpTo } from '../../run/readBytes';
import { recordFirstBatch } from '../../trainer/collecting';
import { firstRecordings } from '../../trainer/plantRecordings';
import { conclude, exitCodes, print, printJson } from '../output';

type FileFinding = { readonly file: string } & Finding;

interface ValidateOptions {
  readonly data?: boolean;
  readonly json?: boolean;
}

/** `ibrl validate`: says what is wrong or doubtful in experiment files. */
export function register(program: Command): void {
  program
    .command('validate')
    .description('check experiment files and say what to correct')
    .argument('<files...>', 'experiment files')
    .option('--data', "check against the first batch too: reads a plant's files, or records in a simulator of ours")
    .option('--json', 'print JSON: [ { file, code, severity, message, range: { start: { line, character }, end }, fix? } ], zero-based')
    .addHelpText('after', '\nA simulator program is not started by --data; `train` checks what it records.\n\nExit codes: 0 no errors (warnings are allowed), 2 at least one error.')
    .action((files: string[], options: ValidateOptions) => conclude(options.json, () => validate(files, options)));
}

function validate(files: readonly string[], { data = false, json = false }: ValidateOptions): number {
  const findings = files.flatMap((file) => findingsOf(file, data).map((finding): FileFinding => ({ file, ...finding })));
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  if (json) printJson(findings);
  else {
    for (const { file, range, severity, code, message } of findings) {
      print(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${severity}: ${message} (${code})`);
    }
    const warnings = findings.length - errors;
    print(`${counted(files.length, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}.`);
  }
  return errors > 0 ? exitCodes.invalidInput : exitCodes.done;
}

function findingsOf(file: string, data: boolean): readonly Finding[] {
  let bytes: Uint8Array;
  try {
    bytes = readBytesUpTo(file, largestFileBytes + 1);
  } catch (error) {
    const start = { line: 0, character: 0 };
    const reason = error instanceof Error ? error.message : String(error);
    return [{ code: 'file-unreadable', severity: 'error', message: `The file cannot be read (${reason}). Check its name and your rights.`, range: { start, end: start } }];
  }
  const validation = validateExperimentBytes(bytes);
  const { experiment, findings, places } = validation;
  if (!data || experiment === null) return findings;
  try {
    const batch = firstBatch(experiment, dirname(file));
    return batch === null ? findings : [...findings, ...validateWithData(validation, summariseBatch(batch))];
  } catch (error) {
    if (!(error instanceof ImportError || error instanceof DataError || error instanceof SafetyError)) throw error;
    return [...findings, { code: 'recordings-unusable', severity: 'error', message: error.message, range: places.range('data.files') }];
  }
}

/** What the run would begin with; null for a program, which only `train` starts. */
function firstBatch(experiment: Experiment, folder: string): Batch | null {
  const { data, seed, system } = experiment;
  if (data.files) return firstRecordings(experiment, folder).batch;
  if (system.kind === 'program') return null;
  return recordFirstBatch({ experiment, description: describeExperiment(experiment), random: new Random(seed), simulators: { create: (episodes) => createSimulator(system, episodes) } });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
