import type { ObservedState } from '../../run/contract';

/** What the side panel shows in full is what a person most likely asks about. */
const urgency: Readonly<Record<ObservedState, number>> = { running: 0, 'awaiting-approval': 1, 'awaiting-data': 1, failed: 2, interrupted: 2, stopped: 2, done: 2 };

/**
 * The run to show in full: one that is at work, else one that waits for a person, else the newest.
 * @param runs newest first
 */
export function chooseRun<Run extends { readonly state: ObservedState }>(runs: readonly Run[]): Run | null {
  return runs.toSorted((a, b) => urgency[a.state] - urgency[b.state]).at(0) ?? null;
}
