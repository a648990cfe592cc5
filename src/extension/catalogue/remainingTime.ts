import type { RunEvent } from '../../run/contract';
import { meanOf } from './mean';

/**
 * How long a run will still take, from how long its earlier iterations took: mean duration × iterations left − what
 * the present one has had. Pauses between attempts are not counted, since each iteration is timed within one attempt.
 *
 * @param events that counted, in order
 * @param iterations of the whole run
 * @param now milliseconds since the epoch, of the observer
 * @returns milliseconds; null before the first iteration has ended
 */
export function remainingMs(events: readonly RunEvent[], iterations: number, now: number): number | null {
  const durations: number[] = [];
  let begun: { readonly iteration: number; readonly attempt: number; readonly time: number } | null = null;
  let ended = 0;
  for (const event of events) {
    if (event.type !== 'phase-started' && event.type !== 'phase-ended') continue;
    const { iteration, attempt } = event;
    const time = Date.parse(event.time);
    if (begun === null || begun.iteration !== iteration || begun.attempt !== attempt) begun = { iteration, attempt, time };
    if (event.type === 'phase-ended' && event.phase === 'evaluating' && iteration >= 1) {
      durations.push(Math.max(0, time - begun.time));
      ended = Math.max(ended, iteration);
      begun = null;
    }
  }
  const mean = meanOf(durations);
  if (mean === null) return null;
  const spent = begun === null ? 0 : Math.max(0, now - begun.time);
  return Math.max(0, mean - spent) + mean * Math.max(0, iterations - ended - 1);
}
