import { causeChain, RunError } from '../run/runError';
import type { Sentence } from '../sentence/sentence';
import { forTerminal } from '../sentence/forTerminal';
import { SpokenError } from '../sentence/spokenError';

/** How every command ends. */
export const exitCodes = {
  /** also: stopped, awaiting approval, awaiting data */
  done: 0,
  failed: 1,
  /** the command line, a file or a folder is not what it has to be */
  invalidInput: 2,
  /** told by SIGTERM to go, with a checkpoint: to be resumed */
  temporary: 75,
} as const;

/** What the user gave cannot be used; the message says what to do. */
export class InputError extends SpokenError {
  override readonly name = 'InputError';

  constructor(
    readonly code: string,
    said: Sentence | string,
    options?: ErrorOptions,
  ) {
    super(said, options);
  }
}

const aboutInput = new Set<string>(['not-a-run', 'run-exists', 'invalid-file', 'invalid-path', 'file-missing', 'file-changed']);

/** The exit code that an error means. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InputError) return exitCodes.invalidInput;
  return error instanceof RunError && aboutInput.has(error.code) ? exitCodes.invalidInput : exitCodes.failed;
}

/**
 * Does the work of a command and ends it: sets the exit code, and tells an error on stderr, as a sentence or, for
 * programs, as `{ "error": { "code", "message", "causes" } }`.
 */
export async function conclude(json: boolean | undefined, work: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    const [message, ...causes] = causeChain(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
    complain(json ? JSON.stringify({ error: { code, message, causes } }) : message);
    process.exitCode = exitCodeOf(error);
  }
}

/** One JSON value on a line of its own. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${forTerminal(text)}\n`);
}

/** The same on stderr, where what is no result goes. */
export function complain(text: string): void {
  process.stderr.write(`${forTerminal(text)}\n`);
}

/**
 * Rows under headings, the columns as wide as they need; the first one to the left, numbers to the right.
 * @param rows as long as `headings`
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const numeric = headings.map((_, column) => rows.every((row) => /^[-+−]?[\d.]|^$|^–$/.test(row[column])));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column > 0 && numeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}
