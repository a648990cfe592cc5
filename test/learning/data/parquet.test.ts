import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinBatches } from '../../../src/learning/data/batch';
import { readBatch, writeBatch } from '../../../src/learning/data/parquet';
import { tankBatch, tankEpisode } from '../tank';

test('a batch read back is the same to the last bit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 1, maxLength: 5 }), fc.array(fc.double(), { minLength: 6, maxLength: 6 }), async (lengths, values) => {
      const batch = tankBatch(lengths.map((frames, i) => tankEpisode(frames, i, i % 2, i)));
      batch.episodes[0].states.set(values);
      batch.episodes[0].rewards[1] = -0;
      const read = await readBatch(writeBatch(batch));
      expect(read).toEqual(batch);
      expect(Object.is(read.episodes[0].rewards[1], -0)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('the same batch gives the same bytes', () => {
  const batch = tankBatch([tankEpisode(50, 1), tankEpisode(50, 2, 1, 3)]);
  expect(Buffer.from(writeBatch(batch)).equals(Buffer.from(writeBatch(structuredClone(batch))))).toBe(true);
});

test('a batch of many rows and an empty one come back as well', async () => {
  const long = tankBatch([tankEpisode(70_000, 1), tankEpisode(70_000, 2)]);
  expect(await readBatch(writeBatch(long))).toEqual(long);
  expect(await readBatch(writeBatch(tankBatch([])))).toEqual(tankBatch([]));
});

test('a file that is no batch is refused with advice', async () => {
  await expect(readBatch(new TextEncoder().encode('not a parquet file').buffer)).rejects.toThrow(/not a batch/);
  await expect(readBatch(writeBatch(tankBatch([tankEpisode(9, 1)])).slice(0, 200))).rejects.toThrow(/not a batch/);
});

test('a variable may not take the name of a row column', () => {
  expect(() => writeBatch({ stateNames: ['step'], actionNames: [], episodes: [] })).toThrow(/step/);
});

test('batches with other columns do not join', () => {
  const batch = tankBatch([tankEpisode(3, 1)]);
  expect(joinBatches(batch, batch).episodes).toHaveLength(2);
  expect(() => joinBatches(batch, { ...batch, actionNames: ['heater', 'pump'] })).toThrow(/same columns/);
});
