import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff } from '../../src/cli/lineDiff';

test('lines of one text only are marked, common ones are told once', () => {
  expect(lineDiff('a\nb\nc', 'a\nx\nc\nd')).toBe('  a\n- b\n+ x\n  c\n+ d');
});

test('both texts can be read back out of it', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after).split('\n');
      const side = (mark: string) => lines.filter((line) => line[0] === mark || line[0] === ' ').map((line) => line.slice(2)).join('\n');
      expect([side('-'), side('+')]).toEqual([before, after]);
    }),
  );
});
