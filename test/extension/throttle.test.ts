import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Throttle } from '../../src/extension/throttle';

let times: number[];
let throttle: Throttle;
beforeEach(() => {
  vi.useFakeTimers();
  const begun = performance.now();
  times = [];
  throttle = new Throttle(100, () => {
    times.push(performance.now() - begun);
    return null;
  });
});
afterEach(() => {
  throttle.dispose();
  vi.useRealTimers();
});

test('after a quiet while it is done in the next turn', () => {
  throttle.request();
  vi.advanceTimersByTime(500);
  throttle.request();
  vi.advanceTimersByTime(1);
  expect(times).toHaveLength(2);
  expect(times[1] - times[0]).toBeLessThanOrEqual(501);
});

test('however often it is asked for, it is done once in the time, and once for the last one that asked', () => {
  for (let i = 0; i < 250; i++) {
    throttle.request();
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(1_000);
  expect(times).toHaveLength(4);
  for (const [index, time] of times.slice(1).entries()) expect(time - times[index]).toBeGreaterThanOrEqual(100);
});

test('what takes long is not begun anew before it is over, and then once for all who asked meanwhile', async () => {
  let begun = 0;
  let end: () => void = () => undefined;
  const slow = new Throttle(100, () => {
    begun++;
    return new Promise<void>((done) => (end = done));
  });
  slow.request();
  await vi.advanceTimersByTimeAsync(1);
  for (let i = 0; i < 5; i++) {
    slow.request();
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(begun).toBe(1);
  end();
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toBe(2);
  end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(2);
  slow.dispose();
});

test('what was asked for is not done once it is disposed', () => {
  throttle.request();
  throttle.dispose();
  vi.advanceTimersByTime(1_000);
  expect(times).toEqual([]);
});
