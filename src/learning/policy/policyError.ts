import type { Sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

/** A policy, or a file that should hold one, that cannot be used; the message says what to change. */
export class PolicyError extends SpokenError {
  override readonly name = 'PolicyError';

  constructor(
    readonly code: 'not-json' | 'wrong-format' | 'newer-version' | 'bad-value' | 'bad-number',
    said: Sentence,
    options?: ErrorOptions,
  ) {
    super(said, options);
  }
}
