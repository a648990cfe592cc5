import { dirname } from 'node:path';
import { t } from '@vscode/l10n';
import type { Command } from 'commander';
import type { Finding } from '../../experiment/findings';
import { validateExperimentBytes } from '../../experiment/validate';
import { validateWithData } from '../../experiment/validateWithData';
import { largestFileBytes } from '../../experiment/yamlSource';
import { summariseBatch } from '../../learning/data/batchSummary';
import { readBytesUpTo } from '../../run/readBytes';
import { speakAsEditor } from '../../sentence/editorLanguage';
import { spoken } from '../../sentence/sentence';
import { recordingsFinding, requireUsable } from '../../trainer/firstBatchChecks';
import { previewBatch } from '../../trainer/recordings/previewBatch';
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
    .action((files: string[], options: ValidateOptions) => conclude(options.json, () => {
      speakAsEditor();
      return validate(files, options);
    }));
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
    return [{ code: 'file-unreadable', severity: 'error', message: t('The file cannot be read ({0}). Check its name and your rights.', reason), range: { start, end: start } }];
  }
  const validation = validateExperimentBytes(bytes);
  const { experiment, findings, places } = validation;
  if (!data || experiment === null) return findings;
  try {
    const batch = previewBatch(experiment, dirname(file));
    if (batch === null) return findings;
    requireUsable(experiment, batch);
    return [...findings, ...validateWithData(validation, summariseBatch(batch)).map(({ code, severity, message, range }): Finding => ({ code, severity, message, range }))];
  } catch (error) {
    const finding = recordingsFinding(error);
    if (finding === null) throw error;
    return [...findings, { code: finding.code, severity: 'error', message: spoken(finding.said), range: places.range('data.files') }];
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
