import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experimentSchemaNode } from '../../src/experiment/schema';
import { functionNames } from '../../src/experiment/expression';
import { germanWords } from './corpus';

const media = join(import.meta.dirname, '../../media/language');
const read = (name: string): unknown => JSON.parse(readFileSync(join(media, name), 'utf8'));

interface Rule { match?: string; begin?: string; end?: string; patterns?: Rule[]; repository?: Record<string, Rule> }
const grammar = read('ibrl.tmLanguage.json') as Rule & { repository: Record<string, Rule> };

test('the grammar knows every section of the schema and every function of formulas', () => {
  const { section, expression } = grammar.repository;
  for (const key of Object.keys(experimentSchemaNode.properties ?? {})) expect(new RegExp(section.match ?? '').test(`${key}:`), key).toBe(true);
  const [functions] = expression.patterns ?? [];
  for (const name of [...functionNames, 'min', 'max', 'clamp', 'where']) expect(new RegExp(functions.match ?? '').test(`${name}(x)`), name).toBe(true);
});

test('a formula begins at its key and ends where the mapping around it goes on, and a kind of reward is none', () => {
  const { begin = '', end = '' } = grammar.repository.formula;
  const formulaIn = (line: string) => {
    const start = new RegExp(begin).exec(line);
    if (!start) return null;
    const rest = line.slice(start.index + start[0].length);
    return rest.slice(0, new RegExp(end).exec(rest)?.index);
  };
  expect(formulaIn('reward: -4 * (level - 2)^2 # of the new level')).toBe('-4 * (level - 2)^2');
  expect(formulaIn('  valve: { role: state, next: valve + clamp(turn, 0, 1), unit: m }')).toBe('valve + clamp(turn, 0, 1)');
  expect(formulaIn('  where: mode == 1')).toBe('mode == 1');
  expect(formulaIn('  reward: learned   # by a model')).toBeNull();
  expect(formulaIn('reward: { column: r }')).toBeNull();
});

test('a new line below a section is indented, and one below a setting is not', () => {
  const { indentationRules, wordPattern } = read('language-configuration.json') as { indentationRules: Record<string, string>; wordPattern: { pattern: string; flags: string } };
  const indents = new RegExp(indentationRules.increaseIndentPattern);
  expect(['search:', '  soft: # gently', 'name: >-', 'system: {'].filter((line) => !indents.test(line))).toEqual([]);
  expect(['seed: 1', '# said:', '  x: [0, 1]', 'system: { kind: plant }'].filter((line) => indents.test(line))).toEqual([]);
  expect('min-lsed: -1.5e3 Füllstand'.match(new RegExp(wordPattern.pattern, `g${wordPattern.flags}`))).toEqual(['min-lsed', '-1.5e3', 'Füllstand']);
});

/** Titles, descriptions, effects and units of a schema and all below it. */
function wordsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = ['title', 'description', 'effect', 'unit'].flatMap((key) => {
    const word: unknown = (node as Record<string, unknown>)[key];
    return typeof word === 'string' ? [word] : [];
  });
  return [...own, ...Object.entries(node).flatMap(([key, inner]) => (key === 'default' ? [] : wordsIn(inner)))];
}

test('every sentence of the schema and of the server has its German, with the same places to fill in', () => {
  const server = join(import.meta.dirname, '../../src/languageServer');
  const said = readdirSync(server).flatMap((name) => [...readFileSync(join(server, name), 'utf8').matchAll(/l10n\.t\('((?:[^'\\]|\\.)+)'/g)].map(([, words]) => words));
  const symbols = ['1', '%', 's', 'nat'];
  const missing = [...said, ...wordsIn(experimentSchemaNode)].filter((words) => !symbols.includes(words) && !Object.hasOwn(germanWords, words));
  expect(missing).toEqual([]);
  const places = (words: string) => [...new Set([...words.matchAll(/\{\d+\}/g)].map(String))].sort();
  for (const [english, german] of Object.entries(germanWords)) expect(places(german), english).toEqual(places(english));
});
