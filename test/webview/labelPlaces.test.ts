import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxAround, freestPlace } from '../../webview/shared/labelPlaces';

const at = (x: number, y: number) => ({ box: boxAround(x, y, 20, 10) });
const places = [at(0, -15), at(0, 15), at(30, 0)];

test('a word stands at its first place, where nothing is in the way', () => {
  expect(freestPlace(places, { boxes: [], segments: [] })).toBe(places[0]);
});

test('a word keeps clear of boxes and of lines that pass through, end in or lie beside its place', () => {
  const box = boxAround(5, -12, 4, 4);
  expect(freestPlace(places, { boxes: [box], segments: [] })).toBe(places[1]);
  expect(freestPlace(places, { boxes: [box], segments: [{ from: [-50, 15], to: [50, 15] }] })).toBe(places[2]);
  expect(freestPlace(places, { boxes: [], segments: [{ from: [0, 0], to: [0, -12] }] })).toBe(places[1]);
  expect(freestPlace(places, { boxes: [], segments: [{ from: [-50, -30], to: [50, -30] }, { from: [-30, -50], to: [-30, 50] }] })).toBe(places[0]);
});

test('a line is in the way of a box exactly where one of its points lies within', () => {
  const coordinate = fc.integer({ min: -40, max: 40 });
  fc.assert(fc.property(coordinate, coordinate, coordinate, coordinate, (x1, y1, x2, y2) => {
    const [word, elsewhere] = [at(0, 0), { box: boxAround(1e6, 1e6, 1, 1) }];
    const avoided = freestPlace([word, elsewhere], { boxes: [], segments: [{ from: [x1, y1], to: [x2, y2] }] }) === elsewhere;
    const touches = Array.from({ length: 4001 }, (_, i) => i / 4000).some((share) => Math.abs(x1 + share * (x2 - x1)) <= 10 && Math.abs(y1 + share * (y2 - y1)) <= 5);
    // a sample may pass over a corner that the line just touches
    if (touches) expect(avoided).toBe(true);
    else if (avoided) expect(Math.min(...Array.from({ length: 4001 }, (_, i) => i / 4000).map((share) => Math.max(Math.abs(x1 + share * (x2 - x1)) - 10, Math.abs(y1 + share * (y2 - y1)) - 5)))).toBeLessThan(0.05);
  }), { numRuns: 200 });
});

test('a word without a place is an error of ours', () => {
  expect(() => freestPlace([], { boxes: [], segments: [] })).toThrow(RangeError);
});
