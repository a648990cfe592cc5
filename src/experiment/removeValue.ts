import { t } from '@vscode/l10n';
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Edit, keysToEdit, nowhere, plainValue, provenEdits } from './edits';
import { ExperimentError } from './findings';
import type { YamlSource } from './yamlSource';

/**
 * The edits that take one setting, or one entry of a list, out of a text: whole lines where it has lines of its own,
 * else its characters and one comma. Comments beside other settings stay. A section that becomes empty is written as
 * such: no bounds at all is not the same as the default of bounds.
 *
 * @throws ExperimentError when the text is not YAML, nothing stands at the path, or other places share it
 */
export function editsToRemove(source: YamlSource, path: string): readonly Edit[] {
  const keys = keysToEdit(source, path);
  let node = (source.document?.contents ?? null) as Node | null;
  for (const key of keys.slice(0, -1)) node = childOf(node, key, path);
  const last = keys[keys.length - 1];
  childOf(node, last, path);
  const edits = isMap(node) ? removeEntry(source, node, entryOf(node, last), path) : isSeq(node) ? removeItem(source, node, Number(last), path) : [];
  return provenEdits(source, edits, without(plainValue(source), keys), path);
}

function childOf(node: Node | null, key: string, path: string): Node | null {
  if (isAlias(node)) throw new ExperimentError('path-behind-alias', t('{0} leads through an alias (`*{1}`), so other places would change too. Edit the file by hand.', path, node.source));
  if (isSeq(node) && node.items[Number(key)] !== undefined) return node.items[Number(key)] as Node;
  if (isMap(node) && entryOf(node, key) !== undefined) return (entryOf(node, key)?.value ?? null) as Node | null;
  throw nowhere(t('{0} does not stand in the file.', path));
}

function entryOf(node: YAMLMap, key: string): Pair | undefined {
  return node.items.find((one) => isScalar(one.key) && String(one.key.value) === key);
}

function without(tree: unknown, [key, ...rest]: readonly string[]): unknown {
  if (Array.isArray(tree)) return rest.length === 0 ? tree.toSpliced(Number(key), 1) : tree.map((item: unknown, index) => (index === Number(key) ? without(item, rest) : item));
  const { [key]: inner, ...others } = tree as Record<string, unknown>;
  if (rest.length === 0) return others;
  return { ...(tree as Record<string, unknown>), [key]: without(inner, rest) };
}

function removeEntry(source: YamlSource, parent: YAMLMap, pair: Pair | undefined, path: string): Edit[] {
  const key = pair?.key as Node | null | undefined;
  if (!pair || !key) throw nowhere(t('{0} does not stand in the file.', path));
  const start = startOf(key);
  const end = trimmedEnd(source.text, start, endOfPair(pair));
  if (!parent.flow) return withoutLines(source, parent, start, end, '{}', path);
  const before = parent.items.at(parent.items.indexOf(pair) - 1);
  return withoutComma(source.text, start, end, parent.items.length === 1 || !before ? null : endOfPair(before));
}

function removeItem(source: YamlSource, parent: YAMLSeq, index: number, path: string): Edit[] {
  const item = parent.items[index] as Node;
  const start = startOf(item);
  const end = trimmedEnd(source.text, start, endOf(item));
  if (parent.flow) return withoutComma(source.text, start, end, parent.items.length === 1 ? null : endOf(parent.items.at(index - 1) as Node));
  return withoutLines(source, parent, source.text.lastIndexOf('-', start - 1), end, '[]', path);
}

/**
 * An entry between braces or brackets, with the comma behind it, or else the one before it.
 *
 * @param endBefore where the entry before it ends; null where it is the only one
 */
function withoutComma(text: string, start: number, end: number, endBefore: number | null): Edit[] {
  if (endBefore === null) {
    const left = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    const right = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
    return [{ start: start - left, end: end + right, replacement: '' }];
  }
  const behind = /^[ \t]*,[ \t]*/.exec(text.slice(end));
  if (behind) return [{ start, end: end + behind[0].length, replacement: '' }];
  const before = /^\s*,/.exec(text.slice(endBefore, start));
  if (!before) return [{ start, end, replacement: '' }];
  const comma = endBefore + before[0].length - 1;
  // where a comment stands in between, it stays
  if (text.slice(comma + 1, start).trim() === '') return [{ start: comma, end, replacement: '' }];
  return [{ start: comma, end: comma + 1, replacement: '' }, { start, end, replacement: '' }];
}

/** The lines of an entry; the only entry leaves an empty collection behind its section's key. */
function withoutLines(source: YamlSource, parent: YAMLMap | YAMLSeq, start: number, end: number, empty: string, path: string): Edit[] {
  const { text } = source;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') throw new ExperimentError('path-behind-alias', t('{0} does not stand on a line of its own. Edit the file by hand.', path));
  const nextLine = text.indexOf('\n', end);
  const lines: Edit = { start: lineStart, end: nextLine < 0 ? text.length : nextLine + 1, replacement: '' };
  if (parent.items.length > 1) return [lines];
  const before = text.slice(0, startOf(parent));
  const colon = lastColon(before);
  return colon < 0 ? [{ ...lines, replacement: `${empty}${text.includes('\r\n') ? '\r\n' : '\n'}` }] : [{ start: colon, end: colon, replacement: ` ${empty}` }, lines];
}

/** Where a section's value would stand: behind the colon that ends the last line before it that is no comment; else -1. */
function lastColon(before: string): number {
  let end = before.length;
  while (end > 0) {
    const start = before.lastIndexOf('\n', end - 1) + 1;
    const line = before.slice(start, end);
    const found = /^(?!\s*#).*?:(?=\s*(?:#.*)?$)/.exec(line.trimEnd());
    if (found) return start + found[0].length;
    if (line.trim() !== '' && !line.trim().startsWith('#')) return -1;
    end = start - 1;
  }
  return -1;
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, Math.max(start, end)).trimEnd().length;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function endOf(node: Node): number {
  return node.range?.[1] ?? 0;
}

function endOfPair({ key, value }: Pair): number {
  return Math.max(endOf(key as Node), endOf((value ?? key) as Node));
}
