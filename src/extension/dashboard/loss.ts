import type { LossView } from '../../messages/dashboard';
import { thin } from '../../report/thin';
import type { EventOf, RunEvent } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import type { RunReader } from '../../run/reader';

/** Points of one term in a snapshot: as many as the panel has pixels. The rest is there by range. */
const mostPoints = 300;

/** The live terms of the newest search, kept up from events as they come, so that no update looks at all of them again. */
export class LossLog {
  private iteration = 0;
  private last: EventOf<'progress'> | null = null;
  private readonly terms = new Map<string, { readonly updates: number[]; readonly values: number[] }>();

  add(event: RunEvent): void {
    if (event.type === 'resumed') return this.forget(event.from.iteration, event.from.phase === 'searching' ? event.from.done : 0);
    if (event.type !== 'progress' || event.phase !== 'searching') return;
    if (event.iteration !== this.iteration) this.terms.clear();
    this.iteration = event.iteration;
    this.last = event;
    for (const [name, value] of Object.entries(event.metrics)) {
      const term = this.terms.get(name) ?? { updates: [], values: [] };
      term.updates.push(event.done);
      term.values.push(value);
      this.terms.set(name, term);
    }
  }

  /** What a resume does again is told again. */
  private forget(iteration: number, done: number): void {
    if (iteration !== this.iteration) return;
    for (const term of this.terms.values()) {
      const kept = term.updates.filter((update) => update <= done).length;
      term.updates.length = kept;
      term.values.length = kept;
    }
  }

  view(reader: RunReader): LossView | null {
    if (this.last === null) return null;
    let leftOut = 0;
    const terms = [...this.terms].map(([name, { updates, values }]) => {
      const kept = thin([values], mostPoints);
      leftOut += updates.length - kept.length;
      return { name, updates: kept.map((index) => updates[index]), values: kept.map((index) => Number(values[index].toPrecision(5))) };
    });
    return { iteration: this.iteration, done: this.last.done, total: this.last.total, terms, leftOut, curves: reader.has(iterationFiles.curves(this.iteration)) };
  }
}
