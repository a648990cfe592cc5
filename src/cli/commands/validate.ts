import { closeSync, openSync, readSync } from 'node:fs';
import type { Command } from 'commander';
import type { Finding } from '../../experiment/findings';
import { validateExperiment } from '../../experiment/validate';
import { largestFileBytes } from '../../experiment/yamlSource';
import { conclude, exitCodes, print, printJson } from '../output';

type FileFinding = { readonly file: string } & Finding;

/** `ibrl validate`: says what is wrong or doubtful in experiment files. */
export function register(program: Command): void {
  program
    .command('validate')
    .description('check experiment files and say what to correct')
    .argument('<files...>', 'experiment files')
    .option('--json', 'print JSON: [ { file, code, severity, message, range: { start: { line, character }, end }, fix? } ], zero-based')
    .addHelpText('after', '\nExit codes: 0 no errors (warnings are allowed), 2 at least one error.')
    .action((files: string[], options: { readonly json?: boolean }) => conclude(options.json, () => validate(files, options.json ?? false)));
}

function validate(files: readonly string[], json: boolean): number {
  const findings = files.flatMap((file) => findingsOf(file).map((finding): FileFinding => ({ file, ...finding })));
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

function findingsOf(file: string): readonly Finding[] {
  let text: string;
  try {
    text = readUpToLimit(file);
  } catch (error) {
    const start = { line: 0, character: 0 };
    const reason = error instanceof Error ? error.message : String(error);
    return [{ code: 'file-unreadable', severity: 'error', message: `The file cannot be read (${reason}). Check its name and your rights.`, range: { start, end: start } }];
  }
  return validateExperiment(text).findings;
}

/** Reads at most one byte more than the validator accepts, so that a huge file costs nothing. */
function readUpToLimit(file: string): string {
  const buffer = Buffer.alloc(largestFileBytes + 1);
  const descriptor = openSync(file, 'r');
  try {
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length) return buffer.toString('utf8', 0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
