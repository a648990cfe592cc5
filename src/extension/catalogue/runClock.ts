import { type Phase, phases, type RunEvent } from '../../run/contract';

/** How an iteration's time is usually spent, until this run has shown its own. */
const usualShares: Readonly<Record<Phase, number>> = { collecting: 0.01, modelling: 0.4, searching: 0.45, predicting: 0.04, deploying: 0.02, evaluating: 0.08 };

export interface Timing {
  readonly shares: { readonly phase: Phase; readonly share: number }[];
  readonly elapsedMs: number;
  readonly remainingMs: number | null;
}

/**
 * Follows a run's events for what a person wants to know of time: worked so far, and about how much is left. Waiting for a
 * person or for recordings is no work. Only to be shown: nothing of a run depends on it.
 */
export class RunClock {
  private workedMs = 0;
  private attemptBegan = 0;
  private lastTime = 0;
  private readonly began = new Map<Phase, number>();
  /** measured durations, newest iteration's, ms */
  private readonly lasted = new Map<Phase, number>();
  private position: { readonly iteration: number; readonly phase: Phase; readonly share: number } | null = null;
  private live = false;

  add(event: RunEvent): void {
    const time = Date.parse(event.time);
    if (Number.isNaN(time)) return;
    switch (event.type) {
      case 'attempt-started':
        this.attemptBegan = time;
        this.live = true;
        break;
      case 'attempt-ended':
        this.workedMs += Math.max(0, time - this.attemptBegan);
        this.live = false;
        break;
      case 'phase-started':
        this.began.set(event.phase, time);
        this.position = { iteration: event.iteration, phase: event.phase, share: 0 };
        break;
      case 'phase-ended':
        this.end(event.phase, time, event.iteration);
        break;
      case 'progress':
        this.position = { iteration: event.iteration, phase: event.phase, share: event.total > 0 ? Math.min(1, event.done / event.total) : 0 };
        break;
      default:
        break;
    }
    this.lastTime = Math.max(this.lastTime, time);
  }

  private end(phase: Phase, time: number, iteration: number): void {
    const start = this.began.get(phase);
    if (start !== undefined) this.lasted.set(phase, Math.max(1, time - start));
    this.position = { iteration, phase, share: 1 };
  }

  /**
   * @param iterations of the run
   * @param running whether somebody works on it now
   * @param now ms since 1970, of the clock that the events were written by
   */
  timing(iterations: number, running: boolean, now: number): Timing {
    const durations = phases.map((phase) => ({ phase, ms: this.expected(phase) }));
    const sum = durations.reduce((total, { ms }) => total + ms, 0);
    const shares = durations.map(({ phase, ms }) => ({ phase, share: ms / sum }));
    const elapsedMs = this.workedMs + (this.live ? Math.max(0, (running ? now : this.lastTime) - this.attemptBegan) : 0);
    return { shares, elapsedMs, remainingMs: running ? this.remaining(durations, sum, iterations) : null };
  }

  /** Of this run where it is known; else by the usual share and what is known. */
  private expected(phase: Phase): number {
    const own = this.lasted.get(phase);
    if (own !== undefined) return own;
    const known = [...this.lasted].filter(([name]) => name !== 'collecting');
    const knownMs = known.reduce((total, [, ms]) => total + ms, 0);
    const knownShare = known.reduce((total, [name]) => total + usualShares[name], 0);
    return usualShares[phase] * (knownShare > 0 ? knownMs / knownShare : 1_000);
  }

  /** Nothing is said before the first model is fitted: a guess from nothing is no help. */
  private remaining(durations: readonly { readonly phase: Phase; readonly ms: number }[], sum: number, iterations: number): number | null {
    const { position } = this;
    if (position === null || !this.lasted.has('modelling')) return null;
    const at = phases.indexOf(position.phase);
    const later = durations.slice(at + 1).reduce((total, { ms }) => total + ms, 0);
    return (1 - position.share) * durations[at].ms + later + (iterations - position.iteration) * (sum - durations[0].ms);
  }
}
