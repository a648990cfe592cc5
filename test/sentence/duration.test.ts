import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration } from '../../src/sentence/duration';
import { english } from '../../src/sentence/sentence';

test.each([
  [0, '0 s'], [20, '1 s'], [8_400, '8 s'], [64_000, '64 s'], [119_400, '119 s'], [119_600, '2 min'], [150_000, '3 min'], [7_000_000, '117 min'], [7_200_000, '2 h'], [7_770_000, '2 h 10 min'], [86_400_000, '24 h'],
])('%i ms are said as %s', (ms, text) => {
  expect(english(duration(ms))).toBe(text);
});

test('what is said is off by no more than half a unit, in every size', () => {
  const unit = { s: 1_000, min: 60_000, h: 3_600_000 };
  fc.assert(fc.property(fc.integer({ min: 1_000, max: 1_000_000_000 }), (ms) => {
    const parts = [...english(duration(ms)).matchAll(/(\d+) (s|min|h)/g)].map(([, count, name]) => ({ count: Number(count), size: unit[name as keyof typeof unit] }));
    const said = parts.reduce((sum, { count, size }) => sum + count * size, 0);
    const half = ms < 119_500 ? 500 : 30_000;
    expect(Math.abs(said - ms)).toBeLessThanOrEqual(half);
  }));
});
