import type { Phase } from './contract';

/** Progress events that one iteration may leave behind, at most. */
export const mostProgressEvents = 2_000;

/** How they are shared among the phases: the two long ones draw curves from theirs. Together with the last event of
 * each phase they stay below the whole. */
const budgets: Readonly<Record<Phase, number>> = {
  collecting: 100,
  modelling: 700,
  searching: 800,
  predicting: 100,
  deploying: 100,
  evaluating: 100,
};

/**
 * Decides by count, never by time, which progress becomes an event, so that a run tells the same each time. A phase's
 * work is cut into as many equal pieces as it may have events; the first progress in each piece counts, and the last
 * of the phase.
 */
export class ProgressThinner {
  private iteration = 0;
  private phase: Phase | null = null;
  private piece = -1;
  private finished = false;

  /** @param done, total pieces of work in this phase; `done` only grows within it, from wherever a resume begins */
  keeps(iteration: number, phase: Phase, done: number, total: number): boolean {
    if (iteration !== this.iteration || phase !== this.phase) {
      this.iteration = iteration;
      this.phase = phase;
      this.piece = -1;
      this.finished = false;
    }
    if (this.finished) return false;
    this.finished = done >= total;
    const piece = Math.floor((Math.min(done, total) * budgets[phase]) / Math.max(total, 1));
    if (piece <= this.piece && !this.finished) return false;
    this.piece = Math.max(piece, this.piece);
    return true;
  }
}
