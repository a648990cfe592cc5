import { type Sentence, spoken, verbatim } from './sentence';

/** An error for people: its message is in the language of the process, its sentence can be said in another one later. */
export class SpokenError extends Error {
  override readonly name: string = 'SpokenError';
  readonly sentence: Sentence;

  /** @param said words that are no sentence of ours stay as they are */
  constructor(said: Sentence | string, options?: ErrorOptions) {
    const whole = typeof said === 'string' ? verbatim(said) : said;
    super(spoken(whole), options);
    this.sentence = whole;
  }
}

/** What an error says, and what caused it, outermost first; at most 10. */
export function sentencesOf(error: unknown): Sentence[] {
  const chain: Sentence[] = [];
  for (let at = error; at !== undefined && at !== null && chain.length < 10; at = at instanceof Error ? at.cause : undefined) {
    chain.push(at instanceof SpokenError ? at.sentence : verbatim(at instanceof Error ? at.message : String(at)));
  }
  return chain;
}
