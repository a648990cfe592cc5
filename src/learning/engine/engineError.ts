import type { Sentence } from '../../sentence/sentence';
import { SpokenError } from '../../sentence/spokenError';

/** An engine cannot do what it is asked: unknown names, arrays of the wrong length, no memory, no threads, a program that it cannot hold. */
export class EngineError extends SpokenError {
  constructor(readonly code: 'unknown-name' | 'wrong-length' | 'out-of-memory' | 'unavailable' | 'invalid-program', said: Sentence | string, options?: ErrorOptions) {
    super(said, options);
  }
}
