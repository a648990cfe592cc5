import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** A window renews its lease this often. */
export const renewalMs = 10_000;
/** A lease that stood still this long on the trainer's own clock has ended. */
export const leaseMs = 60_000;

/** Says that somebody still wants the runs that watch this file. Failing to write is as good as not renewing. */
export function renewLease(file: string): void {
  writeFileSync(file, randomBytes(8).toString('hex'));
}

/** The trainer's side: asks the file now and then. */
export class LeaseWatch {
  private content: string | null = null;
  private since: number;

  /** @param clock milliseconds, monotonic, so that setting the machine's clock ends no run */
  constructor(
    private readonly file: string,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.since = clock();
  }

  /** False when the lease was not renewed for a minute between our own looks. */
  holds(): boolean {
    let content: string | null = null;
    try {
      content = readFileSync(this.file, 'utf8');
    } catch {
      // missing or unreadable: nobody renews it
    }
    if (content !== null && content !== this.content) {
      this.content = content;
      this.since = this.clock();
    }
    return this.clock() - this.since < leaseMs;
  }
}
