import { env } from 'vscode';

/** Made once: to make one takes longer than a whole list may. */
const costFormats = new Map<number, Intl.NumberFormat>();
let dateFormat: Intl.DateTimeFormat | null = null;

/** A cost with as many decimals as suit its size, in the workbench's language: 189.2, 15.34, −0.613. */
export function costText(cost: number): string {
  const size = Math.abs(cost);
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  const format = costFormats.get(decimals) ?? new Intl.NumberFormat(env.language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  costFormats.set(decimals, format);
  const text = format.format(size);
  return cost < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** 23 Nov, 14:02 */
export function dateText(iso: string): string {
  dateFormat ??= new Intl.DateTimeFormat(env.language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const date = new Date(iso);
  if (!env.language.startsWith('en')) return dateFormat.format(date);
  const parts = Object.fromEntries(dateFormat.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${parts['day']} ${parts['month']}, ${parts['hour']}:${parts['minute']}`;
}
