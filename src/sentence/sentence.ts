import { t } from '@vscode/l10n';
import { inLanguage } from './language';

const deepest = 10;
const mostValues = 1_000;
const longest = 1_000_000;
const longestNumber = 25;

/**
 * A sentence that can be kept and be said in any language later. `text` is English with {0}, {1} … where the values
 * stand, and the key of its translations.
 */
export interface Sentence {
  readonly text: string;
  readonly values: readonly SentenceValue[];
}

export type SentenceValue = string | number | Sentence;

/** Takes what `t` of @vscode/l10n takes: sentence('{0} cannot be read.', name). */
export function sentence(text: string, ...values: readonly SentenceValue[]): Sentence {
  return { text, values };
}

/** Words that are the same in every language, or in none: names, or what another program said. */
export function verbatim(words: string): Sentence {
  return sentence('{0}', words);
}

/** One after the other. @param between such as a space or a new line */
export function joined(sentences: readonly Sentence[], between: string): Sentence {
  return { text: sentences.map((_, index) => `{${index}}`).join(between), values: sentences };
}

/** In English, as a run folder has it. */
export function english({ text, values }: Sentence): string {
  return text.replace(/\{(\d+)\}/g, (place, index: string) => {
    const value = values[Number(index)];
    return value === undefined ? place : typeof value === 'object' ? english(value) : String(value);
  });
}

/** In the language of the process that says it, its numbers too: English where none is set, or where it has no such sentence. */
export function spoken({ text, values }: Sentence): string {
  return t(text, ...values.map((value) => (typeof value === 'object' ? spoken(value) : typeof value === 'number' ? inLanguage(value) : value)));
}

/** Whether what was read is one, of a length that can be said: sentences stand inside of one another, and a value may stand in many places. */
export function isSentence(value: unknown): value is Sentence {
  return typeof value === 'object' && longestLength(value) <= longest;
}

/** Characters of a value when it is said, at most; infinite for what is none. */
function longestLength(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number') return Number.isFinite(value) ? longestNumber : Infinity;
  if (typeof value !== 'object' || value === null || depth > deepest) return Infinity;
  const { text, values } = value as Readonly<Record<string, unknown>>;
  if (typeof text !== 'string' || !Array.isArray(values) || values.length > mostValues) return Infinity;
  const lengths = values.map((item) => longestLength(item, depth + 1));
  const places = [...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => lengths[Number(index)] ?? 0);
  return lengths.includes(Infinity) ? Infinity : places.reduce((sum, length) => sum + length, text.length);
}
