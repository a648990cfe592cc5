import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisOf, roundTo, shareOf, stepOf } from '../../webview/designer/axis';
import { EditQueue } from '../../webview/designer/editQueue';
import { lastPosition, positionOf, weightAt } from '../../webview/designer/weightScale';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const interval = fc.tuple(number, fc.double({ min: 1e-3, max: 1e6, noNaN: true })).map(([low, width]) => [low, low + width] as const);

test('the shown stretch holds the bound and lies within the physical range or the bound', () => {
  fc.assert(
    fc.property(interval, interval, fc.option(interval), fc.boolean(), (physical, bound, recorded, wide) => {
      const axis = axisOf(physical, bound, recorded, wide);
      const slack = axis.step;
      expect(axis.low).toBeLessThanOrEqual(bound[0] + slack);
      expect(axis.high).toBeGreaterThanOrEqual(bound[1] - slack);
      expect(axis.low).toBeGreaterThanOrEqual(Math.min(physical[0], bound[0]) - slack);
      expect(axis.high).toBeLessThanOrEqual(Math.max(physical[1], bound[1]) + slack);
      expect(axis.ticks.length).toBeLessThanOrEqual(6);
      for (const tick of axis.ticks) expect(shareOf(axis, tick)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('an axis that is cut says so, and is not when the whole range is asked for', () => {
  expect(axisOf([0, 100], [30, 50], [33, 51], false)).toMatchObject({ cutLow: true, cutHigh: true, step: 1 });
  expect(axisOf([0, 100], [30, 50], [33, 51], true)).toMatchObject({ low: 0, high: 100, cutLow: false, cutHigh: false });
  expect(axisOf([0, 100], [30, 50], null, false)).toMatchObject({ low: 0, high: 100 });
});

test.each([[[0, 100], 1], [[0, 10], 0.1], [[0, 1], 0.01], [[-5, 5], 0.1], [[0, 400], 5]] as const)('the step of %j is %d', (range, step) => {
  expect(stepOf(range)).toBe(step);
});

test('rounded values have no tail of binary fractions', () => {
  expect(roundTo(0.1 + 0.2, 0.1)).toBe(0.3);
  expect(roundTo(77.6, 1)).toBe(78);
});

test('every position of the weight slider is a weight that leads back to it, rising', () => {
  const weights = Array.from({ length: lastPosition + 1 }, (_, position) => weightAt(position));
  expect(weights[0]).toBe(0);
  expect(weights.at(-1)).toBe(1);
  weights.forEach((weight, position) => {
    expect(positionOf(weight)).toBe(position);
    if (position > 0) expect(weight).toBeGreaterThan(weights[position - 1]);
  });
});

test('edits go one at a time, and a newer one of the same value takes the place of one that waits', () => {
  const sent: [number, unknown][] = [];
  const queue = new EditQueue((id, changes) => sent.push([id, changes.map((change) => (change.kind === 'set' ? change.value : null))]));
  for (const value of [1, 2, 3]) queue.push([{ kind: 'set', path: 'seed', value }]);
  expect(sent).toEqual([[1, [1]]]);
  expect(queue.wanted().get('seed')).toBe(3);
  queue.answered(1, false);
  expect(sent).toEqual([[1, [1]], [2, [3]]]);
  queue.answered(2, false);
  expect(queue.wanted().size).toBe(0);
});

test('after a refusal nothing that waited is sent', () => {
  const sent: number[] = [];
  const queue = new EditQueue((id) => sent.push(id));
  queue.push([{ kind: 'set', path: 'seed', value: 1 }]);
  queue.push([{ kind: 'set', path: 'iterations', value: 2 }]);
  expect(queue.answered(1, true)).toBe(true);
  expect(sent).toEqual([1]);
  expect(queue.wanted().size).toBe(0);
});
