import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Finding, Fix, Range } from './findings';
import { joinPath, kindOf, mappingAlternative, propertyOf, type SchemaNode } from './schema/node';
import { experimentSchemaNode } from './schema';
import { closestWord } from './suggestions';
import { inRange, listWords, rangeWords, typeWords } from './words';
import type { YamlSource } from './yamlSource';

/** Where a key and its value stand. */
export interface Place {
  readonly key: Range | null;
  readonly value: Range;
}

/** A tree of YAML as plain values, as far as it follows the schema. */
export interface ReadTree {
  /** objects without prototype; whatever is wrong is left out */
  readonly value: unknown;
  /** by dotted path; the root is '' */
  readonly places: ReadonlyMap<string, Place>;
  /** paths whose value is missing from `value` because it is wrong, or may stand under a misspelt key */
  readonly broken: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** Reading goes on after that many, but reports no more: a file may be made to have millions. */
const mostFindings = 1000;

/** Reads a YAML tree against the experiment's schema. Its depth is that of the schema, whatever the file holds. */
export function readTree(source: YamlSource, root: Node): ReadTree {
  const reader = new TreeReader(source);
  const value = reader.read(root, experimentSchemaNode, '', null);
  return { value, places: reader.places, broken: reader.broken, findings: reader.findings };
}

class TreeReader {
  readonly places = new Map<string, Place>();
  readonly broken = new Set<string>();
  readonly findings: Finding[] = [];

  constructor(private readonly source: YamlSource) {}

  /** The value of a node, or undefined where it is wrong. @param key the key that it stands under */
  read(written: Node, schema: SchemaNode, path: string, key: Range | null): unknown {
    const node = this.source.resolve(written);
    const range = this.source.rangeOf(written);
    this.places.set(path, { key, value: range });
    if (node === null) return this.wrong(path);
    if (isMap(node)) return this.readMapping(node, schema, path, range);
    if (isSeq(node)) return this.readList(node, schema, path, range);
    if (isScalar(node)) return this.readScalar(node.value, node.source ?? '', schema, path, range);
    return this.mistyped(schema, path, range);
  }

  private readMapping(node: YAMLMap, schema: SchemaNode, path: string, range: Range): unknown {
    const entries = this.entries(node, path);
    const kindNode = entries.find(([name]) => name === 'kind')?.[1].value ?? null;
    const kind = kindNode && this.source.resolve(kindNode as Node);
    const kindValue = isScalar(kind) ? kind.value : undefined;
    const alternative = mappingAlternative(schema, new Set(entries.map(([name]) => name)), kindValue);
    if (!alternative) {
      const kinds = schema.anyOf?.map(kindOf).filter((one) => one !== null) ?? [];
      if (kinds.length === 0) return this.mistyped(schema, path, range);
      return this.withoutKind(kindNode as Node | null, kindValue, kinds, path, range);
    }

    if (entries.length > (alternative.maxProperties ?? Infinity)) {
      this.report('wrong-length', `\`${label(path)}\` has ${entries.length} entries, but may have at most ${alternative.maxProperties}.`, this.places.get(path)?.key ?? range);
      return this.wrong(path);
    }
    const result = Object.create(null) as Record<string, unknown>;
    const seen = new Set<string>();
    const open = alternative.patternProperties !== undefined;
    for (const [name, { keyRange, value }] of entries) {
      const at = joinPath(path, name);
      if (seen.has(name)) {
        this.report('duplicate-key', `\`${name}\` occurs twice in this mapping. Keep one of them.`, keyRange);
        this.wrong(at);
        continue;
      }
      seen.add(name);
      const property = propertyOf(alternative, name);
      if (!property) {
        this.unknownKey(name, keyRange, alternative, path);
        continue;
      }
      if (value === null || this.isEmpty(value as Node, property)) {
        this.places.set(at, { key: keyRange, value: keyRange });
        this.report('missing-value', `\`${name}\` has no value. Write ${typeWords(property)}${open ? '' : ', or remove the line for the default'}.`, keyRange);
        this.wrong(at);
        continue;
      }
      const read = this.read(value as Node, property, at, keyRange);
      if (read !== undefined) result[name] = read;
    }
    for (const name of alternative.required ?? []) {
      if (!seen.has(name)) this.missingKey(name, alternative, node, path);
    }
    return result;
  }

  /** The entries of a mapping whose keys are words. */
  private entries(node: YAMLMap, path: string): [string, { keyRange: Range; value: unknown }][] {
    const entries: [string, { keyRange: Range; value: unknown }][] = [];
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const keyRange = keyNode ? this.source.rangeOf(keyNode) : this.source.rangeOf(node);
      if (isScalar(keyNode) && keyNode.value !== null && typeof keyNode.value !== 'object') {
        entries.push([String(keyNode.value), { keyRange, value: pair.value }]);
      } else {
        this.report('unreadable-key', 'This key is not a word. Write a plain key, then a colon and a space.', keyRange);
        this.wrong(path);
      }
    }
    return entries;
  }

