import { type Sentence, sentence, spoken } from '../sentence/sentence';
import { sentencesOf, SpokenError } from '../sentence/spokenError';

export type RunErrorCode =
  | 'not-a-run'
  | 'run-exists'
  | 'run-busy'
  | 'superseded'
  | 'finished'
  | 'invalid-file'
  | 'file-missing'
  | 'file-changed'
  | 'invalid-path'
  | 'disk-full'
  | 'not-writable'
  | 'folder-vanished'
  | 'input-output';

/** Something about a run folder that the user can do something about; the message says what. */
export class RunError extends SpokenError {
  override readonly name = 'RunError';

  constructor(
    readonly code: RunErrorCode,
    said: Sentence,
    options?: ErrorOptions,
  ) {
    super(said, options);
  }
}

/** The operating system's code of an error (`ENOENT`, …), or '' when it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Turns a failed file operation into a sentence; errors that already are one pass through. */
export function inputOutputError(error: unknown, path: string): RunError {
  if (error instanceof RunError) return error;
  const cause = { cause: error };
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new RunError('disk-full', sentence('No space is left to write {0}. Free some space, then resume the run.', path), cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new RunError('not-writable', sentence('{0} cannot be written. Allow writing to its folder or choose another one.', path), cause);
    case 'ENOENT':
    case 'ENOTDIR':
      return new RunError('folder-vanished', sentence('{0} is not there any more. Was its folder moved or deleted?', path), cause);
    default:
      return new RunError('input-output', sentence('{0}: {1}', path, error instanceof Error ? error.message : String(error)), cause);
  }
}

/** The messages of an error and of what caused it, in the language of the process, outermost first; at most 10. */
export function causeChain(error: unknown): string[] {
  return sentencesOf(error).map(spoken);
}
