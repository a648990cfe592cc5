import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunReader } from '../../src/run/reader';
import { makeRequest } from '../../src/run/requests';
import { fingerprints } from '../trainer/processes';
import { at, BRIEF, type Exit, listens, once, Rig } from './rig';

const longMs = 300_000;
const built = fileURLToPath(new URL('../../dist', import.meta.url));
let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(built);
}, longMs);
afterAll(() => rig.dispose());

describe.concurrent('two trainers', () => {
  test('never write to one run: of three that resume it at once, one works, and the others find it at work or finished', async () => {
    await rig.killInside('raced', 1, 'searching', 0.3);
    const exits = await Promise.all([1, 2, 3].map(() => rig.attempt('raced')));
    expect(exits.some(({ code }) => code === 0)).toBe(true);
    for (const { code, stderr } of exits) expect([code, stderr]).toEqual(code === 0 ? [0, ''] : [2, expect.stringContaining('is at work here')]);
    const { events, state } = attempts('raced');
    expect(events.filter((event) => event.type === 'attempt-started')).toHaveLength(2);
    expect(state).toBe('done');
    expect(await rig.problems('raced')).toEqual([]);
  }, longMs);

  test('never make one run: of three that begin it at once, one does', async () => {
    const exits = await Promise.all([1, 2, 3].map(() => rig.attempt('made')));
    expect(exits.map(({ code }) => code).toSorted()).toEqual([0, 2, 2]);
    for (const { stderr } of exits.filter(({ code }) => code === 2)) expect(stderr).toMatch(/is at work here|already holds a run|is not empty/);
    expect(fingerprints(rig.at('made'))).toEqual(rig.whole);
  }, longMs);

  test.runIf(process.platform === 'linux')('one that waits for the lock leaves with 75 at SIGTERM, and disturbs nobody', async () => {
    const second: Promise<Exit>[] = [];
    const call = once(at(1, 'modelling', 50), () => {
      second.push(rig.attempt('waiting', { begun: (waiting) => void listens(waiting).then(() => waiting.kill('SIGTERM')) }));
    });
    expect((await rig.attempt('waiting', { react: call })).code).toBe(0);
    const [{ code, signal }] = await Promise.all(second);
    // 0 when the other one was that quick
    expect([0, 75], String(signal)).toContain(code);
    expect(await rig.problems('waiting')).toEqual([]);
  }, longMs);

  test('a lock is stale when its process is gone, also when another process has its number now', async () => {
    await rig.killInside('stale', 1, 'modelling', 0.3);
    const claim = join(rig.at('stale'), 'lock', '000001.json');
    writeFileSync(claim, readFileSync(claim, 'utf8').replace(/"pid":\d+/, `"pid":${process.pid}`));
    expect(RunReader.open(rig.at('stale')).state()).toBe('interrupted');
    expect(await rig.problems('stale')).toEqual([]);
  }, longMs);
});

