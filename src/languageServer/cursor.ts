import { readFlow } from './cursorInFlow';
import { type Cursor, endOfQuoted } from './place';

/** A key or a list's entry that is open, and the column at which it begins. */
interface Frame {
  readonly indent: number;
  readonly key: string;
  readonly isItem: boolean;
}

const blockKey = /(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([^\s#&*!|>%@`"'{}[\],:][^\n#:]*?))[ \t]*:(?=[ \t\r\n]|$)/y;

/**
 * Where a place in an experiment file is, read from the lines before it alone: text that is being written is hardly ever
 * valid YAML. Takes time in proportion to the text. Null in comments, block scalars, anchors and aliases.
 */
export function cursorAt(text: string, offset: number): Cursor | null {
  return new BlockReader(text, Math.min(Math.max(offset, 0), text.length)).read();
}

/** Reads block style line by line. Methods give the cursor, null where there is none to give, undefined to read on. */
class BlockReader {
  private frames: Frame[] = [];
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly offset: number,
  ) {}

  read(): Cursor | null {
    while (this.at <= this.offset) {
      const found = this.line();
      if (found !== undefined) return found;
    }
    return null;
  }

  private line(): Cursor | null | undefined {
    const lineStart = this.at;
    const lineEnd = this.endOfLine(lineStart);
    const content = this.skipBlanks(lineStart);
    this.at = lineEnd + 1;
    if (this.offset <= content && this.offset <= lineEnd) {
      if (this.offset === content && this.plainEnd(content) > content) return this.entry(content, lineStart);
      this.close(this.offset - lineStart, false);
      return this.found('key', this.offset, this.offset);
    }
    if (content >= lineEnd || this.text[content] === '\r') return undefined;
    if (this.text[content] === '#') return this.offset <= lineEnd ? null : undefined;
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(lineStart, lineStart + 4))) {
      this.frames = [];
      return undefined;
    }
    return this.entry(content, lineStart);
  }

  /** What begins at a column of a line: a list's entry, a key, or a value that stands by itself. */
  private entry(start: number, lineStart: number): Cursor | null | undefined {
    const indent = start - lineStart;
    const lineEnd = this.endOfLine(start);
    if (this.text[start] === '-' && /^[ \t\r\n]?$/.test(this.text[start + 1] ?? '')) return this.item(start, lineStart);
    this.close(indent, false);
    blockKey.lastIndex = start;
    const match = blockKey.exec(this.text);
    if (!match) return this.bare(start, lineEnd);
    const [whole, double, single, plain] = match;
    const keyEnd = start + whole.replace(/[ \t]*:$/, '').length;
    if (this.offset <= start + whole.length - 1) return this.found('key', start, keyEnd, null, true);
    this.frames.push({ indent, key: double ?? single ?? plain, isItem: false });
    return this.value(start + whole.length, lineEnd, indent);
  }

  private item(dash: number, lineStart: number): Cursor | null | undefined {
    const indent = dash - lineStart;
    const before = this.close(indent, true);
    this.frames.push({ indent, key: String(before === null ? 0 : before + 1), isItem: true });
    const lineEnd = this.endOfLine(dash);
    const start = Math.min(this.skipBlanks(dash + 1), lineEnd);
    if (this.offset <= dash) return this.found('key', this.offset, this.offset);
    if (this.offset < start || (this.offset === start && this.plainEnd(start) === start)) return this.found('value', this.offset, this.offset);
    if (start >= lineEnd || this.text[start] === '\r') return undefined;
    return this.entry(start, lineStart);
  }

  /** Text that is no key (yet): a key being written, or a value on a line of its own. */
  private bare(start: number, lineEnd: number): Cursor | null | undefined {
    const top = this.frames.at(-1);
    if (top?.isItem || /["'{[]/.test(this.text[start])) return this.value(start, lineEnd, top?.indent ?? -1);
    if (this.offset > lineEnd) return undefined;
    const end = this.plainEnd(start);
    return this.offset <= Math.max(end, this.commentStart(start, lineEnd)) ? this.found('key', start, end) : null;
  }

  /** What stands behind a key's colon or a dash. @param from just behind it */
  private value(from: number, lineEnd: number, indent: number): Cursor | null | undefined {
    let start = Math.min(this.skipBlanks(from), lineEnd);
    if (this.offset < start) return this.found('value', this.offset, this.offset);
    while (/[&!]/.test(this.text[start] ?? '') && start < lineEnd) {
      const end = start + (/^[^\s]*/.exec(this.text.slice(start, lineEnd))?.[0].length ?? 0);
      if (this.offset <= end) return null;
      start = Math.min(this.skipBlanks(end), lineEnd);
    }
    switch (this.text[start]) {
      case '|':
      case '>':
        return this.blockScalar(lineEnd, indent);
      case '{':
      case '[':
        return this.flowValue(start, indent);
      case '"':
      case "'":
        return this.quoted(start);
      case '#':
      case '*':
        return this.offset <= lineEnd ? null : undefined;
      default: {
        if (this.offset > lineEnd) return undefined;
        const end = this.plainEnd(start);
        return this.offset <= Math.max(end, this.commentStart(start, lineEnd)) ? this.found('value', start, end) : null;
      }
    }
  }

  private blockScalar(lineEnd: number, indent: number): null | undefined {
    let next = lineEnd + 1;
    while (next < this.text.length) {
      const end = this.endOfLine(next);
      const content = this.skipBlanks(next);
      if (content < end && this.text[content] !== '\r' && content - next <= indent) break;
      next = end + 1;
    }
    this.at = next;
    return this.offset < next ? null : undefined;
  }

  private flowValue(start: number, indent: number): Cursor | null | undefined {
    const outcome = readFlow(this.text, start, this.offset, this.frames.map(({ key }) => key), indent);
    if (outcome.cursor !== undefined) return outcome.cursor;
    this.at = outcome.unclosed ? outcome.end : this.endOfLine(outcome.end) + 1;
    return this.offset < this.at ? null : undefined;
  }

  private quoted(start: number): Cursor | null | undefined {
    const quote = this.text[start] as '"' | "'";
    const end = endOfQuoted(this.text, start);
    if (this.offset > start && this.offset <= end) return this.found('value', start + 1, end, quote);
    if (this.offset === start) return null;
    this.at = this.endOfLine(end) + 1;
    return this.offset < this.at ? null : undefined;
  }

  private found(kind: Cursor['kind'], start: number, end: number, quote: Cursor['quote'] = null, colon = false): Cursor {
    return { path: this.frames.map(({ key }) => key), kind, flow: false, start, end, quote, colon };
  }

  /** Closes what cannot hold an entry at this column. @returns the index of the list's entry before, if a new one begins */
  private close(indent: number, forItem: boolean): number | null {
    let index: number | null = null;
    for (let top = this.frames.at(-1); top && (top.indent > indent || (top.indent === indent && (!forItem || top.isItem))); top = this.frames.at(-1)) {
      if (top.isItem && top.indent === indent) index = Number(top.key);
      this.frames.pop();
    }
    return index;
  }

  private endOfLine(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  private skipBlanks(from: number): number {
    let at = from;
    while (this.text[at] === ' ' || this.text[at] === '\t') at++;
    return at;
  }

  private commentStart(from: number, lineEnd: number): number {
    const comment = /(?:^|[ \t])#/.exec(this.text.slice(from, lineEnd));
    return comment ? from + comment.index : lineEnd;
  }

  private plainEnd(start: number): number {
    const lineEnd = this.endOfLine(start);
    return start + this.text.slice(start, this.commentStart(start, lineEnd)).trimEnd().length;
  }
}
