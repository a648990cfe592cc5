import { setTimeout as sleep } from 'node:timers/promises';
import { Lock, LockObserver } from './lock';
import { RunError } from './runError';

/**
 * Takes a lock, waiting for a holder who is just going: one that was told to stop, or a machine that fell silent.
 * @param patienceMs how long to wait for a holder who is alive; a silent one is always watched for its full minute
 * @param isCalledOff asked between tries; true ends the waiting
 * @param beforeTry called before each try: what it sees was there before the lock was ours
 * @throws RunError run-busy
 */
export async function acquireLock(folder: string, patienceMs: number, beforeTry?: () => void, isCalledOff: () => boolean = () => false): Promise<Lock> {
  const observer = new LockObserver(folder);
  const begun = performance.now();
  const firstSign = observer.look();
  for (;;) {
    const state = observer.look();
    try {
      beforeTry?.();
      return Lock.acquire(folder, { observer });
    } catch (error) {
      const silent = state.kind === 'unknown' && firstSign.kind === 'unknown' && state.sign === firstSign.sign;
      const patient = !isCalledOff() && (silent || performance.now() - begun < patienceMs);
      if (!(error instanceof RunError && error.code === 'run-busy') || !patient) throw error;
    }
    await sleep(100);
  }
}
