import { sentence } from '../../sentence/sentence';
import type { Episode } from '../data/batch';
import { DataError } from '../data/dataError';

/** How often and how far some episodes left their bounds; the original ones, with no tolerance. */
export interface Violations {
  /** steps taken: frames other than the episodes' first */
  readonly steps: number;
  /** steps with at least one variable out of its bounds */
  readonly outside: number;
  /** outside / steps, 0 … 1; 0 without steps */
  readonly share: number;
  /** largest excess over a bound, as a share of the bounds' width; 0 when there is none */
  readonly worst: number;
  /** steps out of bounds, by variable */
  readonly byVariable: Readonly<Record<string, number>>;
}

/**
 * Counts the steps out of bounds. An episode's first frame is not counted: no policy chose it.
 * @throws DataError `unknown-column`
 */
export function countViolations(
  stateNames: readonly string[],
  bounds: Readonly<Record<string, readonly [number, number]>>,
  episodes: readonly Episode[],
): Violations {
  const bounded = Object.entries(bounds).map(([name, [low, high]]) => {
    const column = stateNames.indexOf(name);
    if (column < 0) throw new DataError('unknown-column', sentence('There is no state {0} with bounds; there are {1}.', name, stateNames.join(', ')));
    return { name, column, low, high, outside: 0 };
  });
  let steps = 0;
  let outside = 0;
  let worst = 0;
  for (const episode of episodes) {
    for (let row = 1; row < episode.frames; row++) {
      let any = false;
      for (const bound of bounded) {
        const value = episode.states[row * stateNames.length + bound.column];
        // the negation also catches a value that is not a number
        if (value >= bound.low && value <= bound.high) continue;
        any = true;
        bound.outside++;
        const excess = Math.max(bound.low - value, value - bound.high) / (bound.high - bound.low);
        worst = Math.max(worst, Number.isNaN(excess) ? Infinity : excess);
      }
      steps++;
      if (any) outside++;
    }
  }
  return { steps, outside, share: steps === 0 ? 0 : outside / steps, worst, byVariable: Object.fromEntries(bounded.map((bound) => [bound.name, bound.outside])) };
}
