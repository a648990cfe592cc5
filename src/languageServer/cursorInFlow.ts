import { type Cursor, endOfQuoted } from './place';

interface Collection {
  readonly isList: boolean;
  /** of a mapping: the key whose value is open */
  key: string | null;
  /** of a mapping: what may turn out to be a key */
  candidate: string | null;
  /** of a list: the entry that is open */
  index: number;
}

/** Where reading ended: at the cursor, behind the closing bracket, or, `unclosed`, at a line that cannot belong to the collection. */
interface FlowOutcome {
  readonly cursor: Cursor | null | undefined;
  readonly end: number;
  readonly unclosed: boolean;
}

/**
 * Reads a collection between braces or brackets up to the cursor. One that is not closed ends before the next line that
 * is indented no more than its key, so that the lines after it are still understood.
 *
 * @param outer keys around the collection
 * @param indent column of its key; -1 where it has none
 */
export function readFlow(text: string, start: number, offset: number, outer: readonly string[], indent: number): FlowOutcome {
  const open: Collection[] = [];
  const found = (from: number, to: number, quote: Cursor['quote'] = null, colon = false): FlowOutcome => {
    const top = open[open.length - 1];
    const kind = top.isList || top.key !== null ? 'value' : 'key';
    return { cursor: { path: [...outer, ...open.flatMap(keyOf)], kind, flow: true, start: from, end: to, quote, colon }, end: from, unclosed: false };
  };
  const nowhere: FlowOutcome = { cursor: null, end: offset, unclosed: false };

  let at = start;
  while (at < text.length) {
    const top = open.at(-1);
    const character = text[at];
    if (character === '{' || character === '[') {
      if (at >= offset && top) return found(offset, offset);
      if (at >= offset) return nowhere;
      open.push({ isList: character === '[', key: null, candidate: null, index: 0 });
      at++;
    } else if (!top) {
      return { cursor: undefined, end: at, unclosed: false };
    } else if (/[}\],]/.test(character)) {
      if (at >= offset) return found(offset, offset);
      if (character !== ',') open.pop();
      else if (top.isList) top.index++;
      else top.key = top.candidate = null;
      at++;
    } else if (character === '\n' && endsAt(text, at + 1, indent)) {
      return at >= offset ? found(offset, offset) : { cursor: undefined, end: at + 1, unclosed: true };
    } else if (/\s/.test(character)) {
      if (at >= offset) return found(offset, offset);
      at++;
    } else if (character === '#' && /\s/.test(text[at - 1])) {
      const end = lineEnd(text, at);
      if (offset > at && offset <= end) return nowhere;
      if (offset === at) return found(offset, offset);
      at = end;
    } else if (character === ':' && top.candidate !== null && top.key === null) {
      if (at >= offset) return found(offset, offset);
      top.key = top.candidate;
      at++;
    } else if (character === '"' || character === "'") {
      const end = endOfQuoted(text, at);
      if (offset > at && offset <= end) return found(at + 1, end, character, /^["']?\s*:/.test(text.slice(end, end + 20)));
      if (offset === at) return nowhere;
      top.candidate = text.slice(at + 1, end);
      at = end + 1;
    } else {
      const end = at + plainLength(text, at);
      if (offset <= end) return /[&*!]/.test(character) ? nowhere : found(at, end, null, /^\s*:/.test(text.slice(end, end + 20)));
      // an anchor or a tag stands before its value
      if (!/[&!]/.test(character)) top.candidate = text.slice(at, end);
      at = end;
    }
  }
  return open.length > 0 && offset >= text.length ? found(offset, offset) : { cursor: undefined, end: text.length, unclosed: false };
}

function keyOf({ isList, index, key }: Collection): string[] {
  return isList ? [String(index)] : key === null ? [] : [key];
}

/** At least one character, so that reading goes on. */
function plainLength(text: string, at: number): number {
  const stop = /[,[\]{}\n]|:(?=[\s,[\]{}]|$)|\s#/.exec(text.slice(at, at + 4000));
  return Math.max(1, text.slice(at, at + (stop?.index ?? 4000)).trimEnd().length);
}

/** What is indented no more than the key cannot belong to its value, but for the brackets that close it. */
function endsAt(text: string, lineStart: number, indent: number): boolean {
  const line = text.slice(lineStart, lineEnd(text, lineStart));
  const content = line.length - line.trimStart().length;
  return content <= indent && /^\s*[^\s\]},#]/.test(line);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
