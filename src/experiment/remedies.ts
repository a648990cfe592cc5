import { t } from '@vscode/l10n';
import type { Fix, Range } from './findings';

/** What a finding proposes. */

/** The edit that puts another value where one stands. */
export function replaceBy(replacement: string, range: Range): Fix {
  return { title: t('Write `{0}`', replacement), range, replacement };
}

/** The question after a misspelt name. */
export function didYouMean(name: string): string {
  return t('Did you mean `{0}`?', name);
}
