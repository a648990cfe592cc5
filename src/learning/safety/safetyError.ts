import type { Sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

/** A bound that cannot be kept as asked, or an action that must not reach a plant; the message says what to change. */
export class SafetyError extends SpokenError {
  override readonly name = 'SafetyError';

  constructor(
    readonly code: 'unknown-variable' | 'bad-bounds' | 'bound-not-exact' | 'bad-number',
    said: Sentence,
  ) {
    super(said);
  }
}
