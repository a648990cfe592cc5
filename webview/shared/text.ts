import { config, t } from '@vscode/l10n';
import { Value } from 'typebox/value';
import { pageData } from '../../src/messages/channel';

/** Reads what the host put into the page. Import this module before any that has words. */
function readPageData(): { readonly locale: string; readonly arrangement: unknown } {
  const element = document.getElementById('ibrl-page');
  const data: unknown = JSON.parse(element?.textContent ?? 'null');
  if (!Value.Check(pageData, data)) return { locale: 'en', arrangement: null };
  if (data.translations !== null) config({ contents: data.translations });
  return { locale: Intl.NumberFormat.supportedLocalesOf([data.locale])[0] ?? 'en', arrangement: data.arrangement };
}

/** `locale` is the workbench's, for `Intl`; `arrangement` what was arranged in the page that this one stands in for. */
export const { locale, arrangement } = readPageData();
export { t };
