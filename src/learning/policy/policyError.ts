/** A policy, or a file that should hold one, that cannot be used; the message says what to change. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  constructor(
    readonly code: 'not-json' | 'wrong-format' | 'newer-version' | 'bad-value' | 'bad-number',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
