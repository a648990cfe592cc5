import { locale } from '../shared/text';

const shown = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
const list = new Intl.ListFormat(locale, { type: 'conjunction' });

/** A measured number in a sentence, with four digits and a true minus sign. */
export function measured(value: number): string {
  return shown.format(value).replace('-', '\u2212');
}

/** A number and its unit; the unit “1” is none. */
export function inUnit(text: string, unit: string): string {
  return unit === '' || unit === '1' ? text : `${text}\u202f${unit}`;
}

/** What a person typed, with a point or a comma; null where that is no number. */
export function parsedNumber(text: string): number | null {
  const plain = text.trim().replace('\u2212', '-').replace(/^([-+]?\d*),(\d+)/, '$1.$2');
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

/** “a, b and c”. */
export function listed(names: readonly string[]): string {
  return list.format(names);
}
