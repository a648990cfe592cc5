import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binsOf, fullHeight, sharedEnd, sizeQuantile } from '../../webview/policyDiff/bins';
import { cellGrid, fewFrames, largestCell } from '../../webview/policyDiff/cells';
import { roundStep, stepDecimals, ticks } from '../../webview/series/scale';

const values = (length: number) => fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: length, maxLength: length });
const three = fc.integer({ min: 1, max: 60 }).chain((length) => fc.tuple(values(length), values(length), values(length)));

test('every frame lies in exactly one cell, and in one whose edges hold it', () => {
  fc.assert(fc.property(three, ([xs, ys, changes]) => {
    const { x, y, cells } = cellGrid(xs, ys, changes);
    expect(cells.flatMap(({ frames }) => frames).toSorted((a, b) => a - b)).toEqual(changes.map((_, frame) => frame));
    const slack = (edges: readonly number[]): number => (edges[edges.length - 1] - edges[0]) * 1e-6;
    for (const { column, row, frames } of cells) {
      for (const frame of frames) {
        expect(xs[frame]).toBeGreaterThanOrEqual(x[column] - slack(x));
        expect(xs[frame]).toBeLessThanOrEqual(x[column + 1] + slack(x));
        expect(ys[frame]).toBeGreaterThanOrEqual(y[row] - slack(y));
        expect(ys[frame]).toBeLessThanOrEqual(y[row + 1] + slack(y));
      }
    }
  }), { numRuns: 400, examples: [[[[0, 4.4e-323], [0, 0], [0, 0]]], [[[1e6, 1e6 + 1e-9], [0, 0], [0, 0]]]] });
});

test('a cell has the mean of its frames, and the largest change is not that of a few', () => {
  const frames = Array.from({ length: 20 }, (_, i) => i);
  const grid = cellGrid(frames.map((i) => (i < 10 ? 0.1 : 9.9)), frames.map(() => 1), frames.map((i) => (i < 10 ? 1 : -3)));
  expect(largestCell(grid)?.mean).toBe(-3);
  const lonely = cellGrid([0.1, ...Array.from({ length: fewFrames }, () => 9.9)], Array.from({ length: fewFrames + 1 }, () => 1), [100, ...Array.from({ length: fewFrames }, () => 1)]);
  expect(largestCell(lonely)?.mean).toBe(1);
});

test('bins count every change once, the middle one those around 0, within an axis that holds all', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 200 }), (changes) => {
    const end = sharedEnd([changes], 0.2);
    const bins = binsOf(changes, end);
    expect(bins.counts.reduce((sum, count) => sum + count, 0)).toBe(changes.length);
    expect(Math.max(...changes.map(Math.abs))).toBeLessThanOrEqual(end);
    expect(bins.from + bins.width * (bins.zero + 0.5)).toBeCloseTo(0, 9);
  }));
  expect(binsOf([0, 0, 0, 0.9], 1).counts[16]).toBe(3);
});

test('the bin of no change never makes the others small', () => {
  expect(fullHeight(binsOf([...Array.from({ length: 1000 }, () => 0), 0.9, 0.9], 1))).toBe(2);
});

test('95 % of the sizes lie below the quantile', () => {
  expect(sizeQuantile(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? i : -i)), 0.95)).toBe(95);
});

test('ticks are round, within the axis and not too many', () => {
  fc.assert(fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (min, width) => {
    const marks = ticks(min, min + width, 4);
    expect(marks.length).toBeLessThanOrEqual(6);
    for (const mark of marks) {
      expect(mark).toBeGreaterThanOrEqual(min - width * 1e-6);
      expect(mark).toBeLessThanOrEqual(min + width * (1 + 1e-6));
    }
  }));
  expect([0.25, 2.5, 10, 1].map(stepDecimals)).toEqual([2, 1, 0, 0]);
  expect(roundStep(40, 16)).toBe(2.5);
});
