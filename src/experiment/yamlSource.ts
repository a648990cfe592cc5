import { t } from '@vscode/l10n';
import { Composer, type CST, type Document, type Alias, isAlias, type Node, Parser, visit } from 'yaml';
import type { Finding, FindingCode, Position, Range } from './findings';
import { syntaxSentence, yamlSentence } from './yamlSentences';

/** Larger files are refused unread. 1 MiB is some hundred times the largest sensible experiment. */
export const largestFileBytes = 1 << 20;

/** Deeper nesting is refused before the tree is built: the library recurses, and a stack overflow inside it can end the process. */
const deepestNesting = 64;

const mostAliases = 100;

/** A parsed text: its tree, and where each node stands. */
export interface YamlSource {
  /** the text without a byte order mark; offsets count in it */
  readonly text: string;
  /** null where the text is empty or cannot be read */
  readonly document: Document.Parsed | null;
  /** what is wrong with the text as YAML */
  readonly findings: readonly Finding[];
  /** The range between two offsets of the text. */
  range(start: number, end: number): Range;
  /** The offset of a place in the text. */
  offsetOf(position: Position): number;
  /** Where a node's value stands, without its anchor or tag. */
  rangeOf(node: Node): Range;
  /** The node itself, or the one that it is an alias for; null where the anchor does not exist. */
  resolve(node: Node): Exclude<Node, Alias> | null;
}

/** Parses a text as one YAML document. Never throws; whatever is wrong becomes a finding. */
export function parseYaml(textWithMark: string): YamlSource {
  const text = textWithMark.startsWith('\uFEFF') ? textWithMark.slice(1) : textWithMark;
  const lines = lineStarts(text);
  const findings: Finding[] = [];
  const anchors = new Map<Node, Node>();

  const range = (start: number, end: number): Range => ({ start: position(lines, start, text.length), end: position(lines, Math.max(start, end), text.length) });
  const source = (document: Document.Parsed | null): YamlSource => ({
    text,
    document,
    findings,
    range,
    offsetOf: ({ line, character }) => lines[line] + character,
    rangeOf: (node) => {
      const [start, end] = node.range ?? [0, 0];
      return range(start, start + text.slice(start, end).trimEnd().length);
    },
    resolve: (node) => (isAlias(node) ? ((anchors.get(node) ?? null) as Exclude<Node, Alias> | null) : (node as Exclude<Node, Alias>)),
  });
  const report = (code: FindingCode, message: string, start: number, end: number, severity: Finding['severity'] = 'error') =>
    findings.push({ code, severity, message, range: range(start, end) });

  if (text.length > largestFileBytes || (text.length > largestFileBytes / 3 && new TextEncoder().encode(text).length > largestFileBytes)) {
    report('file-too-large', t('The file is larger than 1 MiB. Keep recordings and results in files of their own.'), 0, 0);
    return source(null);
  }

  let document: Document.Parsed | null = null;
  try {
    const tokens = [...new Parser().parse(text)];
    const tooDeep = offsetBeyondDepth(tokens, deepestNesting);
    if (tooDeep !== null) {
      report('nested-too-deeply', t('Lists or mappings are nested too deeply here. Write the settings as plain sections.'), tooDeep, tooDeep);
      return source(null);
    }
    // Duplicate keys are checked when the tree is walked: the library's own check is quadratic in the number of keys.
    const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
    const documents = [...composer.compose(tokens, true, text.length)];
    document = documents[0] ?? null;
    if (documents.length > 1) {
      const start = documents[1].range[0];
      report('yaml-syntax', t('A second document begins here. Write one experiment to a file.'), start, start);
    }
  } catch {
    report('nested-too-deeply', t('The file is nested too deeply to be read. Write the settings as plain sections.'), 0, 0);
    return source(null);
  }
  if (!document) return source(null);

  for (const error of document.errors.slice(0, mostAliases)) {
    report('yaml-syntax', syntaxSentence(error.code, error.message), error.pos[0], error.pos[1]);
  }
  for (const warning of document.warnings.slice(0, mostAliases)) {
    report('yaml-doubtful', yamlSentence(warning.message), warning.pos[0], warning.pos[1], 'warning');
  }
  const alone = document.errors.length === 0 ? -1 : text.search(/\r(?!\n)/);
  if (alone >= 0) report('yaml-syntax', t('A carriage return stands alone here, which ends no line. Save the file with the line ends LF or CRLF.'), alone, alone);
  if (document.errors.length === 0) resolveAliases(document, anchors, report);
  return source(document);
}

/** Links every alias to the latest anchor of its name before it, in one pass over the tree. */
function resolveAliases(
  document: Document.Parsed,
  anchors: Map<Node, Node>,
  report: (code: FindingCode, message: string, start: number, end: number) => void,
): void {
  const byName = new Map<string, Node>();
  let aliases = 0;
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) {
        if (node.anchor) byName.set(node.anchor, node);
        return undefined;
      }
      const [start, end] = node.range ?? [0, 0];
      if (++aliases > mostAliases) {
        report('too-many-aliases', t('The file has more than {0} aliases. Write the values out.', mostAliases), start, end);
        return visit.BREAK;
      }
      const target = byName.get(node.source);
      if (target) anchors.set(node, target);
      else report('alias-unresolved', t('No anchor &{0} stands before this alias. Write the value out, or name the anchor.', node.source), start, end);
      return undefined;
    },
  });
}

/** The offset of a token that is nested deeper than `limit`, or null. Iterative: the nesting may be of any depth. */
function offsetBeyondDepth(tokens: readonly CST.Token[], limit: number): number | null {
  const stack: [CST.Token, number][] = tokens.map((token) => [token, 0]);
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [token, depth] = top;
    if (depth > limit) return token.offset;
    if (token.type === 'document') {
      if (token.value) stack.push([token.value, depth]);
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) stack.push([item.key, depth + 1]);
        if (item.value) stack.push([item.value, depth + 1]);
      }
    }
  }
  return null;
}

/** Offsets at which lines begin. (The library's own counter loses count inside quoted text that is not closed.) */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that begins at or before the offset, by bisection. */
function position(lines: readonly number[], offset: number, length: number): Position {
  const within = Math.min(Math.max(offset, 0), length);
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle] <= within) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: within - lines[low] };
}
