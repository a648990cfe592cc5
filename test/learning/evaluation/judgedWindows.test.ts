import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseWindows, judgedHorizons } from '../../../src/learning/evaluation/judgedWindows';

const episode = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 150 })), { minLength: 1, maxLength: 4 }).map((runs) => Uint8Array.from(runs.flatMap(([usable, length]) => Array.from({ length }, () => (usable ? 1 : 0)))));
const recordings = fc.array(episode, { minLength: 1, maxLength: 5 });
const history = fc.integer({ min: 1, max: 30 });

/** Whether a rollout's history, start and steps are all usable. */
function fits(rows: Uint8Array, row: number, steps: number, frames: number): boolean {
  if (row + steps >= rows.length) return false;
  for (let at = Math.max(0, row - frames + 1); at <= row + steps; at++) if (rows[at] === 0) return false;
  return true;
}

test('a window never leaves the rows that may be used, its history included', () => {
  fc.assert(
    fc.property(recordings, history, (usable, frames) => {
      for (const { episode: index, row, steps } of chooseWindows(usable, frames)) expect(fits(usable[index], row, steps, frames)).toBe(true);
    }),
  );
});

test('each horizon has as many windows as the recordings offer, up to its limit', () => {
  fc.assert(
    fc.property(recordings, history, (usable, frames) => {
      const windows = chooseWindows(usable, frames);
      for (const { steps, most } of judgedHorizons) {
        const offered = usable.reduce((sum, rows) => sum + rows.reduce((own, _, row) => own + (fits(rows, row, steps, frames) ? 1 : 0), 0), 0);
        expect(windows.filter((window) => window.steps >= steps)).toHaveLength(Math.min(most, offered));
      }
    }),
  );
});

test('no start is used twice, and the same recordings give the same windows', () => {
  fc.assert(
    fc.property(recordings, history, (usable, frames) => {
      const windows = chooseWindows(usable, frames);
      expect(new Set(windows.map(({ episode: index, row }) => `${index} ${row}`)).size).toBe(windows.length);
      expect(chooseWindows(usable, frames)).toEqual(windows);
    }),
  );
});

test('windows come from every episode of long recordings', () => {
  const usable = Array.from({ length: 8 }, () => new Uint8Array(1001).fill(1));
  const windows = chooseWindows(usable, 20);
  for (const { steps } of judgedHorizons) expect(new Set(windows.filter((window) => window.steps >= steps).map((window) => window.episode)).size).toBe(8);
});

test('the work is bounded however long the recordings are', () => {
  const windows = chooseWindows(Array.from({ length: 50 }, () => new Uint8Array(5000).fill(1)), 20);
  expect(windows.reduce((sum, { steps }) => sum + steps, 0)).toBe(16 * 100 + 8 * 50 + 16 * 25 + 24 * 10 + 64);
});
