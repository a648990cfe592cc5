export type SimulatorProgramCode =
  | 'program-not-started'
  | 'program-ended'
  | 'program-silent'
  | 'program-nonsense'
  | 'program-refused'
  | 'program-disagrees';

/**
 * A simulator that is a program of the user's could not be used; the sentence says what the program should do instead.
 * What it last wrote to stderr is the cause.
 */
export class SimulatorProgramError extends Error {
  override readonly name = 'SimulatorProgramError';

  constructor(
    readonly code: SimulatorProgramCode,
    message: string,
    stderr = '',
  ) {
    super(message, stderr.trim() === '' ? undefined : { cause: new Error(`It last wrote to stderr: ${stderr.trim()}`) });
  }
}
