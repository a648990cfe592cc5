import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Lock, LockObserver, lockState, silenceMs } from '../../src/run/lock';
import { isEarlierBoot } from '../../src/run/processIdentity';
import { buildScript } from './build';
import { temporaryFolder } from './helpers';

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('stdout is not a pipe');
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return data.toString().trim();
}

/** A lock whose holder is on a machine that we cannot see. */
function foreignLock(folder: string, heartbeat: number): void {
  mkdirSync(folder, { recursive: true });
  const claim = { heartbeat: String(heartbeat), machine: 'elsewhere', pid: 1, started: '1', token: 'abc', attempt: 3, released: false };
  writeFileSync(join(folder, '000005.json'), JSON.stringify(claim));
}

describe('a lock', () => {
  test('a process that lives keeps it, one that was killed loses it', async () => {
    const folder = temporaryFolder();
    const script = buildScript(join(import.meta.dirname, 'holdLock.ts'), folder);
    const place = join(folder, 'lock');
    const holder = spawn(process.execPath, [script, place], { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await firstLine(holder)).toBe('held');
    expect(lockState(place)).toMatchObject({ kind: 'held', holder: { pid: holder.pid, attempt: 1 } });
    expect(() => Lock.acquire(place)).toThrow(/Stop it first/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(lockState(place).kind).toBe('stale');
    const lock = Lock.acquire(place);
    expect(lock.isStillOwner()).toBe(true);
    lock.release();
  });

  test('of many processes that find it stale at once, exactly one gets it', async () => {
    const folder = temporaryFolder();
    const place = join(folder, 'lock');
    mkdirSync(place);
    // a process number that no system gives away
    const own = Lock.acquire(place);
    const claim = readFileSync(join(place, '000001.json'), 'utf8');
    own.release();
    writeFileSync(join(place, '000001.json'), claim.replace(/"pid":\d+/, '"pid":2147483647'));
    const script = buildScript(join(import.meta.dirname, 'raceLock.ts'), folder);
    const racers = Array.from({ length: 6 }, () => spawn(process.execPath, [script, place], { stdio: ['pipe', 'pipe', 'inherit'] }));
    await Promise.all(racers.map(firstLine));
    const outcomes = racers.map(firstLine);
    for (const racer of racers) racer.stdin.write('go\n');
    expect((await Promise.all(outcomes)).toSorted()).toEqual(['held', ...Array<string>(5).fill('run-busy')]);
    // until here they live, the winner with its lock
    for (const racer of racers) racer.stdin.end();
  });

  test('it is free after its release, and the next holder leaves one claim only', () => {
    const place = join(temporaryFolder(), 'lock');
    for (let i = 1; i <= 4; i++) {
      const lock = Lock.acquire(place);
      expect(readdirSync(place)).toEqual([`00000${i}.json`]);
      lock.release();
      lock.release();
    }
    expect(lockState(place)).toEqual({ kind: 'free', number: 4 });
  });

  test('what a process that died was writing aside is gone with the next holder, also under the same number', () => {
    const place = join(temporaryFolder(), 'lock');
    mkdirSync(place);
    writeFileSync(join(place, '000001.json.abc.aside'), '{');
    Lock.acquire(place).release();
    expect(readdirSync(place)).toEqual(['000001.json']);
  });

  test('who was superseded, or whose folder is gone, notices', () => {
    const place = join(temporaryFolder(), 'lock');
    const first = Lock.acquire(place);
    writeFileSync(join(place, '000002.json'), '{}');
    expect(first.isStillOwner()).toBe(false);
    rmSync(join(place, '000002.json'));
    expect(first.isStillOwner()).toBe(true);
    rmSync(place, { recursive: true });
    expect(first.isStillOwner()).toBe(false);
    first.release();
  });

  test('a superseded holder cannot spoil the claim of the next', () => {
    const place = join(temporaryFolder(), 'lock');
    const first = Lock.acquire(place);
    rmSync(place, { recursive: true });
    const second = Lock.acquire(place);
    const before = readFileSync(join(place, '000001.json'), 'utf8');
    first.attempt = 99;
    first.release();
    expect(readFileSync(join(place, '000001.json'), 'utf8')).toBe(before);
    second.release();
  });

  test('on another machine it is stale once its heartbeat stood still for a minute on our own clock', () => {
    const place = join(temporaryFolder(), 'lock');
    foreignLock(place, 1);
    let clock = 1_000_000;
    const observer = new LockObserver(place, () => clock);
    expect(observer.look().kind).toBe('unknown');
    clock += silenceMs - 1;
    expect(observer.isLive()).toBe(true);
    foreignLock(place, 2);
    expect(observer.isLive()).toBe(true);
    clock += silenceMs - 1;
    expect(observer.isLive()).toBe(true);
    expect(() => Lock.acquire(place, { observer })).toThrow(/at work/);
    clock += 1;
    expect(observer.look().kind).toBe('stale');
    const lock = Lock.acquire(place, { observer });
    expect(readdirSync(place)).toEqual(['000006.json']);
    lock.release();
  });

  test('of the same machine before it was started anew it is stale at once, but for containers, whose ids may be those of an image', () => {
    const at = (boot: string, { host = 'plant-pc', namespace = 'pid:[4026531836]', id = ' 3d12' } = {}): string => `${host} ${boot} ${namespace}${id}`;
    expect(isEarlierBoot(at('b1'), at('b2'))).toBe(true);
    expect(isEarlierBoot(at('b2'), at('b2'))).toBe(false);
    for (const other of [{ host: 'office-pc' }, { id: ' 77aa' }]) expect(isEarlierBoot(at('b1', other), at('b2'))).toBe(false);
    for (const both of [{ id: '' }, { namespace: 'pid:[4026532001]' }]) expect(isEarlierBoot(at('b1', both), at('b2', both))).toBe(false);
  });

  test('a claim that cannot be read counts as alive until it stood still for a minute', () => {
    const place = join(temporaryFolder(), 'lock');
    mkdirSync(place);
    writeFileSync(join(place, '000001.json'), '');
    let clock = 0;
    const observer = new LockObserver(place, () => clock);
    expect(observer.isLive()).toBe(true);
    clock += silenceMs;
    expect(observer.isLive()).toBe(false);
  });
});
