import { type Sentence, sentence } from '../sentence/sentence';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const decimalComma = /^[+-]?\d+,\d+$/;
/** Words with which loggers say that there is no value. */
const missing = new Set(['', '-', '–', 'nan', 'na', 'n/a', '#n/a', 'null', 'none', 'bad', 'no data']);
const dateTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?(?:(Z)|([+-]\d\d):?(\d\d))?$/;

export type Cell =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'other'; readonly said: Sentence };

/** The number in a cell: decimal, with a point, finite. Nothing else is taken for a number. */
export function readNumber(text: string): Cell {
  if (number.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { kind: 'number', value } : { kind: 'other', said: sentence('{0} is larger than any number here can be.', quoted(text)) };
  }
  if (missing.has(text.toLowerCase())) return { kind: 'missing' };
  if (decimalComma.test(text)) return { kind: 'other', said: sentence('{0} has a decimal comma. Export the file with decimal points.', quoted(text)) };
  return { kind: 'other', said: sentence('{0} is not a number.', quoted(text)) };
}

/** Seconds: a number as it is, or a date with time (ISO 8601; without a zone it is taken as UTC). */
export function readTime(text: string): Cell {
  const found = dateTime.exec(text);
  if (found === null) {
    const cell = readNumber(text);
    return cell.kind === 'other' ? { kind: 'other', said: sentence('{0} is no time: give seconds as a number, or date and time as in 2024-05-31T14:05:00Z.', quoted(text)) } : cell;
  }
  const [, date, minutes = '00:00', seconds = ':00', , hours, quarters] = found;
  // milliseconds are what every JavaScript engine reads alike
  const value = Date.parse(`${date}T${minutes}${seconds.slice(0, ':00.000'.length)}${hours === undefined ? 'Z' : `${hours}:${quarters}`}`);
  return Number.isNaN(value) ? { kind: 'other', said: sentence('{0} is no date that there is.', quoted(text)) } : { kind: 'number', value: value / 1000 };
}

export function quoted(text: string): Sentence {
  return sentence('“{0}”', shortened(text));
}

/** At most so much of a cell as a sentence can bear. */
export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
