import type { Phase } from '../run/contract';
import { phases } from '../run/contract';
import { duration } from '../sentence/duration';
import { english } from '../sentence/sentence';

/** Share of an iteration's time that each phase takes, roughly, as measured on the examples. */
const shares: Readonly<Record<Phase, number>> = { collecting: 0.02, modelling: 0.3, searching: 0.56, predicting: 0.03, deploying: 0.03, evaluating: 0.06 };

export interface Position {
  readonly iteration: number;
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
}

/** How much of a run is done, 0 … 1. */
export function fractionDone({ iteration, phase, done, total }: Position, iterations: number): number {
  let inside = 0;
  for (const earlier of phases) {
    if (earlier === phase) break;
    inside += shares[earlier];
  }
  inside += shares[phase] * Math.min(1, done / Math.max(total, 1));
  return Math.min(1, (iteration - 1 + inside) / Math.max(iterations, 1));
}

/** A bar on a terminal's last line, with the remaining time. It reckons from where it was first drawn, so a resumed run is not taken for a fast one. */
export class ProgressBar {
  private first: { readonly fraction: number; readonly at: number } | null = null;
  private drawn = false;

  /** @param clock milliseconds, monotonic */
  constructor(
    private readonly terminal: { readonly columns?: number; write(text: string): unknown },
    private readonly clock: () => number = () => performance.now(),
  ) {}

  draw(position: Position, iterations: number): void {
    this.terminal.write(`\r${this.line(position, iterations).slice(0, (this.terminal.columns ?? 80) - 1)}\u001b[K`);
    this.drawn = true;
  }

  /** Makes room for other output. */
  clear(): void {
    if (this.drawn) this.terminal.write('\r\u001b[K');
    this.drawn = false;
  }

  private line(position: Position, iterations: number): string {
    const fraction = fractionDone(position, iterations);
    this.first ??= { fraction, at: this.clock() };
    const elapsed = this.clock() - this.first.at;
    const advanced = fraction - this.first.fraction;
    const left = advanced > 0.005 ? `, ${english(duration((elapsed * (1 - fraction)) / advanced))} left` : '';
    const width = 24;
    const full = Math.round(fraction * width);
    const percent = String(Math.floor(100 * fraction)).padStart(3);
    return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} %  iteration ${position.iteration} of ${iterations}, ${position.phase}${left}`;
  }
}
