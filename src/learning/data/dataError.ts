import type { Sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

/** Recordings that cannot be used as they are; the message says what to change. */
export class DataError extends SpokenError {
  override readonly name = 'DataError';

  constructor(
    readonly code: 'bad-number' | 'unknown-column' | 'too-few-rows' | 'bad-file' | 'bad-bounds' | 'reserved-name',
    said: Sentence,
  ) {
    super(said);
  }
}
