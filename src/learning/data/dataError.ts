/** Recordings that cannot be used as they are; the message says what to change. */
export class DataError extends Error {
  override readonly name = 'DataError';

  constructor(
    readonly code: 'bad-number' | 'unknown-column' | 'too-few-rows' | 'bad-file' | 'bad-bounds' | 'reserved-name',
    message: string,
  ) {
    super(message);
  }
}
