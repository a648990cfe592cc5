import { t } from '@vscode/l10n';
import { inLanguage } from './language';

const deepest = 10;
const longestText = 100_000;
const mostValues = 1_000;

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

/** Whether what was read is one. Sentences stand inside of one another, but not without end. */
export function isSentence(value: unknown, depth = 0): value is Sentence {
  if (typeof value !== 'object' || value === null || depth > deepest) return false;
  const { text, values } = value as Readonly<Record<string, unknown>>;
  if (!isText(text) || !Array.isArray(values) || values.length > mostValues) return false;
  return values.every((item) => isText(item) || Number.isFinite(item) || isSentence(item, depth + 1));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText;
}
