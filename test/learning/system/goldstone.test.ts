import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, rowSize } from '../../../src/learning/system/benchmarkState';
import { goldstoneValue, moveGoldstone, sine15 } from '../../../src/learning/system/goldstone';

const directions = fc.integer({ min: -6, max: 6 });
const shifts = fc.double({ min: -1.5, max: 1.5, noNaN: true });

test('a shift of zero is neutral in every direction', () => {
  for (let direction = -6; direction <= 6; direction++) expect(Math.abs(goldstoneValue(direction, 0))).toBe(0);
});

test('mirroring direction and shift changes nothing', () => {
  fc.assert(fc.property(directions, shifts, (direction, shift) => goldstoneValue(-direction, -shift) === goldstoneValue(direction, shift)));
});

test('no shift is better than the direction’s own radius, and −1 is reached in the strongest directions only', () => {
  for (let direction = 0; direction <= 6; direction++) {
    const best = Math.max(Math.sin((direction * Math.PI) / 12), sine15);
    const optimum = goldstoneValue(direction, best);
    for (let shift = -1.5; shift <= 1.5; shift += 0.01) expect(goldstoneValue(direction, shift)).toBeGreaterThanOrEqual(optimum - 1e-12);
    if (direction < 6) expect(optimum).toBeGreaterThan(-0.98);
    else expect(optimum).toBeCloseTo(-1, 12);
  }
});

test('the value is continuous where the stretch changes its form', () => {
  for (let direction = 0; direction <= 6; direction++) {
    const radius = Math.max(Math.sin((direction * Math.PI) / 12), sine15);
    expect(goldstoneValue(direction, radius + 1e-9)).toBeCloseTo(goldstoneValue(direction, radius - 1e-9), 6);
  }
});

test('the state machine never leaves its 52 states, whatever the shifts', () => {
  fc.assert(
    fc.property(fc.array(shifts, { maxLength: 200 }), (path) => {
      const state = new Float64Array(rowSize);
      state[at.domain] = 1;
      state[at.response] = 1;
      for (const shift of path) {
        moveGoldstone(state, 0, shift);
        expect([-1, 1]).toContain(state[at.domain]);
        expect([-1, 1]).toContain(state[at.response]);
        expect(Number.isInteger(state[at.direction]) && Math.abs(state[at.direction]) <= 6).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test('staying outside the safe zone walks the direction to its strongest and back', () => {
  const state = new Float64Array(rowSize);
  state[at.domain] = 1;
  state[at.response] = 1;
  const walked = Array.from({ length: 14 }, () => {
    moveGoldstone(state, 0, 0.5);
    return state[at.direction];
  });
  expect(walked).toEqual([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0, -1, -2]);
});
