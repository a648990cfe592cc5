import { locale } from './text';
import { duration as durationSentence } from '../../src/sentence/duration';
import { spoken } from '../../src/sentence/sentence';

const minus = '\u2212';
const narrowSpace = '\u202f';
const formats = new Map<number, Intl.NumberFormat>();

function digits(decimals: number): Intl.NumberFormat {
  const known = formats.get(decimals);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formats.set(decimals, made);
  return made;
}

/** Decimals that suit numbers of this size: 178,430, 189.2, 15.34, 0.613. */
export function decimalsFor(values: readonly number[]): number {
  const largest = values.reduce((size, value) => (Number.isFinite(value) ? Math.max(size, Math.abs(value)) : size), 0);
  if (largest >= 1000) return 0;
  if (largest >= 100) return 1;
  return largest >= 10 ? 2 : 3;
}

/** Fixed decimals, grouped as the workbench's language does, a true minus sign, never a negative zero; “–” where there is none. */
export function number(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = digits(decimals).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

/** A difference: signed, but never “+0.0”. */
export function difference(value: number | null, decimals: number): string {
  const text = number(value, decimals);
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A count, grouped: 160,000. */
export function count(value: number): string {
  return number(value, 0);
}

/** A share as percent. @param share 0 … 1 */
export function percent(share: number | null, decimals = 1): string {
  return share === null ? '–' : `${number(share * 100, decimals)}${narrowSpace}%`;
}

/** A number with its unit; the unit “1” is none. */
export function withUnit(value: number | null, decimals: number, unit: string): string {
  const text = number(value, decimals);
  return unit === '' || unit === '1' ? text : `${text}${narrowSpace}${unit}`;
}

/** How long something takes, with a space that does not break: “8 s”, “3 min”, “2 h 10 min”. @param milliseconds not negative */
export function duration(milliseconds: number): string {
  return spoken(durationSentence(milliseconds)).replaceAll(' ', narrowSpace);
}

/** Time that has gone by, as a clock shows it: “0:19”, “1:02:03”. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** “23 Nov, 14:02”. @param iso ISO 8601 */
export function day(iso: string): string {
  const parts = Object.fromEntries(dayFormat.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return locale.startsWith('en') ? `${parts['day']} ${parts['month']}, ${parts['hour']}:${parts['minute']}` : dayFormat.format(new Date(iso));
}

/** “14:02:21”. @param iso ISO 8601 */
export function clock(iso: string): string {
  return clockFormat.format(new Date(iso));
}
