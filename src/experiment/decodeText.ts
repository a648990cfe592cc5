import { t } from '@vscode/l10n';
import type { Finding, Position } from './findings';
import { largestFileBytes } from './yamlSource';

/** A file's text, or why its bytes are none. */
export type Decoded = { readonly text: string; readonly finding: null } | { readonly text: null; readonly finding: Finding };

const start: Position = { line: 0, character: 0 };

/**
 * The text of an experiment file: UTF-8, with or without byte order mark. Other encodings are refused with their name
 * where it is sure, and the place of the first strange byte. Never throws.
 */
export function decodeExperiment(bytes: Uint8Array): Decoded {
  if (bytes.length > largestFileBytes) return refused('file-too-large', t('The file is larger than 1 MiB. Keep recordings and results in files of their own.'));
  const wide = wideEncoding(bytes);
  if (wide !== null) return refused('foreign-encoding', t('The file is in {0}. Save it as UTF-8.', wide));
  const valid = validPrefix(bytes);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, valid));
  const place = positionAfter(text);
  if (valid < bytes.length) {
    const byte = `0x${bytes[valid].toString(16).toUpperCase().padStart(2, '0')}`;
    return refused('foreign-encoding', t('The byte {0} here is not UTF-8; the file seems to be in Latin-1 or Windows-1252, or is no text. Save it as UTF-8.', byte), place);
  }
  const zero = text.indexOf('\0');
  if (zero >= 0) return refused('foreign-encoding', t('A zero byte stands here, so the file is no text. Save it as UTF-8.'), positionAfter(text.slice(0, zero)));
  return { text, finding: null };
}

/** UTF-32 or UTF-16 by their marks, or UTF-16 without one by the zero bytes of its first Latin letters. */
function wideEncoding(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) return 'UTF-32';
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'UTF-16';
  if (bytes.length >= 4 && ((a === 0 && c === 0 && b !== 0 && d !== 0) || (b === 0 && d === 0 && a !== 0 && c !== 0))) return 'UTF-16';
  return null;
}

/** Length of the longest part from the beginning that is whole UTF-8 characters, by bisection: some twenty decodings. */
function validPrefix(bytes: Uint8Array): number {
  const decodes = (length: number, whole: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: !whole });
      return true;
    } catch {
      return false;
    }
  };
  if (decodes(bytes.length, true)) return bytes.length;
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(middle, false)) low = middle;
    else high = middle - 1;
  }
  // up to here nothing is wrong yet, but the last character may be begun only
  while (low > 0 && !decodes(low, true)) low--;
  return low;
}

function positionAfter(text: string): Position {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = plain.split('\n');
  return { line: lines.length - 1, character: lines[lines.length - 1].length };
}

function refused(code: Finding['code'], message: string, place: Position = start): Decoded {
  return { text: null, finding: { code, severity: 'error', message, range: { start: place, end: place } } };
}
