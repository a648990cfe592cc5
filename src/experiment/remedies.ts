import { t } from '@vscode/l10n';
import type { Fix, Range } from './findings';
import { inYaml } from './inYaml';
import type { YamlSource } from './yamlSource';

/** What a finding proposes. */

/** The edit that puts another value where one stands. */
export function replaceBy(replacement: string, range: Range): Fix {
  return { title: t('Write `{0}`', replacement), range, replacement };
}

/** The question after a misspelt name. */
export function didYouMean(name: string): string {
  return t('Did you mean `{0}`?', name);
}

/** White space that only looks like some, which a value may end or begin with: of another kind, or half a line end. */
const strangeSpace = /[^\S \t\r\n]|\r(?!\n)/;

/**
 * The edit as it can stand in its text: a word keeps the quotes of the one before it, an added line has the text's line
 * ends. Undefined where it would not do what is meant: a comment or an anchor would go, a tag or a strange space stay.
 */
export function fitted(fix: Fix, { offsetOf, text }: YamlSource): Fix | undefined {
  const [start, end] = [offsetOf(fix.range.start), offsetOf(fix.range.end)];
  const written = text.slice(start, end);
  if (written === '') return text.includes('\r\n') ? { ...fix, replacement: fix.replacement.replace(/\r?\n/g, '\r\n') } : fix;
  // the two characters behind it, and not half a line end
  const behind = text[end + 1] === '\r' ? 3 : 2;
  const tagged = /(^|[\s,[{])!\S*\s+$/.test(text.slice(Math.max(0, start - 100), start));
  if (tagged || /[#&]/.test(written) || strangeSpace.test(text.slice(start, end + behind))) return undefined;
  const [quote] = written;
  const quoted = (quote === '"' || quote === "'") && written.length > 1 && written.endsWith(quote);
  const isWord = /^[A-Za-z]/.test(fix.replacement) && inYaml(fix.replacement) === fix.replacement;
  return quoted && isWord ? { ...fix, replacement: `${quote}${fix.replacement}${quote}` } : fix;
}
