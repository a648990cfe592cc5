import { describe, expect, test } from 'vitest';
import { table } from '../../src/cli/output';
import { fractionDone, ProgressBar } from '../../src/cli/progressBar';
import { phases } from '../../src/run/contract';

describe('the progress bar', () => {
  test('grows from 0 to 1 through iterations, phases and their work', () => {
    const fractions: number[] = [];
    for (let iteration = 1; iteration <= 3; iteration++) {
      for (const phase of phases) for (const done of [0, 1, 2]) fractions.push(fractionDone({ iteration, phase, done, total: 2 }, 3));
    }
    // where one phase ends and the next begins, the same sum is made in two orders
    for (let i = 1; i < fractions.length; i++) expect(fractions[i]).toBeGreaterThan(fractions[i - 1] - 1e-12);
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBeCloseTo(1, 12);
  });

  test('tells the remaining time from what this attempt did, not from what was done before it', () => {
    let clock = 0;
    let screen = '';
    const bar = new ProgressBar({ columns: 120, write: (text: string) => (screen = text) }, () => clock);
    const at = (iteration: number) => bar.draw({ iteration, phase: 'collecting', done: 0, total: 1 }, 4);
    // resumed in the middle: the first half costs this attempt no time
    at(3);
    expect(screen).toMatch(/50 % {2}iteration 3 of 4, collecting/);
    expect(screen).not.toMatch(/left/);
    clock = 200_000;
    at(4);
    expect(screen).toMatch(/75 %.*3 min left/);
    bar.clear();
    expect(screen).not.toMatch(/%/);
  });
});

test('a table sets names to the left and numbers to the right', () => {
  expect(table(['', 'cost'], [['policy 1', '9.5'], ['mean', '–'], ['best', '100']])).toBe('          cost\npolicy 1   9.5\nmean         –\nbest       100');
});
