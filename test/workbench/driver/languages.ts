import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { visibleTexts } from '../../webview/pseudoLocale';

const root = resolve(import.meta.dirname, '../../..');
/** Texts with so many letters are looked for inside of others, too: shorter ones may be part of a German word. */
const longText = 15;

/** German texts of the manifest by their keys. */
export function manifestTexts(): Record<string, string> {
  return readTexts('package.nls.de.json');
}

/**
 * Texts that are English, although there is German for them.
 * @param words that are the same in every language
 */
export function leftInEnglish(texts: readonly string[], words: readonly string[] = []): string[] {
  const pairs = readdirSync(join(root, 'l10n'))
    .filter((name) => name.endsWith('.de.json'))
    .flatMap((name) => Object.entries(readTexts(join('l10n', name))))
    .filter(([english, german]) => english !== german);
  const english = pairs.map(([text]) => text).filter(hasWords).map(pattern);
  const german = pairs.map(([, text]) => text).filter(hasWords).map(pattern);
  return texts.map((text) => text.trim()).filter((text) => !words.includes(text) && english.some((one) => one.test(text)) && !german.some((one) => one.test(text)));
}

/** Texts and accessible names of a page of the extension. */
export function textsOf(page: FrameLocator): Promise<string[]> {
  return page.locator('body').evaluate(visibleTexts);
}

function readTexts(file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, string>;
}

/** Besides what is put into it. */
function hasWords(text: string): boolean {
  return /\p{L}{2}/u.test(text.replace(/\{\d+\}/g, ''));
}

function pattern(text: string): RegExp {
  const parts = text.split(/\{\d+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.replace(/\P{L}/gu, '').length >= longText ? new RegExp(parts.join('.+')) : new RegExp(`^${parts.join('.+')}$`);
}
