/** What steers a terminal or turns the direction of writing: controls other than tab and line feed, and marks of direction. */
const steering = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** A text as a terminal may have it. Names from files can hold anything; what would steer the terminal is written out, as \u001b. */
export function forTerminal(text: string): string {
  return text.replaceAll(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
