import type { Disposable } from 'vscode';

/** Does one thing at most once in a while: what is asked for in between is done together. */
export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | null = null;

  /** @param waitMs from the first request until it is done */
  constructor(
    private readonly waitMs: number,
    private readonly work: () => void,
  ) {}

  request(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.work();
    }, this.waitMs);
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }
}
