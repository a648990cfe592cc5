import type { Sentence } from '../sentence/sentence';
import { SpokenError } from '../sentence/spokenError';

/** What the trainer was given cannot be run; the sentence says why. Exit code 2. */
export class InvalidInput extends SpokenError {
  override readonly name = 'InvalidInput';
  readonly code: string;

  /** @param options.code of a finding or of recordings, where there is one */
  constructor(said: Sentence, { code = 'invalid-input', ...options }: ErrorOptions & { readonly code?: string } = {}) {
    super(said, options);
    this.code = code;
  }
}
