import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { config } from '@vscode/l10n';
import type { Page } from 'playwright-core';

const folder = resolve(import.meta.dirname, '../../l10n');

/** Every translatable English text, in brackets that nothing else has; the language of numbers stays English. */
export function pseudoTranslations(): Record<string, string> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.de.json'));
  const texts = files.flatMap((name) => Object.keys(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>));
  return Object.fromEntries(texts.map((text) => [text, text === 'en' ? text : `⟦${text}⟧`]));
}

/**
 * Words on a page, shadow roots and accessible names included, that went through no translation.
 * @param data words that come from the run itself: names of variables, files, runs
 */
export async function untranslated(page: Page, data: readonly string[]): Promise<string[]> {
  const texts = await page.evaluate(visibleTexts);
  return texts.map((text) => withoutTranslated(text, data)).filter((rest) => /\p{L}{2,}/u.test(rest));
}

/** Words of something said in the language with brackets that stand outside of them. @param data as for `untranslated` */
export function untranslatedWords(say: () => string, data: readonly string[]): string[] {
  config({ contents: pseudoTranslations() });
  try {
    return withoutTranslated(say(), data).match(/\p{L}{2,}/gu) ?? [];
  } finally {
    config({ contents: {} });
  }
}

/** What is left of a text besides translated words and such data. */
export function withoutTranslated(text: string, data: readonly string[]): string {
  return withoutData(withoutBrackets(text), data);
}

/** Brackets may stand inside one another, as arguments of a text are texts. */
function withoutBrackets(text: string): string {
  const inner = text.replace(/⟦[^⟦⟧]*⟧/g, '');
  return inner === text ? text : withoutBrackets(inner);
}

function withoutData(text: string, data: readonly string[]): string {
  return data.toSorted((a, b) => b.length - a.length).reduce((rest, word) => rest.replaceAll(word, ''), text);
}

/** Texts and accessible names of a page, shadow roots included. Runs in the page. */
export function visibleTexts(): string[] {
  interface Part {
    readonly nodeType: number;
    readonly nodeName: string;
    readonly textContent: string | null;
    readonly childNodes: Iterable<Part>;
    readonly shadowRoot?: Part | null;
    getAttribute?(name: string): string | null;
  }
  const found: string[] = [];
  const visit = (part: Part): void => {
    if (['SCRIPT', 'STYLE'].includes(part.nodeName)) return;
    if (part.nodeType === 3) found.push(part.textContent ?? '');
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-roledescription']) found.push(part.getAttribute?.(name) ?? '');
    if (part.shadowRoot) visit(part.shadowRoot);
    for (const child of part.childNodes) visit(child);
  };
  visit((globalThis as unknown as { document: { body: Part } }).document.body);
  return found;
}
