import { t } from '@vscode/l10n';
import { language } from '../sentence/language';

const minus = '\u2212';

/** Text for a page: nothing in it can begin a tag, an entity or end an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON for a data block inside a page: no `<` can end the block. */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Decimals that suit numbers of this size: 178,430, 189.2, 15.34, 0.613. */
export function decimalsFor(values: readonly number[]): number {
  const largest = values.reduce((size, value) => (Number.isFinite(value) ? Math.max(size, Math.abs(value)) : size), 0);
  if (largest >= 1000) return 0;
  if (largest >= 100) return 1;
  return largest >= 10 ? 2 : 3;
}

/** A number with fixed decimals, grouped as the language does, with a true minus sign; "–" where there is none. */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return t('not finite');
  const text = Math.abs(value).toLocaleString(language(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

/** A difference: signed, but never "+0.0". */
export function formatDifference(value: number, decimals: number): string {
  const text = formatNumber(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A share as percent with one decimal, after a narrow no-break space. @param share 0 to 1 */
export function formatPercent(share: number | null): string {
  return share === null ? '–' : `${formatNumber(share * 100, 1)}\u202f%`;
}
