import type { ObservedState } from '../../run/contract';

/** Whether there is something to go on with that needs no decision and no data first. */
export function isResumable(state: ObservedState): boolean {
  return state === 'stopped' || state === 'interrupted' || state === 'failed';
}
