/** What the trainer was given cannot be run; the sentence says why. Exit code 2. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly code: string;

  /** @param options.code of a finding or of recordings, where there is one */
  constructor(message: string, { code = 'invalid-input', ...options }: ErrorOptions & { readonly code?: string } = {}) {
    super(message, options);
    this.code = code;
  }
}
