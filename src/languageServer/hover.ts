import type { Hover } from 'vscode-languageserver';
import type { Range } from '../experiment/findings';
import { cursorAt } from './cursor';
import { kindIn, systemIn, variablesOf } from './knownSystem';
import { isFormula, namesVariables } from './meanings';
import type { OpenExperiment } from './openExperiment';
import { schemasAt } from './schemaAt';
import { settingInWords, variableInWords } from './sentences';

/** What a key, a value or a variable's name means. Works on broken YAML, from the lines before it. */
export function hoverAt(experiment: OpenExperiment, position: Range['start']): Hover | null {
  const offset = experiment.offsetAt(position);
  const cursor = cursorAt(experiment.text, offset);
  if (cursor === null || cursor.end <= cursor.start || offset < cursor.start || offset > cursor.end) return null;
  const kind = kindIn(experiment.readable);
  const path = cursor.kind === 'key' ? [...cursor.path, experiment.text.slice(cursor.start, cursor.end)] : cursor.path;
  const word = isFormula(path) ? wordAt(experiment.text, offset) : { text: experiment.text.slice(cursor.start, cursor.end), start: cursor.start, end: cursor.end };
  const variable = namesVariables(path) || isFormula(path) ? variablesOf(systemIn(experiment.readable)).find(({ name }) => name === word.text) : undefined;
  const contents = variable ? variableInWords(variable) : settingInWords(schemasAt(path, kind).slice(0, 1), path, kind);
  if (contents === '') return null;
  const range = variable ? experiment.rangeAt(word.start, word.end) : experiment.rangeAt(cursor.start, cursor.end);
  return { contents: { kind: 'markdown', value: contents }, range };
}

/** The name in a formula that a place belongs to. */
function wordAt(text: string, offset: number): { text: string; start: number; end: number } {
  const before = /[\p{L}\p{N}_]*$/u.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0;
  const after = /^[\p{L}\p{N}_]*/u.exec(text.slice(offset, offset + 200))?.[0].length ?? 0;
  return { text: text.slice(offset - before, offset + after), start: offset - before, end: offset + after };
}
