/** A piece of a formula's text. `start` and `end` are offsets in UTF-16 units; `end` is the one after the piece. */
export interface Token {
  readonly kind: 'number' | 'name' | 'quoted' | 'operator' | 'strange' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const number = String.raw`(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const pieces = new RegExp(`\\s+|(?<number>${number})|(?<name>[A-Za-z_]\\w*)|(?<quoted>\`[^\`]*\`)|(?<operator>&&|\\|\\||[<>=!]=|[-+*/^<>=!(),.])|(?<strange>.)`, 'gsu');

/** Cuts a formula into its pieces, the last of which is its end. Takes time in proportion to the text. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pieces)) {
    const { number, name, quoted, operator, strange } = match.groups ?? {};
    const start = match.index;
    const end = start + match[0].length;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, start, end });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, start, end });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1), start, end });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, start, end });
    else if (strange !== undefined) tokens.push({ kind: 'strange', text: strange, start, end });
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }];
}
