import type { Disposable } from 'vscode';

/**
 * Does one thing when it is asked to, at most once in a while and never before the last time is over: at once after a quiet
 * while, else as soon as both have passed. What is asked for in between is done together.
 */
export class Throttle implements Disposable {
  private timer: NodeJS.Timeout | null = null;
  private doneAt = Number.NEGATIVE_INFINITY;
  private working = false;
  private again = false;

  /**
   * @param waitMs between two times at least
   * @param work null: it is over when it returns
   */
  constructor(
    private readonly waitMs: number,
    private readonly work: () => PromiseLike<unknown> | null,
  ) {}

  request(): void {
    if (this.working) this.again = true;
    else this.timer ??= setTimeout(() => this.begin(), Math.max(0, this.doneAt + this.waitMs - performance.now()));
  }

  private begin(): void {
    this.timer = null;
    this.doneAt = performance.now();
    const work = this.work();
    if (work === null) return;
    this.working = true;
    const end = (): void => this.end();
    work.then(end, end);
  }

  private end(): void {
    this.working = false;
    if (!this.again) return;
    this.again = false;
    this.request();
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.again = false;
  }
}
