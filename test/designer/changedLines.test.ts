import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedLines } from '../../src/extension/designer/changedLines';

const lines = fc.array(fc.constantFrom('a: 1', 'b: 2', 'c: 3', '', '# said'), { maxLength: 12 });

test('a changed value is one line, shown between its neighbours', () => {
  expect(changedLines('a: 1\nb: 2\nc: 3\nd: 4\n', 'a: 1\nb: 2\nc: 5\nd: 4\n')).toEqual({
    stretches: [[{ number: 2, text: 'b: 2', changed: false }, { number: 3, text: 'c: 5', changed: true }, { number: 4, text: 'd: 4', changed: false }]],
    changed: 1,
    removed: 0,
  });
});

test('far changes are stretches of their own; lines that are gone are counted', () => {
  const before = 'a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7';
  expect(changedLines(before, 'a: 0\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 0').stretches.map((stretch) => stretch.map(({ number }) => number))).toEqual([[1, 2], [6, 7]]);
  expect(changedLines(before, 'a: 1\nb: 2\nf: 6\ng: 7')).toEqual({ stretches: [], changed: 0, removed: 3 });
});

test('other line ends are no change', () => {
  expect(changedLines('a: 1\r\nb: 2\r\n', 'a: 1\nb: 2\n')).toEqual({ stretches: [], changed: 0, removed: 0 });
});

test('on any texts, all lines that are new are marked, and lines before, marked and gone add up', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { changed, removed, stretches } = changedLines(before.join('\n'), after.join('\n'));
      const old = Math.max(1, before.length);
      const now = Math.max(1, after.length);
      const kept = now - changed;
      expect(kept).toBeLessThanOrEqual(Math.min(old, now));
      expect(removed).toBe(Math.max(0, old - kept - changed));
      for (const stretch of stretches) for (const { number, text } of stretch) expect(after[number - 1] ?? '').toBe(text);
      if (before.join('\n') === after.join('\n')) expect(changed + removed).toBe(0);
    }),
  );
});
