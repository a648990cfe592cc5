import { CompletionItemKind } from 'vscode-languageserver';
import { defaultOf } from '../experiment/defaults';
import { inYaml } from '../experiment/inYaml';
import { joinPath, type SchemaNode } from '../experiment/schema/node';
import type { Place, Proposal } from './proposal';
import { keysAreVariables } from './meanings';
import { variablesOf } from './knownSystem';
import { alternativesOf, schemasAt } from './schemaAt';
import { settingInWords, valuesInWords, variableInWords } from './sentences';

/** Keys that a mapping may still have, each with its default, or with room for its value. */
export function keyCompletions(place: Place): Proposal[] {
  const mappings = schemasAt(place.cursor.path, place.kind).flatMap((schema) => alternativesOf(schema, place.kind)).filter(({ type }) => type === 'object');
  const properties = new Map(mappings.flatMap((mapping) => Object.entries(mapping.properties ?? {})));
  const settings = [...properties].filter(([key]) => !place.taken.has(key)).map(([key, schema]) => setting(place, key, schema));
  return [...(mappings.some(({ patternProperties }) => patternProperties) ? variables(place) : []), ...settings];
}

function setting(place: Place, key: string, schema: SchemaNode): Proposal {
  const path = [...place.cursor.path, key];
  return proposal(place, key, CompletionItemKind.Property, valuesInWords(schema, place.kind).replaceAll('`', ''), settingInWords([schema], path, place.kind), valueOf(place, path, schema));
}

/** The value that a new key begins with, as a snippet. */
function valueOf({ cursor, kind }: Place, path: readonly string[], schema: SchemaNode): string {
  const dotted = path.reduce(joinPath, '');
  const settled = kind === null ? schema.default : defaultOf(schema, dotted, kind);
  if (schema.const !== undefined) return ` ${schema.const}`;
  if (settled !== undefined && settled !== null && !isRecord(settled)) return ` ${stop(1, inYaml(settled))}`;
  const here = alternativesOf(schema, kind);
  // the editor adds the key's own indentation to the second line
  if (here.some(({ type }) => type === 'object')) return cursor.flow || here.length > 1 ? ' { $1 }' : '\n  $1';
  return here.some(({ type }) => type === 'array') ? ' [$1]' : ' $1';
}

function variables(place: Place): Proposal[] {
  const { path } = place.cursor;
  if (path.join('.') === 'variables') {
    const value = ` { role: \${2|state,action,exogenous|}, unit: ${stop(3, inYaml('1'))}, range: [${stop(4, '0')}, ${stop(5, '1')}] }`;
    return [{ label: 'variable', kind: CompletionItemKind.Snippet, insert: `${stop(1, 'name')}:${value}`, isSnippet: true, start: place.cursor.start, end: place.cursor.end }];
  }
  if (!keysAreVariables(path)) return [];
  const known = variablesOf(place.system);
  const bounds = path[0] === 'bounds';
  return known
    .filter(({ name, role }) => !place.taken.has(name) && (!bounds || role === 'state'))
    .map((variable) => {
      const [low, high] = variable.range;
      const value = bounds ? ` [${stop(1, String(low))}, ${stop(2, String(high))}]` : ` ${stop(1, inYaml(variable.name))}`;
      return proposal(place, variable.name, CompletionItemKind.Variable, variable.unit === '1' ? '' : variable.unit, variableInWords(variable), value);
    });
}

function proposal({ cursor }: Place, key: string, kind: CompletionItemKind, detail: string, documentation: string, value: string): Proposal {
  const name = inYaml(key);
  const insert = cursor.colon || cursor.quote ? (cursor.quote ? key : name) : `${escaped(name)}:${value}`;
  return { label: key, kind, detail, documentation, insert, isSnippet: !cursor.colon && !cursor.quote, start: cursor.start, end: cursor.end };
}

function stop(number: number, text: string): string {
  return `\${${number}:${escaped(text)}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, String.raw`\$&`);
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
