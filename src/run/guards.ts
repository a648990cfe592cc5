import { isSentence, type Sentence, sentence } from '../sentence/sentence';
import { RunError } from './runError';

/** Checks of what was read from a file. `where` names the file and the place in it, for the message. */

export type Fields = Readonly<Record<string, unknown>>;

function refuse(where: string, expected: Sentence): never {
  throw new RunError('invalid-file', sentence('{0} is not {1}. The file is damaged or was written by another program.', where, expected));
}

/** @throws RunError invalid-file unless what was read fits what is known beside it */
export function requireThat(holds: boolean, where: string): void {
  if (!holds) refuse(where, sentence('what this experiment needs'));
}

/** @throws RunError invalid-file */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new RunError('invalid-file', sentence('{0} is not JSON. The file is damaged or was written by another program.', where), { cause: error });
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsAt(value: unknown, where: string): Fields {
  return isFields(value) ? value : refuse(where, sentence('an object'));
}

export function textAt(value: unknown, where: string, longest = 10_000): string {
  return typeof value === 'string' && value.length <= longest ? value : refuse(where, sentence('a text of at most {0} characters', longest));
}

export function sentenceAt(value: unknown, where: string): Sentence {
  return isSentence(value) ? value : refuse(where, sentence('a sentence with its values'));
}

export function numberAt(value: unknown, where: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(where, sentence('a number'));
}

export function countAt(value: unknown, where: string, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  return refuse(where, most === Number.MAX_SAFE_INTEGER ? sentence('a whole number from 0') : sentence('a whole number from 0 to {0}', most));
}

export function choiceAt<Choice extends string>(value: unknown, choices: readonly Choice[], where: string): Choice {
  return choices.find((choice) => choice === value) ?? refuse(where, sentence('one of {0}', choices.join(', ')));
}

export function listAt<Item>(value: unknown, where: string, item: (value: unknown, where: string) => Item, longest = 10_000_000): Item[] {
  if (!Array.isArray(value) || value.length > longest) return refuse(where, sentence('a list of at most {0} entries', longest));
  return value.map((entry, index) => item(entry, `${where}[${index}]`));
}

/** @throws RunError invalid-file unless these are two numbers, the lower one first */
export function intervalAt(value: unknown, where: string): readonly [number, number] {
  const [low, high, ...more] = listAt(value, where, numberAt, 3);
  requireThat(high !== undefined && more.length === 0 && low < high, where);
  return [low, high];
}

export function recordAt<Item>(value: unknown, where: string, item: (value: unknown, where: string) => Item): Record<string, Item> {
  const entries = Object.entries(fieldsAt(value, where)).map(([key, entry]) => [key, item(entry, `${where}.${key}`)] as const);
  return Object.fromEntries(entries);
}

export function nullOr<Item>(item: (value: unknown, where: string) => Item): (value: unknown, where: string) => Item | null {
  return (value, where) => (value === null || value === undefined ? null : item(value, where));
}

export function sha256At(value: unknown, where: string): string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : refuse(where, sentence('a sha256'));
}

/** @throws RunError invalid-file unless the file says that it is of this format, version 1 */
export function formatAt<Format extends string>(fields: Fields, format: Format, where: string): { readonly format: Format; readonly version: 1 } {
  if (fields['format'] !== format) refuse(where, sentence('of format {0}', format));
  if (fields['version'] !== 1) {
    throw new RunError('invalid-file', sentence('{0} has version {1}, which this version of IBRL Studio cannot read. Update it.', where, String(fields['version']).slice(0, 20)));
  }
  return { format, version: 1 };
}
