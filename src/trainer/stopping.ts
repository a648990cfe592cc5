import { STOP } from './messages';

/** What signals and the one who waits at stdin ask of this process, from its first moment on. */
export class Stopping {
  /** shared with the computing worker: see STOP */
  readonly word = new Int32Array(new SharedArrayBuffer(4));
  /** told to go by SIGTERM, the end of stdin or of a lease, rather than by a request */
  terminated = false;
  private since: number | null = null;

  /** @param clock milliseconds, monotonic */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  /**
   * Begins to listen, until the process ends: a signal does not end it any more.
   * @param attached the end of stdin counts as SIGTERM
   */
  listen(attached: boolean): void {
    const terminate = (): void => this.terminate();
    const interrupt = (): void => this.ask(STOP.now);
    process.on('SIGTERM', terminate).on('SIGINT', interrupt);
    if (attached) process.stdin.on('end', terminate).on('close', terminate).on('error', terminate).resume();
  }

  terminate(): void {
    this.terminated = true;
    this.ask(STOP.now);
  }

  /** The stronger of two stops counts. @param stop of STOP */
  ask(stop: number): void {
    if (Atomics.load(this.word, 0) >= stop) return;
    Atomics.store(this.word, 0, stop);
    if (stop === STOP.now) this.since = this.clock();
  }

  /** How long ago it was asked to stop now; 0 when it was not. */
  get waitedMs(): number {
    return this.since === null ? 0 : this.clock() - this.since;
  }
}
