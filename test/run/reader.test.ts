import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EventFollower } from '../../src/run/eventFollower';
import { RunReader } from '../../src/run/reader';
import { RunWriter } from '../../src/run/writer';
import { facts, newRun, temporaryFolder } from './helpers';

test('a long log is parsed by at most 32 KiB in a turn, and all of it is there in the end', async () => {
  const folder = join(temporaryFolder(), newRun.id);
  const writer = RunWriter.create(folder, newRun, facts);
  for (let done = 1; done <= 1_000; done++) writer.append({ type: 'progress', iteration: 1, phase: 'searching', done, total: 1_000, metrics: { return: -1 / done } });
  writer.end('stopped', 0);
  let turn = 0;
  let opening = true;
  const bytesByTurn = new Map<number, number>();
  const next = (): void => {
    turn++;
    if (opening) setImmediate(next);
  };
  setImmediate(next);
  const original = EventFollower.prototype.poll;
  const poll = vi.spyOn(EventFollower.prototype, 'poll').mockImplementation(function (this: EventFollower, most?: number) {
    const before = this.parsed;
    const events = original.call(this, most);
    bytesByTurn.set(turn, (bytesByTurn.get(turn) ?? 0) + this.parsed - before);
    return events;
  });
  onTestFinished(() => poll.mockRestore());
  const reader = await RunReader.openInPieces(folder);
  opening = false;
  expect(Math.max(...bytesByTurn.values())).toBeLessThanOrEqual(32 << 10);
  expect(reader.events).toEqual(RunReader.open(folder).events);
  expect(reader.progress(1)).toHaveLength(1_000);
});
