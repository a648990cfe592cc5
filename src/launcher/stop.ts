import { setTimeout as sleep } from 'node:timers/promises';
import type { ObservedState, RunRequest } from '../run/contract';
import { RunReader } from '../run/reader';
import { makeRequest } from '../run/requests';

/**
 * Asks a run to stop: after this iteration, or now with a checkpoint.
 * @returns the request, or null when nobody works on the run and there is nothing to stop
 * @throws RunError not-a-run, not-writable
 */
export function requestStop(folder: string, when: 'after-iteration' | 'now'): RunRequest | null {
  if (!RunReader.open(folder).isLive()) return null;
  return makeRequest(folder, when === 'now' ? 'stop-now' : 'stop-after-iteration');
}

/**
 * Waits until nobody works on a run any more.
 * @param pollMs between two looks
 * @param signal ends the waiting early
 * @returns the state then
 */
export async function waitForEnd(folder: string, pollMs: number, signal?: AbortSignal): Promise<ObservedState> {
  const reader = RunReader.open(folder);
  while (reader.isLive() && signal?.aborted !== true) await sleep(pollMs);
  reader.refresh();
  return reader.state();
}
