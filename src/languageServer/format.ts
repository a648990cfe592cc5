import type { TextEdit } from 'vscode-languageserver';
import { applyEdits, type Edit, plainValue } from '../experiment/edits';
import { parseYaml } from '../experiment/yamlSource';
import { entryColumns, linesInsideScalars } from './blockLayout';
import { isReadable, type OpenExperiment } from './openExperiment';
import { type Line, lineFinder, linesOf } from './textLines';

/**
 * Edits that indent a file evenly, take away blanks at the ends of lines and repeated empty lines, and end it with one
 * line end. Nothing but white space changes, comments move with what they stand above, and the text says the same
 * afterwards, or there are no edits. A text that is no valid YAML is left alone.
 *
 * @param indentWidth columns from a section to its settings
 */
export function formattingEdits(experiment: OpenExperiment, indentWidth: number): TextEdit[] {
  const { source } = experiment.current;
  const root = source.document?.contents ?? null;
  if (!isReadable(experiment.current) || root === null) return [];
  const { text } = source;
  const lines = linesOf(text);
  const lineOf = lineFinder(lines);
  const inside = linesInsideScalars(root, text, lineOf);
  const shift = shifts(lines, entryColumns(root, text, lines, lineOf, indentWidth), inside);
  const edits = [...tidyLines(text, lines, shift, inside), ...tidyEnd(text, lines)];
  const after = parseYaml(applyEdits(text, edits));
  const same = after.document?.errors.length === 0 && JSON.stringify(plainValue(after)) === JSON.stringify(plainValue(source));
  return same ? edits.map(({ start, end, replacement }) => ({ range: experiment.rangeAt(start, end), newText: replacement })) : [];
}

/**
 * By how many columns each line moves: an entry to its column, what continues it by as much, a comment with the entry
 * below it where the two are aligned.
 */
function shifts(lines: readonly Line[], columns: ReadonlyMap<number, number>, inside: ReadonlySet<number>): number[] {
  const result = new Array<number>(lines.length).fill(0);
  let last = 0;
  for (let index = 0; index < lines.length; index++) {
    const column = columns.get(index);
    if (column !== undefined) last = column - lines[index].indent;
    result[index] = last;
  }
  let below: { shift: number; indent: number } | null = null;
  for (let index = lines.length - 1; index >= 0; index--) {
    const { indent, isBlank, isComment } = lines[index];
    if (columns.has(index)) below = { shift: result[index], indent };
    else if (isComment && !inside.has(index) && below?.indent === indent) result[index] = below.shift;
    else if (!isBlank && !isComment) below = null;
  }
  return result;
}

function tidyLines(text: string, lines: readonly Line[], shift: readonly number[], inside: ReadonlySet<number>): Edit[] {
  const edits: Edit[] = [];
  const end = lines.findLastIndex(({ isBlank }) => !isBlank);
  let blanks = 0;
  for (let index = 0; index < end; index++) {
    const line = lines[index];
    blanks = line.isBlank && !inside.has(index) ? blanks + 1 : 0;
    if (blanks > 1) edits.push({ start: line.start, end: lines[index + 1].start, replacement: '' });
    else edits.push(...tidyLine(text, line, shift[index], inside.has(index) || inside.has(index + 1)));
  }
  if (end >= 0) edits.push(...indented(lines[end], shift[end]));
  return edits;
}

/** @param keepsBlanks blanks at its end may be part of a text */
function tidyLine(text: string, line: Line, shift: number, keepsBlanks: boolean): Edit[] {
  const trimmed = line.start + text.slice(line.start, line.end).trimEnd().length;
  const trailing = trimmed < line.end && !keepsBlanks ? [{ start: trimmed, end: line.end, replacement: '' }] : [];
  return line.isBlank ? trailing : [...indented(line, shift), ...trailing];
}

function indented(line: Line, shift: number): Edit[] {
  const indent = Math.max(0, line.indent + shift);
  return indent === line.indent ? [] : [{ start: line.start, end: line.start + line.indent, replacement: ' '.repeat(indent) }];
}

/** One line end behind the last line that says something. */
function tidyEnd(text: string, lines: readonly Line[]): Edit[] {
  const last = lines.findLast(({ isBlank }) => !isBlank);
  if (!last) return [];
  const start = last.start + text.slice(last.start, last.end).trimEnd().length;
  const replacement = text.includes('\r\n') ? '\r\n' : '\n';
  return text.slice(start) === replacement ? [] : [{ start, end: text.length, replacement }];
}
