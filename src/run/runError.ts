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
export class RunError extends Error {
  override readonly name = 'RunError';

  constructor(
    readonly code: RunErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
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
      return new RunError('disk-full', `No space is left to write ${path}. Free some space, then resume the run.`, cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new RunError('not-writable', `${path} cannot be written. Allow writing to its folder or choose another one.`, cause);
    case 'ENOENT':
    case 'ENOTDIR':
      return new RunError('folder-vanished', `${path} is not there any more. Was its folder moved or deleted?`, cause);
    default:
      return new RunError('input-output', `${path}: ${error instanceof Error ? error.message : String(error)}`, cause);
  }
}

/** The messages of an error and of what caused it, outermost first; at most 10. */
export function causeChain(error: unknown): string[] {
  const chain: string[] = [];
  for (let at = error; at !== undefined && at !== null && chain.length < 10; at = at instanceof Error ? at.cause : undefined) {
    chain.push(at instanceof Error ? at.message : String(at));
  }
  return chain;
}
