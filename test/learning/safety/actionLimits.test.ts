import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Arithmetic } from '../../../src/learning/safety/actionLimits';
import { createActionLimits, limitActions, nextValue } from '../../../src/learning/safety/actionLimits';
import type { BoundConstraint } from '../../../src/learning/safety/bounds';
import { SafetyError } from '../../../src/learning/safety/safetyError';

const float64: Arithmetic = (value) => value;

/** Bounds of any width from 1e-3 to 1e3 anywhere within ± 1e3, a gain of either sign, and a start as a share of the width. */
const bounded = fc
  .record({
    low: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    logWidth: fc.double({ min: -3, max: 3, noNaN: true }),
    logGain: fc.double({ min: -3, max: 2, noNaN: true }),
    negative: fc.boolean(),
    at: fc.oneof(fc.constantFrom(0, 1, 1e-7, 1 - 1e-7), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ low, logWidth, logGain, negative, at }) => {
    const high = low + 10 ** logWidth;
    const x = Math.min(high, Math.max(low, low + at * (high - low)));
    return { low, high, gain: (negative ? -1 : 1) * 10 ** logGain, x };
  });

const output = fc.oneof(fc.constantFrom(-1e30, 1e30, 0, -40, 40), fc.double({ min: -5, max: 5, noNaN: true }));

const pump = (maxChange: number | null, range: readonly [number, number] = [-1, 1]) => ({ name: 'pump', range, maxChange });

function constraint(name: string, { low, high, gain }: { low: number; high: number; gain: number }, clip: BoundConstraint['clip'] = null): BoundConstraint {
  return { variable: name, action: 'pump', gain, low, high, clip };
}

/** One step: the action, the next values and the count of infeasible actions. What is passed lies behind numbers that are none. */
function step(constraints: readonly BoundConstraint[], x: readonly number[], u: number, round = float64, maxChange: number | null = null, previous = 0, range?: readonly [number, number]) {
  const limits = createActionLimits(constraints.map((c) => c.variable), [pump(maxChange, range)], constraints);
  const out = round === float64 ? new Float64Array(5) : new Float32Array(5);
  const nothing = [NaN, NaN, NaN, NaN];
  const infeasible = limitActions(limits, [...nothing.slice(0, 1), ...x], 1, [...nothing.slice(0, 2), previous], 2, [...nothing.slice(0, 3), u], 3, out, 4, round);
  return { a: out[4], next: limits.actions[0].constraints.map((variable, i) => nextValue(variable, x[i], out[4], round)), infeasible };
}

