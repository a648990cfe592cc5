import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phases } from '../../src/run/contract';
import { faultPoints } from '../../src/run/faults';
import { RunReader } from '../../src/run/reader';
import { at, type Interference, once, phaseLeft, Rig, SEARCHING } from './rig';

const built = fileURLToPath(new URL('../../dist', import.meta.url));
/** only for what hangs: on two cores that are free all of it takes about a minute */
const longMs = 600_000;
let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(built);
}, longMs);
afterAll(() => rig.dispose());

/** What is wrong with a run after a resume; it is removed when that is nothing. */
async function problems(run: string): Promise<string[]> {
  const found = await rig.problems(run);
  if (found.length === 0) rig.remove(run);
  return found;
}

describe.concurrent('killed and resumed, a run ends in the bits of one that nobody disturbed:', () => {
  test.each(phases)('kill -9 at five instants inside %s', async (phase) => {
    // an instant may miss its phase when this machine is busy: it counts for another phase, and the next one is taken
    for (let [inside, instant] = [0, 0]; inside < 5; instant++) {
      expect(instant, `instants of which ${inside} were inside`).toBeLessThan(25);
      const run = `inside-${phase}-${instant}`;
      const iteration = phase === 'collecting' ? 1 : 1 + (instant % 2);
      const share = [0.05, 0.5, 0.3, 0.75, 0.15][instant % 5];
      const { signal } = await rig.killInside(run, iteration, phase, share);
      if (signal === 'SIGKILL' && phaseLeft(rig.at(run)) === phase) inside++;
      expect(await problems(run), `${phase} of iteration ${iteration}, at ${share}`).toEqual([]);
    }
  }, longMs);

  test.each(faultPoints)('kill -9 within %s', async (point) => {
    const files = Object.keys(rig.whole).length;
    // the first two writes make the run itself; then some in the middle, and the last. Of the events also the end of the
    // models, whose files are there by then
    const modelled = rig.events.findIndex(({ event }) => event.type === 'phase-ended' && event.phase === 'modelling') + 1;
    const counts = { write: [1, 2, 3, 6, files], rename: [2, 4, 12, files + 2], named: [1, 2, 11, files], append: [1, 2, modelled, Math.floor(rig.events.length * 0.6), rig.events.length - 1] }[point];
    for (const count of counts) {
      const run = `${point}-${count}`;
      const { signal } = await rig.attempt(run, { fault: `${point} ${count}` });
      expect(signal, `${point} ${count}`).toBe('SIGKILL');
      expect(await problems(run), `${point} ${count}`).toEqual([]);
    }
  }, longMs);
});

describe.concurrent('a search that left a checkpoint', () => {
  let long: Rig;
  beforeAll(async () => {
    long = await Rig.create(built, SEARCHING);
  }, longMs);
  afterAll(() => long.dispose());
  const stopAt = (done: number): Interference => ({ react: once(at(1, 'searching', done), (trainer) => trainer.kill('SIGTERM')) });

  test.each(['write', 'rename', 'named'] as const)('kill -9 within the %s of one, and once more behind another one', async (point) => {
    const run = `checkpoint-${point}`;
    // two files make the run, but are not named by events
    const count = long.filesBefore(1, 'searching') + (point === 'named' ? 1 : 3);
    expect((await long.attempt(run, { ...stopAt(20), fault: `${point} ${count}` })).signal).toBe('SIGKILL');
    expect((await long.attempt(run, stopAt(40))).code).toBe(75);
    expect(RunReader.open(long.at(run)).fold.newestFile('checkpoint/')).not.toBeNull();
    expect((await long.attempt(run, { fault: 'append 30' })).signal).toBe('SIGKILL');
    expect(await long.problems(run)).toEqual([]);
  }, longMs);

  test('goes on without it when it is damaged', async () => {
    expect((await long.attempt('damaged', stopAt(40))).code).toBe(75);
    truncateSync(join(long.at('damaged'), RunReader.open(long.at('damaged')).fold.newestFile('checkpoint/')?.path ?? ''), 100);
    expect(await long.problems('damaged')).toEqual([]);
  }, longMs);
});

test('a torn last line is healed', async () => {
  expect((await rig.attempt('torn', { fault: 'append 100' })).signal).toBe('SIGKILL');
  const log = join(rig.at('torn'), 'events.ndjson');
  expect(readFileSync(log, 'utf8').endsWith('\n')).toBe(false);
  appendFileSync(log, '\0\0\0');
  expect(await problems('torn')).toEqual([]);
});

test('before it is a run there is nothing to resume, and a run can be made in its place', async () => {
  expect((await rig.attempt('unborn', { fault: 'rename 2' })).signal).toBe('SIGKILL');
  expect(existsSync(join(rig.at('unborn'), 'run.json'))).toBe(false);
  const { code, stderr } = await rig.ibrl('resume', rig.at('unborn'));
  expect(code).toBe(2);
  expect(stderr).toContain('neither a folder with a run.json');
  expect(await problems('unborn')).toEqual([]);
});

test('the command for a long night ends runs at random, counts how, and finds the bits of each equal', () => {
  const script = fileURLToPath(new URL('../../scripts/test-kill.mjs', import.meta.url));
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, '--built', built, '--rounds', '2', '--jobs', '1'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^2 rounds \(seed 1, 1 at a time\) in \d+ s on .*: 0 failed\.\n\n\| the run was ended \| times \|\n\|---\|---\|\n(\| [ -~]+ \| \d+ \|\n)+$/);
}, longMs);
