/** A bound that cannot be kept as asked, or an action that must not reach a plant; the message says what to change. */
export class SafetyError extends Error {
  override readonly name = 'SafetyError';

  constructor(
    readonly code: 'unknown-variable' | 'bad-bounds' | 'bound-not-exact' | 'bad-number',
    message: string,
  ) {
    super(message);
  }
}
