import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitScales } from '../../../src/learning/data/scaling';
import { columnScales, copyWindow, scaleFrames, windowColumns, writeWindow } from '../../../src/learning/data/window';
import { tank, tankBatch, tankEpisode } from '../tank';

const episode = tankEpisode(6, 1);
const batch = tankBatch([episode]);
const scales = fitScales(tank, batch, { level: [0, 100] }, null);
const columns = windowColumns(['level', 'pump', 'heater'], batch.stateNames, batch.actionNames);
const ofColumns = columnScales(columns, scales);

test('a window holds the newest frame first', () => {
  const out = new Float64Array(6);
  writeWindow(episode, 4, 2, columns, ofColumns, out, 0);
  const level = (row: number): number => (episode.states[row * 3] - 50) / (100 / Math.sqrt(12));
  expect(out[0]).toBeCloseTo(level(4), 14);
  expect(out[3]).toBeCloseTo(level(3), 14);
});

test('actions are scaled to [-1, 1] by their range, whether it is symmetric or not', () => {
  const out = new Float64Array(3);
  writeWindow(episode, 3, 1, columns, ofColumns, out, 0);
  expect(out[1]).toBeCloseTo(episode.actions[3 * 2] / 2, 14);
  expect(out[2]).toBeCloseTo((episode.actions[3 * 2 + 1] - 5) / 5, 14);
});

test('before the first frame that frame is repeated with its do-nothing action', () => {
  const out = new Float64Array(12);
  writeWindow(episode, 1, 4, columns, ofColumns, out, 0);
  expect(Array.from(out.subarray(6, 9))).toEqual(Array.from(out.subarray(3, 6)));
  expect(Array.from(out.subarray(9, 12))).toEqual(Array.from(out.subarray(3, 6)));
  expect(out[4]).toBe(0);
});

test('windows copied from scaled frames equal windows written directly, in float32', () => {
  const frames = scaleFrames(episode, columns, ofColumns);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 9 }), (row, history) => {
      const written = new Float32Array(history * 3 + 2);
      const copied = new Float32Array(history * 3 + 2);
      writeWindow(episode, row, history, columns, ofColumns, written, 1);
      copyWindow(frames, 3, row, history, copied, 1);
      expect(copied).toEqual(written);
    }),
  );
});

test('an unknown input is named', () => {
  expect(() => windowColumns(['colour'], batch.stateNames, batch.actionNames)).toThrow(/colour/);
});