test('in float64 the next value stays within the original bounds, from any start inside and for any output', () => {
  fc.assert(
    fc.property(bounded, output, (b, u) => {
      const { a, next, infeasible } = step([constraint('x', b)], [b.x], u);
      expect(infeasible).toBe(0);
      expect(a >= -1 && a <= 1).toBe(true);
      expect(next[0] >= b.low && next[0] <= b.high).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('in float32, rounded after every operation, the next value stays within the original bounds too', () => {
  fc.assert(
    fc.property(bounded, output, (b, u) => {
      const x = Math.fround(b.x);
      fc.pre(x >= b.low && x <= b.high);
      // with fewer than 16 float32 numbers between the bounds, only float64 can respect them
      fc.pre(b.high - b.low > 16 * 2 ** -23 * Math.max(Math.abs(b.low), Math.abs(b.high)));
      const { next } = step([constraint('x', b)], [x], u, Math.fround);
      expect(next[0] >= b.low && next[0] <= b.high).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('two bounded variables on one action both stay inside, in both arithmetics', () => {
  fc.assert(
    fc.property(bounded, bounded, output, (b, c, u) => {
      const both = [constraint('x', b), constraint('y', c)];
      const { next, infeasible } = step(both, [b.x, c.x], u);
      expect(infeasible).toBe(0);
      expect(next[0] >= b.low && next[0] <= b.high && next[1] >= c.low && next[1] <= c.high).toBe(true);
      const [x, y] = [Math.fround(b.x), Math.fround(c.x)];
      fc.pre(x >= b.low && x <= b.high && y >= c.low && y <= c.high);
      fc.pre([b, c].every(({ low, high }) => high - low > 16 * 2 ** -23 * Math.max(Math.abs(low), Math.abs(high))));
      const single = step(both, [x, y], u, Math.fround);
      expect(single.next[0] >= b.low && single.next[0] <= b.high && single.next[1] >= c.low && single.next[1] <= c.high).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('over thousands of steps with wild outputs no step leaves the bounds, in both arithmetics', () => {
  for (const round of [float64, Math.fround]) {
    const limits = createActionLimits(['x'], [pump(null)], [constraint('x', { low: 30, high: 50, gain: 5.751534335611574 })]);
    const out = round === float64 ? new Float64Array(1) : new Float32Array(1);
    let x = 40;
    for (let t = 0; t < 20_000; t++) {
      limitActions(limits, [x], 0, [0], 0, [1e6 * Math.sin(t * t)], 0, out, 0, round);
      x = nextValue(limits.actions[0].constraints[0], x, out[0], round);
      if (!(x >= 30 && x <= 50)) expect.fail(`left the bounds at step ${t}: ${x}`);
    }
  }
});

test('a largest change is respected, and a bound is broken only when that is counted', () => {
  fc.assert(
    fc.property(bounded, bounded, output, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), (b, c, u, maxChange, previous) => {
      const { a, next, infeasible } = step([constraint('x', b), constraint('y', c)], [b.x, c.x], u, float64, maxChange, previous);
      expect(Math.abs(a - previous) <= maxChange).toBe(true);
      expect(a >= -1 && a <= 1).toBe(true);
      const inside = next[0] >= b.low && next[0] <= b.high && next[1] >= c.low && next[1] <= c.high;
      expect(infeasible).toBe(inside ? 0 : 1);
    }),
    { numRuns: 3000 },
  );
});

test('when limits leave nothing, no other allowed action has a smaller worst violation', () => {
  fc.assert(
    fc.property(bounded, bounded, fc.double({ min: 0.01, max: 0.3, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), (b, c, maxChange, previous) => {
      const { a, infeasible } = step([constraint('x', b), constraint('y', c)], [b.x, c.x], 0, float64, maxChange, previous);
      fc.pre(infeasible === 1);
      const worst = (action: number): number =>
        Math.max(...[b, c].map(({ low, high, gain, x }) => Math.max(low - x - gain * action, x + gain * action - high) / (high - low)));
      const least = worst(a);
      const others = Array.from({ length: 201 }, (_, i) => worst(Math.min(1, Math.max(-1, previous - maxChange + (2 * maxChange * i) / 200))));
      expect(Math.min(...others)).toBeGreaterThan(least - 1e-4 * (1 + Math.abs(least)));
    }),
    { numRuns: 1000 },
  );
});

test('from anywhere, with any bounds, range and largest change, no other allowed action has a smaller worst violation', () => {
  const anywhere = fc.tuple(bounded, fc.double({ min: -2, max: 3, noNaN: true })).map(([b, at]) => ({ ...b, x: b.low + at * (b.high - b.low) }));
  const ranges = fc.tuple(fc.constantFrom(0, -0.1, -1, -7), fc.constantFrom(0.3, 1, 5)).chain((range) => fc.constantFrom(range, [-range[1], -range[0]] as [number, number]));
  fc.assert(
    fc.property(fc.array(anywhere, { minLength: 1, maxLength: 3 }), ranges, output, fc.option(fc.double({ min: 0.01, max: 3, noNaN: true })), fc.double({ min: 0, max: 1, noNaN: true }), (all, range, u, maxChange, before) => {
      const previous = range[0] + before * (range[1] - range[0]);
      const { a, next, infeasible } = step(all.map((b, i) => constraint(`v${i}`, b)), all.map(({ x }) => x), u, float64, maxChange, previous, range);
      const [lowest, highest] = maxChange === null ? range : [Math.max(range[0], previous - maxChange), Math.min(range[1], previous + maxChange)];
      expect(a >= range[0] && a <= range[1] && a >= lowest && a <= highest).toBe(true);
      const worst = (action: number): number => Math.max(0, ...all.map(({ low, high, gain, x }) => Math.max(low - x - gain * action, x + gain * action - high) / (high - low)));
      const least = worst(a);
      const others = Array.from({ length: 101 }, (_, i) => worst(lowest + (i / 100) * (highest - lowest)));
      // what one bound is narrowed by costs another as much more as it is steeper
      const steepness = all.map(({ low, high, gain }) => Math.abs(gain) / (high - low));
      const narrowed = (2e-6 * Math.max(...steepness)) / Math.min(...steepness);
      expect(Math.min(...others)).toBeGreaterThanOrEqual(least - (1e-4 + narrowed) * (1 + least));
      const left = all.some(({ low, high }, i) => !(next[i] >= low && next[i] <= high));
      if (infeasible === 1) expect(left).toBe(true);
      if (left && all.every(({ low, high, x }) => x >= low && x <= high)) expect(infeasible).toBe(1);
    }),
    { numRuns: 2000 },
  );
});

test('an action that enters what bounds were narrowed by, and no more, breaks none', () => {
  const { next, infeasible } = step([constraint('x', { low: 0, high: 1, gain: 1 })], [0.5], 0, float64, 0.1, 0.5999995);
  expect(next[0]).toBeGreaterThan(1 - 1e-6);
  expect([next[0] <= 1, infeasible]).toEqual([true, 0]);
});

test('a previous action outside of the range comes back to its edge at once', () => {
  expect(step([], [], 40, float64, 0.1, -5).a).toBe(-1);
  expect(step([], [], -40, float64, 0.1, 5).a).toBe(1);
});

test('a largest change is kept to the last bit, however small it is beside the action, in both arithmetics', () => {
  const sizes = fc.tuple(fc.double({ min: -16, max: 1, noNaN: true }), fc.constantFrom(1, 100, 1e6));
  fc.assert(
    fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), output, fc.boolean(), ([digits, high], share, u, single) => {
      const round = single ? Math.fround : float64;
      const [maxChange, previous] = [high * 10 ** digits, round(share * high)];
      const { a } = step([], [], u, round, maxChange, previous, [0, high]);
      expect(a >= 0 && a <= high).toBe(true);
      // exact: the two are the same number or nearly so
      expect(Math.abs(a - previous)).toBeLessThanOrEqual(maxChange);
    }),
    { numRuns: 2000 },
  );
});

test('from outside, a variable comes back at full speed and never turns away', () => {
  fc.assert(
    fc.property(bounded, output, fc.double({ min: 0.01, max: 20, noNaN: true }), fc.boolean(), (b, u, widthsAway, above) => {
      let x = above ? b.high + widthsAway * (b.high - b.low) : b.low - widthsAway * (b.high - b.low);
      for (let t = 0; t < 5 && (x < b.low || x > b.high); t++) {
        const { a, next, infeasible } = step([constraint('x', b)], [x], u);
        const distance = above ? x - b.high : b.low - x;
        expect(infeasible).toBe(0);
        if (distance > Math.abs(b.gain)) expect(Math.abs(a)).toBe(1);
        expect(above ? next[0] < x : next[0] > x).toBe(true);
        x = next[0];
      }
    }),
    { numRuns: 1000 },
  );
});

test('without constraints tanh spans the range', () => {
  const limits = createActionLimits([], [pump(null, [2, 10])], []);
  const out = new Float64Array(1);
  for (const u of [-1e30, -1, 0, 1, 1e30]) {
    limitActions(limits, [], 0, [0], 0, [u], 0, out, 0);
    expect(out[0]).toBeCloseTo(6 + 4 * Math.tanh(u), 12);
  }
});

test('a start on a bound of a one-sided actuator stands still instead of leaving', () => {
  const { a, next, infeasible } = step([constraint('x', { low: 0, high: 1, gain: 1 })], [1], 5, float64, null, 0, [0, 1]);
  expect([a, next[0], infeasible]).toEqual([0, 1, 0]);
});

test('a bound that the physical clip respects anyway does not shrink the action', () => {
  const { a, next } = step([constraint('x', { low: 40, high: 100, gain: 10 }, [0, 100])], [99], 1e30);
  expect(a).toBe(1);
  expect(next[0]).toBe(100);
});

test('numbers that are not finite are refused by name', () => {
  const b = { low: 0, high: 1, gain: 1 };
  for (const u of [NaN, Infinity, -Infinity]) expect(() => step([constraint('x', b)], [0.5], u)).toThrow(SafetyError);
  expect(() => step([constraint('x', b)], [NaN], 0)).toThrow(/x is NaN/);
  expect(() => step([constraint('x', b)], [-Infinity], 0)).toThrow(/x is -Infinity/);
  expect(() => step([constraint('x', b)], [0.5], 0, float64, 0.1, NaN)).toThrow(/previous pump is NaN/);
});
