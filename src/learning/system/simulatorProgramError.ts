import { type Sentence, sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

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
export class SimulatorProgramError extends SpokenError {
  override readonly name = 'SimulatorProgramError';

  constructor(
    readonly code: SimulatorProgramCode,
    said: Sentence,
    stderr = '',
  ) {
    super(said, stderr.trim() === '' ? undefined : { cause: new SpokenError(sentence('It last wrote to stderr: {0}', stderr.trim())) });
  }
}
