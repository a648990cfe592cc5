import { t } from '@vscode/l10n';
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { applyEdits, type Edit, keysToEdit, nowhere, plainValue, provenEdits } from './edits';
import { ExperimentError } from './findings';
import { inYaml } from './inYaml';
import { parseYaml, type YamlSource } from './yamlSource';

/**
 * Sets one value of an experiment file and leaves the rest of the text as it is: comments, order, line ends, style.
 * A key that is missing is added, with the sections around it. Whether the result is a valid experiment is for the
 * validator to say.
 *
 * @param path dotted, such as `search.updates`; a number is an index of a list
 * @param value as YAML, such as `200` or `[0.01, 0]`
 * @throws ExperimentError when the text or the value is not YAML, the path leads nowhere, or an alias
 *   repeats the value elsewhere
 */
export function setValue(text: string, path: string, value: string): string {
  const source = parseYaml(text);
  return text.slice(0, text.length - source.text.length) + applyEdits(source.text, editsToSet(source, path, value));
}

/** The edits by which `setValue` does it; offsets count in the source's text. A list of the same length changes entry by entry. */
export function editsToSet(source: YamlSource, path: string, value: string): readonly Edit[] {
  const wanted = parseYaml(value);
  const text = flowText(wanted, value);
  const keys = keysToEdit(source, path);
  const root = source.document?.contents ?? null;
  if (!isMap(root)) throw nowhere(t('{0} leads nowhere, since the file holds no mapping.', path));
  const expected = withValue(plainValue(source), keys, plainValue(parseYaml(text)));
  return provenEdits(source, findEdits(source, root, keys, text, plainValue(wanted), path), expected, path);
}

/** The tree with one value set, as the edit must leave it. */
function withValue(tree: unknown, keys: readonly string[], value: unknown): unknown {
  if (keys.length === 0) return value;
  const [key, ...rest] = keys;
  if (Array.isArray(tree)) return tree.map((item: unknown, index) => (index === Number(key) ? withValue(item, rest, value) : item));
  const mapping = (tree ?? {}) as Record<string, unknown>;
  const inner = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  return { ...mapping, [key]: withValue(inner, rest, value) };
}

/** The value in one line, as it can stand in block and flow mappings alike. */
function flowText(parsed: YamlSource, value: string): string {
  const wrong = parsed.findings.find((finding) => finding.severity === 'error');
  if (wrong) throw new ExperimentError('value-syntax', `${t('The value is not valid YAML.')} ${wrong.message}`, parsed.findings);
  const content = parsed.document?.contents ?? null;
  if (content === null) throw new ExperimentError('value-syntax', t('There is no value. Write, for example, search.updates=200.'));
  // Short scalars stay as they were typed; the rest is written anew, without line breaks, comments, anchors.
  if (isScalar(content) && content.type === 'PLAIN' && /^[\w.+-]+$/.test(value.trim())) return value.trim();
  return inYaml(plainValue(parsed));
}

function findEdits(source: YamlSource, root: YAMLMap, keys: readonly string[], wanted: string, value: unknown, path: string): Edit[] {
  let node: Node = root;
  for (let depth = 0; depth < keys.length; depth++) {
    if (isAlias(node)) throw new ExperimentError('path-behind-alias', t('{0} leads through an alias (`*{1}`), so other places would change too. Edit the file by hand.', path, node.source));
    if (isSeq(node)) {
      const item: unknown = node.items[Number(keys[depth])];
      if (item === undefined) throw nowhere(t('{0} leads beyond the {1} entries of the list.', path, node.items.length));
      node = item as Node;
      continue;
    }
    if (!isMap(node)) throw nowhere(t('{0} leads into `{1}`, which is no mapping.', path, keys.slice(0, depth).join('.')));
    const pair: Pair | undefined = node.items.find((one) => isScalar(one.key) && String(one.key.value) === keys[depth]);
    if (!pair) return [insertion(source, node, keys[depth], nested(keys.slice(depth + 1), wanted))];
    const value = pair.value as Node | null;
    if (value === null || (isScalar(value) && value.value === null && value.source === '')) {
      return [afterKey(source, node, pair, nested(keys.slice(depth + 1), wanted))];
    }
    node = value;
  }
  return entryByEntry(source, node, value) ?? [replacement(source, node, wanted)];
}

/** The entries of a list of scalars that differ from as many wanted ones; null where it is no such list. */
function entryByEntry(source: YamlSource, node: Node, value: unknown): Edit[] | null {
  if (!isSeq(node) || !Array.isArray(value) || value.length !== node.items.length) return null;
  const wanted: readonly unknown[] = value;
  if (wanted.some((one) => typeof one === 'object') || !node.items.every((item) => isScalar(item) && item.source !== '')) return null;
  return node.items.flatMap((item, index) => (isScalar(item) && !Object.is(item.value, wanted[index]) ? [replacement(source, item, inYaml(wanted[index]))] : []));
}

function nested(keys: readonly string[], wanted: string): string {
  return keys.reduceRight((inner, key) => `{ ${key}: ${inner} }`, wanted);
}

/** Puts a value in the place of another; a block that ends with its line keeps the line end. */
function replacement(source: YamlSource, node: Node, wanted: string): Edit {
  const [start, valueEnd] = offsetsOf(node);
  const end = start + source.text.slice(start, valueEnd).trimEnd().length;
  return { start, end: Math.max(start, end), replacement: wanted };
}

/** Gives a value to a key that has none. */
function afterKey(source: YamlSource, parent: YAMLMap, pair: Pair, wanted: string): Edit {
  const keyEnd = offsetsOf(pair.key as Node)[1];
  const colon = /^\s*:/.exec(source.text.slice(keyEnd, keyEnd + 200));
  const at = keyEnd + (colon?.[0].length ?? 0);
  return { start: at, end: at, replacement: colon ? ` ${wanted}` : `: ${wanted}${parent.flow && source.text[at] === undefined ? ' ' : ''}` };
}

/** Adds a key at the end of a mapping, in its style. */
function insertion(source: YamlSource, parent: YAMLMap, key: string, wanted: string): Edit {
  const { text } = source;
  const [start, valueEnd] = offsetsOf(parent);
  const last = parent.items.at(-1);
  if (parent.flow || !last) {
    const open = start + 1;
    const inner = text.slice(open, valueEnd - 1);
    if (!last) return { start: open, end: valueEnd - 1, replacement: ` ${key}: ${wanted} ` };
    const lastEnd = endOf(last);
    const comma = /^\s*,/.exec(text.slice(lastEnd, open + inner.length));
    const at = lastEnd + (comma?.[0].length ?? 0);
    return { start: at, end: at, replacement: `${comma ? '' : ','} ${key}: ${wanted}` };
  }
  const first = offsetsOf(parent.items[0].key as Node)[0];
  const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first).replace(/[^ ]/g, ' ');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lastEnd = Math.max(start, start + text.slice(start, endOf(last)).trimEnd().length);
  const lineEnd = text.indexOf('\n', lastEnd);
  if (lineEnd < 0) return { start: text.length, end: text.length, replacement: `${newline}${indent}${key}: ${wanted}` };
  return { start: lineEnd + 1, end: lineEnd + 1, replacement: `${indent}${key}: ${wanted}${newline}` };
}

function endOf(pair: Pair): number {
  return offsetsOf((pair.value ?? pair.key) as Node)[1];
}

/** Where a node's value begins and ends; every node of a parsed text has a range. */
function offsetsOf(node: Node): [number, number] {
  return node.range ? [node.range[0], node.range[1]] : [0, 0];
}
