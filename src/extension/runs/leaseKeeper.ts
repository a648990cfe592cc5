import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Disposable } from 'vscode';
import { renewalMs, renewLease } from '../../launcher/lease';

/**
 * Renews the lease of the runs that were started from this workspace, so that they end when its windows are gone. A
 * window that comes back, as after a reload, renews at once.
 */
export class LeaseKeeper implements Disposable {
  private timer: NodeJS.Timeout | null = null;

  /** @param file in the workspace's storage, the same for every window of the workspace */
  constructor(
    private readonly file: string,
    private readonly failed: (error: unknown) => void,
  ) {
    if (existsSync(file)) this.keep();
  }

  /** For a run that is about to start. @returns the lease's file */
  take(): string {
    mkdirSync(dirname(this.file), { recursive: true });
    this.keep();
    return this.file;
  }

  dispose(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private keep(): void {
    this.renew();
    this.timer ??= setInterval(() => this.renew(), renewalMs);
  }

  private renew(): void {
    try {
      renewLease(this.file);
    } catch (error) {
      this.failed(error);
    }
  }
}
