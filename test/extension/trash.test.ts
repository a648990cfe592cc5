import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findRuns } from '../../src/launcher/adopt';
import { emptyTrash, takeBack, throwAway, thrownAway } from '../../src/extension/trash';
import { RunWriter } from '../../src/run/writer';
import { facts, newRun, temporaryFolder } from '../run/helpers';

function runIn(workspace: string): { readonly folder: string; readonly writer: RunWriter } {
  const folder = join(workspace, '.ibrl', 'runs', newRun.id);
  mkdirSync(folder, { recursive: true });
  return { folder, writer: RunWriter.create(folder, newRun, facts) };
}

test('a run that is thrown away is no run any more, and comes back as it was', () => {
  const workspace = temporaryFolder();
  const { folder, writer } = runIn(workspace);
  writer.end('stopped', 0);
  const before = findRuns(workspace).runs;
  const place = throwAway(folder);
  expect(findRuns(workspace).runs).toEqual([]);
  expect(thrownAway(join(workspace, '.ibrl'))).toEqual([place]);
  takeBack(place, folder);
  expect(findRuns(workspace).runs).toEqual(before);
  expect(thrownAway(join(workspace, '.ibrl'))).toEqual([]);
});

test('a run that is at work is not thrown away', () => {
  const { folder, writer } = runIn(temporaryFolder());
  onTestFinished(() => writer.end('stopped', 0));
  expect(() => throwAway(folder)).toThrow('Stop it first');
  expect(existsSync(folder)).toBe(true);
});

test('a run does not come back over another one', () => {
  const workspace = temporaryFolder();
  const first = runIn(workspace);
  first.writer.end('stopped', 0);
  const place = throwAway(first.folder);
  runIn(workspace).writer.end('stopped', 0);
  expect(() => takeBack(place, first.folder)).toThrow('taken');
  expect(existsSync(place)).toBe(true);
});

test('an emptied trash is empty', () => {
  const workspace = temporaryFolder();
  const { folder, writer } = runIn(workspace);
  writer.end('stopped', 0);
  throwAway(folder);
  emptyTrash(join(workspace, '.ibrl'));
  expect(thrownAway(join(workspace, '.ibrl'))).toEqual([]);
  emptyTrash(join(workspace, '.ibrl'));
});

test('a run in a place of its own goes into a trash beside it', () => {
  const workspace = temporaryFolder();
  const folder = join(workspace, 'mine');
  mkdirSync(folder);
  RunWriter.create(folder, newRun, facts).end('stopped', 0);
  expect(throwAway(folder)).toBe(join(workspace, '.ibrl', 'trash', basename(folder)));
});
