import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const examples = resolve(import.meta.dirname, '../../../examples');

/** The text of an example that ships. */
export function exampleText(file: string): string {
  return readFileSync(join(examples, file), 'utf8');
}

/**
 * The 2D world, small: all phases of four iterations in a few seconds.
 * @param changes numbers of the example by their key; `updates` are those of models and search
 */
export function smallWorld(changes: Readonly<Record<string, string | number>> = {}): string {
  const small = { updates: 40, laterUpdates: 30, evaluate: 20, members: 2, count: 2, ...changes };
  let text = exampleText('grid-2d.ibrl.yaml');
  for (const [key, value] of Object.entries(small)) {
    const line = new RegExp(`^( *${key}:)( +)\\d\\S*`, key === 'updates' ? 'gm' : 'm');
    if (!line.test(text)) throw new Error(`The example has no line ${key}.`);
    text = text.replace(new RegExp(line.source, line.flags), `$1$2${value}`);
  }
  return text;
}

/** The same, slow enough to be met at work: an iteration takes some seconds, and there are many. */
export function longWorld(name = 'Long world'): string {
  return smallWorld({ iterations: 60, updates: 400 }).replace(/^name: .*$/m, `name: ${name}`);
}

/** The same in a few iterations of a second or two: long enough to be met at work, short enough to be waited for. */
export function fairWorld(name: string, iterations = 3, updates = 450): string {
  return smallWorld({ iterations, updates, laterUpdates: updates }).replace(/^name: .*$/m, `name: ${name}`);
}
