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
  return changed(exampleText('grid-2d.ibrl.yaml'), { updates: 40, laterUpdates: 30, evaluate: 20, members: 2, count: 2, ...changes });
}

/** The same, of one iteration unless `changes` say more, and under a name of its own. */
export function namedWorld(name: string, changes: Readonly<Record<string, string | number>> = { iterations: 1 }): string {
  return smallWorld(changes).replace(/^name: .*$/m, `name: ${name}`);
}

/** The Industrial Benchmark, small, one iteration, with bounds that nothing keeps: its deployed episodes leave them. */
export function carelessBenchmark(): string {
  const text = changed(exampleText('industrial-benchmark.ibrl.yaml'), { updates: 40, laterUpdates: 30, evaluate: 2, members: 2, count: 2, iterations: 1, evaluateSteps: 50 });
  return text.replace(/^safety:\n.*\n/m, 'safety:\n  constrain: false\n').replace(/^ {2}gain: .*$/m, '  gain: [40, 60]');
}

/** The heated tank of the recordings, small: two iterations of a second or two, each of which waits for a person. */
export function smallTank(): string {
  return exampleText('plant-csv/tank.ibrl.yaml')
    .replace(/^iterations: .*$/m, 'iterations: 2')
    .replace('count: 3, hidden: [24, 24]', 'count: 2, hidden: [8]')
    .replace('members: 4, hidden: [32, 32]', 'members: 2, hidden: [16]')
    .replace('updates: 1500, laterUpdates: 1000', 'updates: 60, laterUpdates: 40')
    .replace('updates: 200', 'updates: 20');
}

function changed(example: string, numbers: Readonly<Record<string, string | number>>): string {
  let text = example;
  for (const [key, value] of Object.entries(numbers)) {
    const line = new RegExp(`^( *${key}:)( +)\\d\\S*`, key === 'updates' ? 'gm' : 'm');
    if (!line.test(text)) throw new Error(`The example has no line ${key}.`);
    text = text.replace(new RegExp(line.source, line.flags), `$1$2${value}`);
  }
  return text;
}

/** The same, slow enough to be met at work: an iteration takes some seconds, and there are many. */
export function longWorld(name = 'Long world'): string {
  return namedWorld(name, { iterations: 60, updates: 400 });
}

/** The same in a few iterations of a second or two: long enough to be met at work, short enough to be waited for. */
export function fairWorld(name: string, iterations = 3, updates = 450): string {
  return namedWorld(name, { iterations, updates, laterUpdates: updates });
}
