/** A line of a text; offsets in UTF-16 units. */
export interface Line {
  readonly start: number;
  /** where its line end begins */
  readonly end: number;
  /** spaces at its beginning */
  readonly indent: number;
  readonly isBlank: boolean;
  readonly isComment: boolean;
}

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const next = found < 0 ? text.length : found;
    const end = found > start && text[found - 1] === '\r' ? found - 1 : next;
    const content = text.slice(start, end);
    const indent = /^ */.exec(content)?.[0].length ?? 0;
    lines.push({ start, end, indent, isBlank: content.trim() === '', isComment: content[indent] === '#' });
    start = next + 1;
  }
  return lines;
}

/** The index of the line that an offset is in, by bisection. */
export function lineFinder(lines: readonly Line[]): (offset: number) => number {
  return (offset) => {
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
