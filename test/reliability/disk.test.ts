import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EventFollower } from '../../src/run/eventFollower';
import { RunReader } from '../../src/run/reader';
import { at, once, Rig } from './rig';

const longMs = 300_000;
let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(fileURLToPath(new URL('../../dist', import.meta.url)));
}, longMs);
afterAll(() => rig.dispose());

/** Deletes a folder that a process still makes files in: what it makes behind the deletion's back is deleted in turn. */
function removeWhileWritten(folder: string): void {
  while (existsSync(folder)) {
    try {
      rmSync(folder, { recursive: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

/** Mounts and unmounts, which needs root. */
class SmallDisk {
  readonly path = join(rig.folder, 'disk');

  /** @returns why it could not be mounted, null when it was */
  mount(bytes: string): string | null {
    mkdirSync(this.path, { recursive: true });
    return this.try('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.path);
  }

  remount(...options: readonly string[]): void {
    const problem = this.try('mount', '-o', ['remount', ...options].join(','), this.path);
    if (problem !== null) throw new Error(problem);
  }

  unmount(): void {
    this.try('umount', this.path);
  }

  private try(command: string, ...words: readonly string[]): string | null {
    const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
    return status === 0 ? null : (error?.message ?? stderr.trim());
  }
}

describe('a small disk', () => {
  let disk: SmallDisk;
  beforeAll(() => void (disk = new SmallDisk()));
  afterEach(() => disk.unmount());

  // from a disk that holds little more than the first events to one that holds most of the run
  test.each(['24k', '200k', '600k'])('of %s that is full ends the run with a sentence; with more space it is resumed to the same bits', async (size) => {
    const problem = disk.mount(size);
    if (problem !== null) return skipped(`no tmpfs can be mounted here (${problem}); a full disk is tested by faults alone`);
    const run = join(disk.path, 'run');
    const { code, stderr } = await rig.attempt('full', {}, run);
    expect(stderr).toMatch(/^No space is left to write .*Free some space, then resume the run\.$/m);
    expect(code).toBe(1);
    // and once more, as long as nobody has freed any
    if (existsSync(join(run, 'run.json'))) expect((await rig.ibrl('resume', run)).stderr).toContain('No space is left');
    disk.remount('size=64m');
    expect(await rig.problems('full', run)).toEqual([]);
  }, longMs);

  test('that is read-only is told as such, by train and by resume; writable again, the run goes on', async () => {
    const problem = disk.mount('64m');
    if (problem !== null) return skipped(`no tmpfs can be mounted here (${problem})`);
    const run = join(disk.path, 'run');
    await rig.attempt('', { react: once(at(1, 'modelling', 100), (trainer) => trainer.kill('SIGKILL')) }, run);
    disk.remount('ro');
    for (const exit of [await rig.ibrl('resume', run), await rig.attempt('', {}, join(disk.path, 'other'))]) {
      expect(exit.code).toBe(1);
      expect(exit.stderr).toMatch(/^\S+ cannot be written\. Allow writing to its folder or choose another one\.$/m);
    }
    expect((await rig.ibrl('show', run)).code, 'it can still be looked at').toBe(0);
    disk.remount('rw');
    expect(await rig.problems('', run)).toEqual([]);
  }, longMs);
});

test.skipIf(process.getuid?.() === 0)('a folder without the right to write in it is told as such', async () => {
  mkdirSync(rig.at('forbidden'));
  chmodSync(rig.at('forbidden'), 0o555);
  const { code, stderr } = await rig.attempt('', {}, rig.at('forbidden/run'));
  expect([code, stderr]).toEqual([1, expect.stringContaining('cannot be written')]);
});

describe.concurrent('a disk that refuses once, and then takes everything again:', () => {
  // 9: in the middle of the searched policies, with all that follows computed already
  test.each(['write 4 ENOSPC', 'write 9 EIO', 'rename 20 EROFS', 'append 300 ENOSPC'])('%s', async (fault) => {
    const run = fault.replaceAll(' ', '-');
    const { code, stderr } = await rig.attempt(run, { fault });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/No space is left|cannot be written|a fault that a test asked for/);
    const events = new EventFollower(join(rig.at(run), 'events.ndjson')).poll();
    expect(events.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'failed', exitCode: 1 });
    expect(events.findLast((event) => event.type === 'failed')).toMatchObject({ message: stderr.trim() });
    expect(await rig.problems(run)).toEqual([]);
  }, longMs);
});

describe.concurrent('a run folder', () => {
  test('that is moved ends its trainer with a sentence, and goes on where it is now', async () => {
    const move = once(at(1, 'searching', 10), () => renameSync(rig.at('moving'), rig.at('moved')));
    const { code, stderr } = await rig.attempt('moving', { react: move });
    expect([code, stderr.trim()]).toEqual([1, `The run folder ${rig.at('moving')} is not there any more. Was it moved or deleted?`]);
    expect(existsSync(rig.at('moving')), 'it was not made again').toBe(false);
    expect(await rig.problems('moved')).toEqual([]);
  }, longMs);

  test('that is deleted ends its trainer with a sentence, and stays deleted', async () => {
    const remove = once(at(1, 'modelling', 100), () => removeWhileWritten(rig.at('deleted')));
    const { code, stderr } = await rig.attempt('deleted', { react: remove });
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^\S.* is not there any more\. Was (it|its folder) moved or deleted\?$/);
    expect(stderr).toContain(rig.at('deleted'));
    expect(existsSync(rig.at('deleted'))).toBe(false);
    expect((await rig.ibrl('resume', rig.at('deleted'))).code).toBe(2);
  }, longMs);

  test('that lost what was not yet on the disk when the power went is resumed to the same bits', async () => {
    // before the search's last file has its event: the policies have their events, and nobody has waited for the disk since the models
    const { signal } = await rig.attempt('power', { fault: `named ${rig.filesBefore(1, 'searching') + 4}` });
    expect(signal).toBe('SIGKILL');
    const { fold } = RunReader.open(rig.at('power'));
    const unsynced = [...fold.files.values()].filter((file) => file.seq > (fold.toldOf('phase-ended').at(-1)?.seq ?? 0));
    expect(unsynced.map((file) => file.path)).toEqual(['iterations/001/policies/policy-1.json', 'iterations/001/policies/policy-2.json', 'iterations/001/policies/probe.json']);
    truncateSync(join(rig.at('power'), unsynced[0].path), 0);
    truncateSync(join(rig.at('power'), unsynced[1].path), 10);
    rmSync(join(rig.at('power'), unsynced[2].path));
    expect(await rig.problems('power')).toEqual([]);
  }, longMs);

  test('in which a finished file was changed or is missing is refused, needed again or not, and nothing is written over it', async () => {
    await rig.attempt('changed', { react: once(at(1, 'searching', 10), (trainer) => trainer.kill('SIGKILL')) });
    const [models, reliability] = ['models.json', 'reliability.json'].map((name) => join(rig.at('changed'), 'iterations/001', name));
    const refused = async (sentence: string): Promise<void> => {
      const { code, stderr } = await rig.ibrl('resume', rig.at('changed'));
      expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
    };
    const bytes = readFileSync(models);
    truncateSync(models, 100);
    await refused('models.json is not what the run wrote. Restore it, or train again.');
    expect(readFileSync(models)).toHaveLength(100);
    writeFileSync(models, bytes);
    rmSync(reliability);
    await refused('reliability.json is missing from the run');
    expect(existsSync(reliability)).toBe(false);
  }, longMs);
});

function skipped(why: string): void {
  process.stderr.write(`not tested: ${why}\n`);
}
