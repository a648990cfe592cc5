/** What the trainer was given cannot be run; the sentence says why. Exit code 2. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly code = 'invalid-input';
}