describe.concurrent('from its first moment on', () => {
  // before the worker is there, and while it begins
  test.runIf(process.platform === 'linux').each([0, 1, 2])('SIGTERM ends a trainer with 75 and a run that can be resumed (as soon as it listens, then at event %i)', async (seq) => {
    const run = `early-${seq}`;
    const terminate = (trainer: ChildProcess): void => void trainer.kill('SIGTERM');
    const interference = seq === 0 ? { begun: (trainer: ChildProcess) => void listens(trainer).then(() => terminate(trainer)) } : { react: once((event) => event.seq === seq, terminate) };
    const { code, signal, stderr } = await rig.attempt(run, interference);
    expect([code, signal, stderr]).toEqual([75, null, '']);
    expect(attempts(run).events.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped', exitCode: 75 });
    expect(await rig.problems(run)).toEqual([]);
  }, longMs);

  test('a stdin that ends at once stops an attached trainer, with 75', async () => {
    const { code, stderr } = await rig.attempt('unattended', { attached: true, begun: (trainer) => trainer.stdin?.end() });
    expect([code, stderr]).toEqual([75, '']);
    expect(await rig.problems('unattended')).toEqual([]);
  }, longMs);

  test('one whose stderr nobody reads any more still leaves as it should', async () => {
    const leave = once(at(1, 'searching', 10), (trainer) => {
      trainer.stderr?.destroy();
      makeRequest(rig.at('unread'), 'stop-now');
    });
    expect((await rig.attempt('unread', { react: leave })).code).toBe(0);
    expect(await rig.problems('unread')).toEqual([]);
  }, longMs);
});

describe.concurrent('a stop', () => {
  test('now leaves also a phase that has no place to leave, within its patience', async () => {
    // long rollouts through large models, between whose steps nobody looks
    const slow = Rig.of(built, BRIEF.replace('evaluateSteps: 25', 'evaluateSteps: 8000').replace('members: 2, hidden: [8]', 'members: 2, hidden: [128, 128]'));
    try {
      const begun: number[] = [];
      const { code } = await slow.attempt('slow', { react: once((event) => event.type === 'phase-started' && event.phase === 'predicting', () => {
        begun.push(performance.now());
        makeRequest(slow.at('slow'), 'stop-now');
      }) });
      expect(code).toBe(0);
      expect(begun).toHaveLength(1);
      const { events } = RunReader.open(slow.at('slow'));
      expect(events.filter((event) => event.type === 'request-handled')).toMatchObject([{ kind: 'stop-now', outcome: 'done' }]);
      expect(events.at(-1)).toMatchObject({ type: 'attempt-ended', state: 'stopped' });
    } finally {
      slow.dispose();
    }
  }, longMs);

  test('asked of a run whose process was killed says that there is nothing to stop', async () => {
    await rig.killInside('dead', 1, 'searching', 0.3);
    for (const words of [['stop'], ['stop', '--now']]) {
      const { code, stdout } = await rig.ibrl(...words, rig.at('dead'));
      expect([code, stdout]).toEqual([0, expect.stringContaining('is not at work: interrupted. There is nothing to stop.')]);
    }
    expect(existsSync(join(rig.at('dead'), 'control')), 'no request is left for the next attempt').toBe(false);
    expect(await rig.problems('dead')).toEqual([]);
  }, longMs);

  test('left from before an attempt stops it no more', async () => {
    await rig.killInside('expired', 1, 'searching', 0.3);
    makeRequest(rig.at('expired'), 'stop-now');
    expect(await rig.problems('expired')).toEqual([]);
    expect(attempts('expired').events.filter((event) => event.type === 'request-handled')).toMatchObject([{ kind: 'stop-now', outcome: 'expired' }]);
  }, longMs);
});

describe.concurrent('a run', () => {
  test('that awaits approval: whatever is asked, only a decision takes it on', async () => {
    const manual = Rig.of(built, BRIEF.replace('deployment: {', 'deployment: { approval: manual,').replace('iterations: 2', 'iterations: 1'));
    try {
      const run = manual.at('manual');
      expect((await manual.attempt('manual')).code).toBe(0);
      expect((await manual.ibrl('stop', run)).stdout).toContain('is not at work: awaiting-approval');
      for (const kind of ['stop-now', 'stop-after-iteration', 'approve', 'add-data'] as const) makeRequest(run, kind);
      // the attempt that comes expires the stops, refuses what a trainer does not take, and waits again
      expect((await manual.attempt('manual')).code).toBe(0);
      const { events, state } = attemptsOf(run);
      expect(state).toBe('awaiting-approval');
      expect(events.filter((event) => event.type === 'request-handled').map(({ kind, outcome }) => `${kind} ${outcome}`).filter((answer) => !/^(approve|add-data) refused$/.test(answer)).toSorted()).toEqual(['stop-after-iteration expired', 'stop-now expired']);
      // killed while the decision is taken in
      expect((await manual.ibrl('approve', run)).code).toBe(0);
      expect((await manual.attempt('manual', { fault: 'named 1' })).signal).toBe('SIGKILL');
      expect((await manual.attempt('manual')).code).toBe(0);
      expect(attemptsOf(run).state).toBe('done');
      const bits = fingerprints(run);
      for (const file of Object.keys(bits)) if (file !== '001/decision.json') expect(bits[file], file).toBe(rig.whole[file]);
    } finally {
      manual.dispose();
    }
  }, longMs);

  test('whose worker needs more memory than it may have ends with a sentence, and with more it is resumed', async () => {
    const { code, stderr } = await rig.attempt('memory', { env: { NODE_OPTIONS: '--max-old-space-size=8' } });
    expect([code, stderr]).toEqual([1, expect.stringContaining('needed more memory than it may have')]);
    expect(attempts('memory').events.at(-2)).toMatchObject({ type: 'failed', code: 'out-of-memory' });
    expect(await rig.problems('memory')).toEqual([]);
  }, longMs);

  test('is done no harm by a clock that jumps by years, forwards and backwards', async () => {
    const preload = join(rig.folder, 'jumpingClock.cjs');
    writeFileSync(preload, `
      const Real = Date;
      let calls = 0;
      const now = () => Real.now() + [0, 3e11, -3e11, 86_400_000, -1000][calls++ % 5];
      globalThis.Date = class extends Real {
        constructor(...given) { super(...(given.length > 0 ? given : [now()])); }
        static now() { return now(); }
      };
    `);
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    const kill = once(at(2, 'modelling', 300), (trainer) => trainer.kill('SIGKILL'));
    expect((await rig.attempt('clock', { env, react: kill })).signal).toBe('SIGKILL');
    expect((await rig.attempt('clock', { env })).code).toBe(0);
    const times = attempts('clock').events.map((event) => Date.parse(event.time));
    expect(Math.max(...times) - Math.min(...times), 'the clock did jump').toBeGreaterThan(5e11);
    expect(await rig.problems('clock')).toEqual([]);
  }, longMs);

  test('may be killed with two threads and resumed with one', async () => {
    const kill = once(at(1, 'searching', 30), (trainer) => trainer.kill('SIGKILL'));
    expect((await rig.attempt('threads', { threads: 2, react: kill })).signal).toBe('SIGKILL');
    expect(await rig.problems('threads')).toEqual([]);
  }, longMs);
});

function attemptsOf(folder: string): { readonly events: RunReader['events']; readonly state: string } {
  const reader = RunReader.open(folder);
  return { events: reader.events, state: reader.state() };
}

function attempts(run: string): ReturnType<typeof attemptsOf> {
  return attemptsOf(rig.at(run));
}
