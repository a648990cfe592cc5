/** What stands at a place of a text, as far as an editor wants to help there. */
export interface Cursor {
  /** keys and indices around the place, outermost first; of a value its own key too, of a list's entry its index */
  readonly path: readonly string[];
  /** a key may stand here, or the value of `path` */
  readonly kind: 'key' | 'value';
  /** between braces or brackets */
  readonly flow: boolean;
  /** what is written there: its offsets, without quotes; empty where nothing is */
  readonly start: number;
  readonly end: number;
  readonly quote: '"' | "'" | null;
  /** a key that has its colon */
  readonly colon: boolean;
}

/** The offset of the closing quote, or the end of the line where there is none. */
export function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === quote) at++;
      else return at;
    }
  }
  const lineEnd = text.indexOf('\n', start);
  return lineEnd < 0 ? text.length : lineEnd;
}
