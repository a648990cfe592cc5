import type { ObservedState } from '../../run/contract';
import type { RunFold } from '../../run/runFold';

/** Whether there is something to go on with that needs no decision and no data first. */
export function isResumable(state: ObservedState): boolean {
  return state === 'stopped' || state === 'interrupted' || state === 'failed';
}

/** Whether recordings can join its iteration: it waits for them, or has some and has made nothing of them yet. */
export function takesRecordings(state: ObservedState, { takesMoreRecordings }: RunFold): boolean {
  return state === 'awaiting-data' || (isResumable(state) && takesMoreRecordings);
}
