import { t } from '@vscode/l10n';
import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Finding, Fix, Range } from './findings';
import { joinPath, kindOf, mappingAlternative, propertyOf, type SchemaNode } from './schema/node';
import { experimentSchemaNode } from './schema';
import { didYouMean, replaceBy } from './remedies';
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
    const names = new Set(entries.map(([name]) => name));
    const alternative = mappingAlternative(schema, names, kindValue);
    if (!alternative) {
      const kinds = schema.anyOf?.map(kindOf).filter((one) => one !== null) ?? [];
      if (kinds.length === 0) return this.mistyped(schema, path, range);
      return this.withoutKind(kindNode as Node | null, kindValue, kinds, path, range);
    }

    if (entries.length > (alternative.maxProperties ?? Infinity)) {
      this.report('wrong-length', t('`{0}` has {1} entries, but may have at most {2}.', label(path), entries.length, alternative.maxProperties ?? Infinity), this.places.get(path)?.key ?? range);
      return this.wrong(path);
    }
    const result = Object.create(null) as Record<string, unknown>;
    const seen = new Set<string>();
    const open = alternative.patternProperties !== undefined;
    for (const [name, { keyRange, value }] of entries) {
      const at = joinPath(path, name);
      if (seen.has(name)) {
        this.report('duplicate-key', t('`{0}` occurs twice in this mapping. Keep one of them.', shorten(name)), keyRange);
        this.wrong(at);
        continue;
      }
      seen.add(name);
      const property = propertyOf(alternative, name);
      if (!property) {
        this.unknownKey(name, keyRange, alternative, path, names);
        continue;
      }
      if (value === null || this.isEmpty(value as Node, property)) {
        this.places.set(at, { key: keyRange, value: keyRange });
        const message = open ? t('`{0}` has no value. Write {1}.', shorten(name), typeWords(property)) : t('`{0}` has no value. Write {1}, or remove the line for the default.', name, typeWords(property));
        this.report('missing-value', message, keyRange);
        this.wrong(at);
        continue;
      }
      const read = this.read(value as Node, property, at, keyRange);
      if (read !== undefined) result[name] = read;
    }
    for (const name of alternative.required ?? []) {
      if (!seen.has(name) && !this.broken.has(joinPath(path, name))) this.missingKey(name, alternative, node, path);
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
        this.report('unreadable-key', t('This key is not a word. Write a plain key, then a colon and a space.'), keyRange);
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
    const { length } = node.items;
    if (length < least || length > most) {
      const message = tuple
        ? t('`{0}` has {1} entries, but needs exactly {2}.', label(path), length, least)
        : length < least
          ? t('`{0}` has {1} entries, but needs at least {2}.', label(path), length, least)
          : t('`{0}` has {1} entries, but needs at most {2}.', label(path), length, most);
      this.report('wrong-length', message, range);
      return this.wrong(path);
    }
    const before = this.broken.size;
    const seen = new Set<unknown>();
    const result: unknown[] = [];
    node.items.forEach((item, index) => {
      const value = this.read(item as Node, tuple ? tuple[index] : (items as SchemaNode), joinPath(path, index), null);
      if (list.uniqueItems && value !== undefined && seen.has(value)) {
        this.report('duplicate-entry', t('`{0}` stands twice in `{1}`. Remove one of them.', shorten(String(value)), label(path)), this.source.rangeOf(item as Node));
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
      const message = `${t('`{0}` cannot be `{1}`.', name, shorten(text))} ${closest ? didYouMean(closest) : t('Write {0}.', listWords(words))}`;
      this.report('unknown-value', message, range, closest ? replaceBy(closest, range) : undefined);
      return this.wrong(path);
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) {
        this.report('not-finite', t('`{0}` must be a finite number.', name), range);
        return this.wrong(path);
      }
      if (match.type === 'integer' && !Number.isInteger(value)) {
        this.report('wrong-type', t('`{0}` is {1}, but must be a whole number.', name, value), range);
        return this.wrong(path);
      }
      if (!inRange(match, value)) {
        this.report('out-of-range', t('`{0}` is {1}, but must be {2}.', name, value, rangeWords(match)), range);
        return this.wrong(path);
      }
    }
    if (typeof value === 'string' && (value.length < (match.minLength ?? 0) || value.length > (match.maxLength ?? Infinity))) {
      const least = match.minLength ?? 0;
      const message = match.maxLength === undefined
        ? t('`{0}` must have from {1} to any number of characters.', name, least)
        : t('`{0}` must have from {1} to {2} characters.', name, least, match.maxLength);
      this.report('out-of-range', message, range);
      return this.wrong(path);
    }
    return value;
  }

  private withoutKind(kindNode: Node | null, value: unknown, kinds: readonly string[], path: string, range: Range): undefined {
    const at = joinPath(path, 'kind');
    this.wrong(path);
    if (!kindNode) {
      this.report('missing-key', t('`{0}` needs a `kind`: {1}.', label(path), listWords(kinds)), this.places.get(path)?.key ?? range);
      return undefined;
    }
    const kindRange = this.source.rangeOf(kindNode);
    this.places.set(at, { key: null, value: kindRange });
    if (typeof value === 'string') {
      const closest = closestWord(value, kinds);
      const message = `${t('There is no kind of system `{0}`.', shorten(value))} ${closest ? didYouMean(closest) : t('Write {0}.', listWords(kinds))}`;
      this.report('unknown-value', message, kindRange, closest ? replaceBy(closest, kindRange) : undefined);
    } else {
      this.report('wrong-type', t('`{0}` must be a word: {1}.', label(at), listWords(kinds)), kindRange);
    }
    return undefined;
  }

  private unknownKey(name: string, range: Range, schema: SchemaNode, path: string, present: ReadonlySet<string>): void {
    if (this.findings.length === mostFindings) return;
    const known = Object.keys(schema.properties ?? {});
    const closest = closestWord(name, known);
    const wrong = path === '' ? t('`{0}` is not a key of an experiment.', shorten(name)) : t('`{0}` is not a key of `{1}`.', shorten(name), label(path));
    if (closest && !present.has(closest)) {
      this.report('unknown-key', `${wrong} ${didYouMean(closest)}`, range, replaceBy(closest, range));
      this.wrong(joinPath(path, closest));
      return;
    }
    const homes = sectionsWith(experimentSchemaNode, name).filter((section) => section !== path);
    this.report('unknown-key', `${wrong} ${homes.length === 1 ? belongsTo(homes[0]) : t('Known here: {0}.', listWords(known, 'and'))}`, range);
  }

  private missingKey(name: string, schema: SchemaNode, node: YAMLMap, path: string): void {
    this.wrong(joinPath(path, name));
    const property = schema.properties?.[name];
    const own = this.source.rangeOf(node);
    if (path === '') {
      const start = { start: own.start, end: own.start };
      const fix = property?.const !== undefined && !node.flow && own.start.character === 0
        ? { title: t('Insert `{0}: {1}`', name, property.const), range: start, replacement: `${name}: ${property.const}\n` }
        : undefined;
      this.report('missing-key', t('The experiment has no `{0}`. Add a line `{0}: {1}`.', name, property?.const ?? '…'), start, fix);
    } else {
      this.report('missing-key', t('`{0}` needs `{1}`.', label(path), name), this.places.get(path)?.key ?? own);
    }
  }

  private mistyped(schema: SchemaNode, path: string, range: Range, text = '', value?: unknown): undefined {
    const message = path === '' ? t('An experiment must be {0}.', typeWords(schema)) : t('`{0}` must be {1}.', label(path), typeWords(schema));
    this.report('wrong-type', message, range, this.typeFix(schema, range, text, value));
    return this.wrong(path);
  }

  /** The value that a mistyped scalar surely stands for: a quoted number, yes and no, a bare kind. */
  private typeFix(schema: SchemaNode, range: Range, text: string, value: unknown): Fix | undefined {
    if (typeof value !== 'string') return undefined;
    const number = /^[-+]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : NaN;
    if (alternatives(schema).some((one) => accepts(one, number) && inRange(one, number) && (one.type === 'number' || Number.isInteger(number)))) return replaceBy(String(number), range);
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

function belongsTo(section: string): string {
  return section === '' ? t('It belongs at the top level.') : t('It belongs under `{0}`.', section);
}

/** The name of a setting in messages. */
function label(path: string): string {
  return shorten(path === '' ? 'experiment' : path);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