  /** Whether nothing stands after the colon, where null is not a value that the field may have. */
  private isEmpty(value: Node, schema: SchemaNode): boolean {
    const node = this.source.resolve(value);
    return isScalar(node) && node.value === null && node.source === '' && !accepts(schema, null);
  }

  private readList(node: YAMLSeq, schema: SchemaNode, path: string, range: Range): unknown {
    const list = alternatives(schema).find((alternative) => alternative.type === 'array');
    if (!list) return this.mistyped(schema, path, range);
    const { items } = list;
    const tuple: readonly SchemaNode[] | null = Array.isArray(items) ? items : null;
    const least = tuple?.length ?? list.minItems ?? 0;
    const most = tuple?.length ?? list.maxItems ?? Infinity;
    if (node.items.length < least || node.items.length > most) {
      const wanted = tuple ? `exactly ${least}` : node.items.length < least ? `at least ${least}` : `at most ${most}`;
      this.report('wrong-length', `\`${label(path)}\` has ${node.items.length} entries, but needs ${wanted}.`, range);
      return this.wrong(path);
    }
    const before = this.broken.size;
    const seen = new Set<unknown>();
    const result: unknown[] = [];
    node.items.forEach((item, index) => {
      const value = this.read(item as Node, tuple ? tuple[index] : (items as SchemaNode), joinPath(path, index), null);
      if (list.uniqueItems && value !== undefined && seen.has(value)) {
        this.report('duplicate-entry', `\`${String(value)}\` stands twice in \`${label(path)}\`. Remove one of them.`, this.source.rangeOf(item as Node));
        this.wrong(path);
      }
      seen.add(value);
      result.push(value);
    });
    return this.broken.size > before ? this.wrong(path) : result;
  }

