import { t } from '@vscode/l10n';

/** The language that this process speaks, as Intl names it: its texts say it themselves. */
export function language(): string {
  return t('en');
}

/** All digits of a number, with the decimal mark of that language. */
export function inLanguage(value: number): string {
  const text = String(value);
  return text.includes('.') ? text.replace('.', (0.5).toLocaleString(language())[1]) : text;
}
