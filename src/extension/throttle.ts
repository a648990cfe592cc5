import type { Disposable } from 'vscode';

/**
 * Does one thing when it is asked to, at most once in a while: at once after a quiet while, else when it is over. What is asked
 * for in between is done together.
 */
export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | null = null;
  private doneAt = Number.NEGATIVE_INFINITY;

  /** @param waitMs between two times at least */
  constructor(
    private readonly waitMs: number,
    private readonly work: () => void,
  ) {}

  request(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = null;
        this.doneAt = performance.now();
        this.work();
      },
      Math.max(0, this.doneAt + this.waitMs - performance.now()),
    );
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