  private readScalar(value: unknown, text: string, schema: SchemaNode, path: string, range: Range): unknown {
    const among = alternatives(schema);
    const match = among.find((alternative) => accepts(alternative, value));
    if (!match) return this.mistyped(schema, path, range, text, value);
    const name = label(path);

    if (match.const !== undefined || match.enum) {
      const words = match.enum ?? [String(match.const)];
      if (value === match.const || words.includes(value as string)) return value;
      const closest = typeof value === 'string' ? closestWord(value, words) : null;
      const meant = closest ? ` Did you mean \`${closest}\`?` : ` Write ${listWords(words)}.`;
      this.report('unknown-value', `\`${name}\` cannot be \`${shorten(text)}\`.${meant}`, range, closest ? replaceBy(closest, range) : undefined);
      return this.wrong(path);
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) {
        this.report('not-finite', `\`${name}\` must be a finite number.`, range);
        return this.wrong(path);
      }
      if (match.type === 'integer' && !Number.isInteger(value)) {
        this.report('wrong-type', `\`${name}\` is ${value}, but must be a whole number.`, range);
        return this.wrong(path);
      }
      if (!inRange(match, value)) {
        this.report('out-of-range', `\`${name}\` is ${value}, but must be ${rangeWords(match)}.`, range);
        return this.wrong(path);
      }
    }
    if (typeof value === 'string' && (value.length < (match.minLength ?? 0) || value.length > (match.maxLength ?? Infinity))) {
      this.report('out-of-range', `\`${name}\` must have from ${match.minLength ?? 0} to ${match.maxLength ?? 'any number of'} characters.`, range);
      return this.wrong(path);
    }
    return value;
  }

  private withoutKind(kindNode: Node | null, value: unknown, kinds: readonly string[], path: string, range: Range): undefined {
    const at = joinPath(path, 'kind');
    this.wrong(path);
    if (!kindNode) {
      this.report('missing-key', `\`${label(path)}\` needs a \`kind\`: ${listWords(kinds)}.`, this.places.get(path)?.key ?? range);
      return undefined;
    }
    const kindRange = this.source.rangeOf(kindNode);
    this.places.set(at, { key: null, value: kindRange });
    if (typeof value === 'string') {
      const closest = closestWord(value, kinds);
      const meant = closest ? ` Did you mean \`${closest}\`?` : ` Write ${listWords(kinds)}.`;
      this.report('unknown-value', `There is no kind of system \`${shorten(value)}\`.${meant}`, kindRange, closest ? replaceBy(closest, kindRange) : undefined);
    } else {
      this.report('wrong-type', `\`${label(at)}\` must be a word: ${listWords(kinds)}.`, kindRange);
    }
    return undefined;
  }

  private unknownKey(name: string, range: Range, schema: SchemaNode, path: string): void {
    if (this.findings.length === mostFindings) return;
    const known = Object.keys(schema.properties ?? {});
    const closest = closestWord(name, known);
    const where = path === '' ? 'an experiment' : `\`${label(path)}\``;
    if (closest) {
      this.report('unknown-key', `\`${shorten(name)}\` is not a key of ${where}. Did you mean \`${closest}\`?`, range, replaceBy(closest, range));
      this.wrong(joinPath(path, closest));
      return;
    }
    const homes = sectionsWith(experimentSchemaNode, name).filter((section) => section !== path);
    const advice = homes.length === 1 ? `It belongs ${homes[0] === '' ? 'at the top level' : `under \`${homes[0]}\``}.` : `Known here: ${listWords(known, 'and')}.`;
    this.report('unknown-key', `\`${shorten(name)}\` is not a key of ${where}. ${advice}`, range);
  }

  private missingKey(name: string, schema: SchemaNode, node: YAMLMap, path: string): void {
    this.wrong(joinPath(path, name));
    const property = schema.properties?.[name];
    const own = this.source.rangeOf(node);
    if (path === '') {
      const start = { start: own.start, end: own.start };
      const fix = property?.const !== undefined && !node.flow && own.start.character === 0
        ? { title: `Insert \`${name}: ${property.const}\``, range: start, replacement: `${name}: ${property.const}\n` }
        : undefined;
      this.report('missing-key', `The experiment has no \`${name}\`. Add a line \`${name}: ${property?.const ?? '…'}\`.`, start, fix);
    } else {
      this.report('missing-key', `\`${label(path)}\` needs \`${name}\`.`, this.places.get(path)?.key ?? own);
    }
  }

  private mistyped(schema: SchemaNode, path: string, range: Range, text = '', value?: unknown): undefined {
    const name = path === '' ? 'An experiment' : `\`${label(path)}\``;
    this.report('wrong-type', `${name} must be ${typeWords(schema)}.`, range, this.typeFix(schema, range, text, value));
    return this.wrong(path);
  }

  /** The value that a mistyped scalar surely stands for: a quoted number, yes and no, a bare kind. */
  private typeFix(schema: SchemaNode, range: Range, text: string, value: unknown): Fix | undefined {
    if (typeof value !== 'string') return undefined;
    if (accepts(schema, 0) && /^[-+]?\d+(\.\d+)?$/.test(value.trim())) return replaceBy(String(Number(value)), range);
    if (accepts(schema, true) && /^(yes|on)$/i.test(text)) return replaceBy('true', range);
    if (accepts(schema, true) && /^(no|off)$/i.test(text)) return replaceBy('false', range);
    if (schema.anyOf?.some((alternative) => kindOf(alternative) === value)) return replaceBy(`{ kind: ${value} }`, range);
    return undefined;
  }

  private report(code: Finding['code'], message: string, range: Range, fix?: Fix): void {
    if (this.findings.length === mostFindings) return;
    this.findings.push({ code, severity: 'error', message, range, ...(fix ? { fix } : {}) });
  }

  private wrong(path: string): undefined {
    this.broken.add(path);
    return undefined;
  }
}

function alternatives(schema: SchemaNode): readonly SchemaNode[] {
  return schema.anyOf ?? [schema];
}

/** Whether a scalar is of the type that the schema asks for; its range is another matter. */
function accepts(schema: SchemaNode, value: unknown): boolean {
  if (schema.anyOf) return schema.anyOf.some((alternative) => accepts(alternative, value));
  if (schema.const !== undefined) return typeof value === typeof schema.const;
  if (schema.enum) return typeof value === 'string';
  if (value === null) return schema.type === 'null';
  if (typeof value === 'number') return schema.type === 'number' || schema.type === 'integer';
  return typeof value !== 'object' && schema.type === typeof value;
}

/** Paths of the sections that have a key of this name, '' for the top level. */
function sectionsWith(schema: SchemaNode, key: string, path = ''): string[] {
  if (schema.anyOf) return [...new Set(schema.anyOf.flatMap((alternative) => sectionsWith(alternative, key, path)))];
  const properties = schema.properties ?? {};
  const own = Object.hasOwn(properties, key) ? [path] : [];
  return [...own, ...Object.entries(properties).flatMap(([name, property]) => sectionsWith(property, key, joinPath(path, name)))];
}

function replaceBy(replacement: string, range: Range): Fix {
  return { title: `Write \`${replacement}\``, range, replacement };
}

/** The name of a setting in messages. */
function label(path: string): string {
  return shorten(path === '' ? 'experiment' : path);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
