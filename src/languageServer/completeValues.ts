import { CompletionItemKind } from 'vscode-languageserver';
import { defaultOf } from '../experiment/defaults';
import { functionNames } from '../experiment/expression';
import { inYaml } from '../experiment/inYaml';
import type { SchemaNode } from '../experiment/schema/node';
import { kindOf } from '../experiment/schema/node';
import * as l10n from '@vscode/l10n';
import type { Place, Proposal } from './proposal';
import { type KnownVariable, variablesOf } from './knownSystem';
import { isFormula, listsVariables } from './meanings';
import { alternativesOf, schemasAt } from './schemaAt';
import { variableInWords } from './sentences';

/** Values that may stand behind a key, or as an entry of a list: words, names of variables and behaviours, the default. */
export function valueCompletions(place: Place): Proposal[] {
  const { path } = place.cursor;
  if (isFormula(path)) return formulaWords(place);
  if (listsVariables(path)) return place.cursor.quote === null ? [wholeList(place)].flat() : [];
  if (listsVariables(path.slice(0, -1))) return names(place, path[0] === 'diversity');
  if (path.join('.') === 'data.generate.behaviour') return (place.system?.behaviours ?? []).map((word) => value(place, word, CompletionItemKind.EnumMember));
  return schemasAt(path, place.kind === null || path[0] !== 'system' ? place.kind : null).flatMap((schema) => ofSchema(place, schema)).filter(distinct());
}

/** Each label once: a default is often one of the words. */
function distinct(): (proposal: Proposal) => boolean {
  const seen = new Set<string>();
  return ({ label }) => !seen.has(label) && Boolean(seen.add(label));
}

function ofSchema(place: Place, schema: SchemaNode): Proposal[] {
  const dotted = place.cursor.path.join('.');
  const among = alternativesOf(schema, dotted.startsWith('system') ? null : place.kind);
  const settled = place.kind === null ? schema.default : defaultOf(schema, dotted, place.kind);
  const words = among.flatMap((one): Proposal[] => {
    if (one.const !== undefined) return [value(place, String(one.const), CompletionItemKind.EnumMember, { title: kindTitle(place, String(one.const)) })];
    if (one.enum) return one.enum.map((word) => value(place, word, CompletionItemKind.EnumMember));
    if (one.type === 'boolean') return ['true', 'false'].map((word) => value(place, word, CompletionItemKind.Value));
    if (one.type === 'null') return [value(place, 'null', CompletionItemKind.Value)];
    const kind = kindOf(one);
    return kind === null ? [] : [value(place, `{ kind: ${kind} }`, CompletionItemKind.Struct, { documentation: one.description ?? '' })];
  });
  const preset = settled === undefined ? [] : [value(place, inYaml(settled), CompletionItemKind.Value, { title: l10n.t('default') })];
  return [...words.map((one) => (one.label === preset[0]?.label ? { ...one, detail: l10n.t('default') } : one)), ...preset];
}

/** The title of a kind of system, beside its word. */
function kindTitle({ cursor }: Place, word: string): string {
  if (cursor.path.join('.') !== 'system.kind') return '';
  return schemasAt(['system'], null).flatMap((schema) => alternativesOf(schema, null)).find((one) => kindOf(one) === word)?.title ?? '';
}

function names(place: Place, statesOnly: boolean): Proposal[] {
  return variablesOf(place.system)
    .filter(({ name, role }) => !place.taken.has(name) && (!statesOnly || role === 'state'))
    .map((variable) => variableWord(place, variable, place.cursor.start));
}

/** Behind the key of a list, before there is a bracket: all names at once. */
function wholeList(place: Place): Proposal[] {
  const role = place.cursor.path[0] === 'diversity' ? ['state'] : ['state', 'exogenous'];
  const all = variablesOf(place.system).filter((variable) => role.includes(variable.role)).map(({ name }) => name);
  return all.length === 0 ? [] : [value(place, inYaml(all), CompletionItemKind.Value)];
}

/** The names that a formula may read, and what it may apply to them. */
function formulaWords(place: Place): Proposal[] {
  const { cursor, declared, offset, text } = place;
  const begun = /[\p{L}\p{N}_]*$/u.exec(text.slice(cursor.start, offset))?.[0].length ?? 0;
  const start = offset - begun;
  const variables = variablesOf(place.system);
  const known = variables.map((variable) => variableWord(place, variable, start));
  const others = declared.filter((name) => !variables.some((variable) => variable.name === name)).map((name): Proposal => ({ label: name, kind: CompletionItemKind.Variable, insert: name, start, end: offset }));
  const previous = cursor.path[0] === 'reward' && !text.slice(cursor.start, start).endsWith('.');
  const calls: [string, string][] = [
    ...functionNames.map((name): [string, string] => [name, '$1']), ['min', '$1, $2'], ['max', '$1, $2'], ['clamp', '$1, ${2:low}, ${3:high}'], ['where', '${1:condition}, $2, $3'],
  ];
  const functions = calls.map(([name, inside]): Proposal => ({ label: name, kind: CompletionItemKind.Function, insert: `${name}(${inside})`, isSnippet: true, start, end: offset }));
  if (text.slice(cursor.start, start).endsWith('previous.')) return [...known, ...others];
  return [...known, ...others, ...(previous ? [{ label: 'previous.', kind: CompletionItemKind.Keyword, insert: 'previous.', start, end: offset, detail: l10n.t('the value before the step') }] : []), ...functions];
}

function variableWord(place: Place, variable: KnownVariable, start: number): Proposal {
  const word = start === place.cursor.start && place.cursor.quote === null && !isFormula(place.cursor.path) ? inYaml(variable.name) : variable.name;
  const end = isFormula(place.cursor.path) ? place.offset : place.cursor.end;
  return { label: variable.name, kind: CompletionItemKind.Variable, insert: word, detail: variable.unit === '1' ? '' : variable.unit, documentation: variableInWords(variable), start, end };
}

/** A value in the place of what is written; behind a bare colon with the space that YAML wants. */
function value({ cursor, text }: Place, word: string, kind: CompletionItemKind, { title = '', documentation = '' } = {}): Proposal {
  const space = text[cursor.start - 1] === ':' && cursor.quote === null ? ' ' : '';
  return { label: word, kind, insert: `${space}${word}`, detail: title, documentation, start: cursor.start, end: cursor.end };
}
