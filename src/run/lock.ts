import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { sentence } from '../sentence/sentence';
import { makeFolder } from './atomicFile';
import type { Claim } from './claim';
import { claimNumbers, createClaim, isNewest, newestClaim, removeOlderClaims, rewriteClaim } from './claim';
import { ownIdentity, processState } from './processIdentity';
import { inputOutputError, RunError } from './runError';

/** A holder renews its claim this often. */
export const heartbeatMs = 2_000;
/** A holder that cannot be seen from here is taken for dead when its heartbeat stands still this long, on our clock. */
export const silenceMs = 60_000;

/** What an observer makes of a lock. `unknown`: only its heartbeat can tell, see `LockObserver`. */
export type LockState =
  | { readonly kind: 'free'; readonly number: number }
  | { readonly kind: 'held'; readonly holder: Claim }
  | { readonly kind: 'stale'; readonly number: number }
  | { readonly kind: 'unknown'; readonly number: number; readonly sign: string; readonly holder: Claim | null };

/** Looks at a lock once. @param folder the lock's own folder */
export function lockState(folder: string): LockState {
  const claim = newestClaim(folder);
  if (claim === null) return { kind: 'free', number: 0 };
  if ('unreadable' in claim) return { kind: 'unknown', number: claim.number, sign: 'unreadable', holder: null };
  if (claim.released) return { kind: 'free', number: claim.number };
  const state = processState(claim);
  if (state === 'alive') return { kind: 'held', holder: claim };
  if (state === 'gone') return { kind: 'stale', number: claim.number };
  return { kind: 'unknown', number: claim.number, sign: `${claim.token} ${claim.heartbeat}`, holder: claim };
}

/** Watches a lock over time, on a clock that nobody can set. */
export class LockObserver {
  private sign = '';
  private since = 0;

  /** @param clock milliseconds, monotonic: `performance.now` */
  constructor(
    private readonly folder: string,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** As `lockState`, but a heartbeat that stood still for 60 s between our own looks makes it stale. */
  look(): LockState {
    const state = lockState(this.folder);
    if (state.kind !== 'unknown') return state;
    const sign = `${state.number} ${state.sign}`;
    if (sign !== this.sign) {
      this.sign = sign;
      this.since = this.clock();
    }
    return this.clock() - this.since >= silenceMs ? { kind: 'stale', number: state.number } : state;
  }

  /** True when somebody works on the run, as far as one can see. */
  isLive(): boolean {
    const { kind } = this.look();
    return kind === 'held' || kind === 'unknown';
  }
}

/** A lock that this process holds. */
export class Lock {
  private claim: Claim;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  private constructor(
    private readonly folder: string,
    private readonly file: number,
    claim: Claim,
  ) {
    this.claim = claim;
  }

  /**
   * Takes the lock if it is free or its holder is dead.
   * @param folder the lock's own folder; made when missing, in a folder that is there
   * @param observer one that has watched the lock, when its holder may be on another machine
   * @throws RunError run-busy
   */
  static acquire(folder: string, options: { readonly attempt?: number; readonly observer?: LockObserver } = {}): Lock {
    try {
      makeFolder(folder, dirname(folder));
      const state = (options.observer ?? new LockObserver(folder)).look();
      if (state.kind === 'held' || state.kind === 'unknown') throw busy(folder, state.holder);
      // after the claim that we looked at, so that one made since is in our way
      const number = state.number + 1;
      const claim: Claim = {
        ...ownIdentity(),
        number,
        token: randomBytes(8).toString('hex'),
        attempt: options.attempt ?? 0,
        heartbeat: 0,
        released: false,
      };
      const file = createClaim(folder, claim);
      if (file === null) throw busy(folder, null);
      const lock = new Lock(folder, file, claim);
      // a number can only be behind when others came and went between our look and our claim
      if (claimNumbers(folder).at(-1) !== number) {
        lock.release();
        throw busy(folder, null);
      }
      removeOlderClaims(folder, number);
      return lock;
    } catch (error) {
      throw inputOutputError(error, folder);
    }
  }

  /** The attempt that readers see as the holder's. */
  get attempt(): number {
    return this.claim.attempt;
  }

  set attempt(attempt: number) {
    this.claim = { ...this.claim, attempt };
    this.beat();
  }

  /** Begins to count the heartbeat up, until `release`. Does not keep the process alive. */
  startHeartbeat(): void {
    this.timer ??= setInterval(() => this.beat(), heartbeatMs).unref();
  }

  /** False once somebody else has taken over, or the folder is gone: then nothing may be written any more. */
  isStillOwner(): boolean {
    return !this.closed && isNewest(this.folder, this.claim.number);
  }

  /** Leaves the lock to the next. Calling it again does nothing. */
  release(): void {
    if (this.closed) return;
    if (this.timer !== null) clearInterval(this.timer);
    this.claim = { ...this.claim, released: true };
    this.beat();
    this.closed = true;
    closeSync(this.file);
  }

  private beat(): void {
    this.claim = { ...this.claim, heartbeat: this.claim.heartbeat + 1 };
    try {
      rewriteClaim(this.file, this.claim);
    } catch {
      // a full disk cannot refuse bytes that are there already; whatever else it is, the next append will tell
    }
  }
}

function busy(folder: string, holder: Claim | null): RunError {
  const who = holder === null ? sentence('another process') : sentence('process {0} on {1}', String(holder.pid), holder.machine.split(' ')[0]);
  return new RunError('run-busy', sentence('{0} is at work here ({1}). Stop it first, or wait; if its machine is dead, try again in a minute.', who, folder));
}
