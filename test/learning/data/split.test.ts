import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Batch } from '../../../src/learning/data/batch';
import { splitBatch, splitTransitions } from '../../../src/learning/data/split';
import { Random } from '../../../src/learning/random';
import { tankBatch, tankEpisode } from '../tank';

/** Iteration 0 with `first` episodes, then `later` iterations of `policies` episodes each. */
function recorded(first: number, later: number, policies: number, frames: number): Batch {
  const episodes = Array.from({ length: first }, (_, i) => tankEpisode(frames, i));
  for (let n = 1; n <= later; n++) {
    for (let k = 1; k <= policies; k++) episodes.push(tankEpisode(frames, 100 * n + k, n, k));
  }
  return tankBatch(episodes);
}

const shapes = fc.record({
  first: fc.integer({ min: 1, max: 12 }),
  later: fc.integer({ min: 1, max: 3 }),
  policies: fc.integer({ min: 1, max: 5 }),
  history: fc.integer({ min: 1, max: 20 }),
  frames: fc.integer({ min: 45, max: 200 }),
  share: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
  seed: fc.integer(),
});

test('every iteration gives transitions to both sides', () => {
  fc.assert(
    fc.property(shapes, ({ first, later, policies, history, frames, share, seed }) => {
      const batch = recorded(first, later, policies, frames);
      const { training, holdout } = splitTransitions(batch, splitBatch(batch, share, history, new Random(seed)), history);
      for (let n = 0; n <= later; n++) {
        for (const side of [training, holdout]) expect(Array.from(side.episodes).some((e) => batch.episodes[e].iteration === n)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('no window or next frame touches a row of the other side', () => {
  fc.assert(
    fc.property(shapes, ({ first, later, policies, history, frames, share, seed }) => {
      const batch = recorded(first, later, policies, frames);
      const split = splitBatch(batch, share, history, new Random(seed));
      const { training, holdout } = splitTransitions(batch, split, history);
      for (const [side, transitions] of [training, holdout].entries()) {
        transitions.rows.forEach((row, i) => {
          const rows = split.heldOut[transitions.episodes[i]].subarray(Math.max(0, row - history + 1), row + 2);
          expect(rows.every((value) => value === side)).toBe(true);
        });
      }
    }),
    { numRuns: 40 },
  );
});

test('a row keeps its side when later iterations join', () => {
  fc.assert(
    fc.property(shapes, ({ first, later, policies, history, frames, share, seed }) => {
      const batch = recorded(first, later, policies, frames);
      const all = splitBatch(batch, share, history, new Random(seed));
      const early = splitBatch({ ...batch, episodes: batch.episodes.slice(0, first) }, share, history, new Random(seed));
      expect(all.heldOut.slice(0, first)).toEqual(early.heldOut);
    }),
    { numRuns: 40 },
  );
});

test('the split depends on the seed only, and does not advance the generator', () => {
  const batch = recorded(10, 1, 4, 60);
  const random = new Random(3);
  const before = splitBatch(batch, 0.2, 5, random);
  expect(splitBatch(batch, 0.2, 5, random)).toEqual(before);
  expect(splitBatch(batch, 0.2, 5, new Random(4))).not.toEqual(before);
});

test('many episodes are held out whole, in the share that was asked for', () => {
  const { heldOut } = splitBatch(recorded(20, 0, 0, 26), 0.2, 1, new Random(1));
  expect(heldOut.filter((rows) => rows.every((row) => row === 1))).toHaveLength(4);
  expect(heldOut.filter((rows) => rows.every((row) => row === 0))).toHaveLength(16);
});

test('few long episodes give a block each, and lose at most two windows at its borders', () => {
  const batch = recorded(0, 1, 4, 1001);
  const { training, holdout } = splitTransitions(batch, splitBatch(batch, 0.1, 20, new Random(1)), 20);
  expect(new Set(holdout.episodes).size).toBe(4);
  expect(holdout.rows.length).toBeGreaterThanOrEqual(4 * 100);
  expect(training.rows.length + holdout.rows.length).toBeGreaterThanOrEqual(4 * (1000 - 2 * 20));
});

test('an iteration too short to be split says what to change', () => {
  expect(() => splitBatch(recorded(5, 1, 1, 4), 0.2, 10, new Random(1))).toThrow(/Iteration 1 .*models\.history/);
});
