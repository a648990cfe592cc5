import { expect, test } from 'vitest';
import { NumpyRandom } from '../../../src/learning/system/numpyRandom';

test('uniform numbers are those of NumPy’s legacy generator for the same seed', () => {
  const random = new NumpyRandom(0);
  expect([random.uniform(), random.uniform(), random.uniform()]).toEqual([0.5488135039273248, 0.7151893663724195, 0.6027633760716439]);
  expect(new NumpyRandom(42).uniform()).toBe(0.3745401188473625);
});

test('normal numbers are those of NumPy’s legacy generator for the same seed', () => {
  const random = new NumpyRandom(0);
  const drawn = [random.normal(), random.normal(), random.normal()];
  [1.764052345967664, 0.4001572083672233, 0.9787379841057392].forEach((value, i) => expect(drawn[i]).toBeCloseTo(value, 14));
});

test('sequence lengths are uniform on 1 … 99', () => {
  const random = new NumpyRandom(3);
  const counts = new Int32Array(101);
  for (let i = 0; i < 20_000; i++) counts[random.sequenceLength()]++;
  expect(counts[0] + counts[100]).toBe(0);
  // 202 expected in each, standard deviation 14
  expect(Math.min(...counts.slice(1, 100))).toBeGreaterThan(140);
  expect(Math.max(...counts)).toBeLessThan(270);
});
