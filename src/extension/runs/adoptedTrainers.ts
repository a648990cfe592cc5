import { type Disposable, l10n, type LogOutputChannel } from 'vscode';
import type { ObservedRun } from '../catalogue/observedRun';
import { logEnd } from '../processLog';
import type { RunCatalogue } from '../services';
import { trainerOf } from './runStarter';

/** What is known of a trainer at work. */
interface Adopted {
  readonly pid: number;
  readonly attempt: number;
  /** milliseconds since the epoch */
  readonly begun: number;
}

/**
 * Logs the trainers that this window did not start: those of the window before a reload, of another window, of a command
 * line. The run itself tells how they fare, and how they end.
 */
export class AdoptedTrainers implements Disposable {
  private readonly atWork = new Map<string, Adopted>();
  private readonly subscription: Disposable;

  /** @param isOwn whether this window has started a process, and so logs its end itself */
  constructor(
    private readonly catalogue: RunCatalogue,
    private readonly isOwn: (pid: number) => boolean,
    private readonly channel: LogOutputChannel,
  ) {
    this.subscription = catalogue.onDidChange(() => this.look());
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private look(): void {
    for (const run of this.catalogue.runs) {
      const known = this.atWork.get(run.folder);
      if (known !== undefined && (run.state !== 'running' || run.attempt !== known.attempt)) this.end(run, known);
      this.adopt(run);
    }
  }

  private adopt({ folder, state, attempt, trainer: { pid, begun } }: ObservedRun): void {
    if (state !== 'running' || pid === null || begun === null || this.atWork.has(folder) || this.isOwn(pid)) return;
    this.atWork.set(folder, { pid, attempt, begun: Date.parse(begun) });
    this.channel.info(l10n.t('{0} is at work, process {1}.', trainerOf(folder), pid));
  }

  private end(run: ObservedRun, { pid, attempt, begun }: Adopted): void {
    this.atWork.delete(run.folder);
    const exitCode = run.attempt === attempt ? run.trainer.exitCode : null;
    const ended = exitCode !== null && run.asOf !== null ? Date.parse(run.asOf) : Date.now();
    logEnd(this.channel, trainerOf(run.folder), pid, ended - begun, exitCode);
  }
}
