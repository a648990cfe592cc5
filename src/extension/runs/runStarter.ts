import { basename, dirname, join } from 'node:path';
import { l10n, type LogOutputChannel, Uri, workspace } from 'vscode';
import { newRunFolder, prepareRun } from '../../launcher/prepare';
import { RunQueue, type QueuedRun } from '../../launcher/queue';
import { startDetached } from '../../launcher/start';
import type { TrainerArguments } from '../../launcher/trainerArguments';
import { ibrlFolder } from '../../run/paths';
import { translationsVariable } from '../../sentence/editorLanguage';
import { logProcess } from '../processLog';
import { settings } from '../settings';
import type { LeaseKeeper } from './leaseKeeper';

/** Starts trainers in the background, and knows which it has started. */
export class RunStarter {
  /** ids of the processes that this window has started */
  private readonly own = new Set<number>();

  /**
   * @param trainer absolute path of trainer.cjs
   * @param translations absolute path of the file with the texts of the editor's language; null: English
   */
  constructor(
    private readonly trainer: string,
    private readonly translations: string | null,
    private readonly lease: LeaseKeeper,
    private readonly channel: LogOutputChannel,
    private readonly ended: (folder: string, exitCode: number | null) => void,
  ) {}

  /** True when this window has started the process, and so logs its end. */
  isOwn(pid: number): boolean {
    return this.own.has(pid);
  }

  /**
   * Begins a run of an experiment.
   * @param source path of the experiment's file
   * @param text what is run
   * @returns the run's folder
   */
  async begin(source: string, text: string): Promise<string> {
    assertTrusted();
    const run = newRunFolder(source);
    await this.start({ ...this.options(source), run, experiment: prepareRun(run, text), source, lease: null, attached: false });
    return run;
  }

  /** Puts a run of an experiment at the end of its folder's line. */
  queue(source: string, text: string): QueuedRun {
    assertTrusted();
    const run = newRunFolder(source);
    return new RunQueue(ibrlFolder(source)).add({ id: basename(run), run, experimentText: text, source, ...this.options(source) });
  }

  /** Goes on with a run that nobody works on. */
  async resume(folder: string): Promise<void> {
    assertTrusted();
    await this.start({ ...this.options(folder), run: folder, experiment: null, source: null, lease: null, attached: false });
  }

  /** Starts a trainer with what this window adds: its lease, leave to start the experiment's own simulator, and this computer's tfjs-node. */
  async start(values: TrainerArguments): Promise<number> {
    assertTrusted();
    const executable = settings.executable();
    const tfjsNode = settings.tfjsNode();
    let end: ReturnType<typeof logProcess> | null = null;
    const pid = await startDetached(
      { script: this.trainer, ...(executable !== null && { executable }), ...(this.translations !== null && { environment: { [translationsVariable]: this.translations } }) },
      { ...values, lease: settings.keepRunning() ? null : this.lease.take(), allowPrograms: workspace.isTrusted, ...(tfjsNode !== null && { tfjsNode }) },
      (exitCode, signal) => {
        end?.(exitCode, signal);
        this.ended(values.run, exitCode);
      },
    );
    this.own.add(pid);
    end = logProcess(this.channel, trainerOf(values.run), pid);
    return pid;
  }

  private options(place: string): Pick<TrainerArguments, 'threads' | 'engine'> {
    return { threads: settings.threads(Uri.file(place)), engine: settings.engine() };
  }
}

function assertTrusted(): void {
  if (!workspace.isTrusted) throw new Error(l10n.t('This folder is not trusted, so no process is started. Manage its trust first.'));
}

/** What the log calls the trainer of a run. */
export function trainerOf(folder: string): string {
  return l10n.t('Trainer of run {0}', basename(folder));
}

/** Where relative names in a run's experiment begin: its file, or for one that has none, any name beside its `.ibrl`. */
export function sourceOf(folder: string, source: string | null): string {
  return source ?? join(dirname(folder), '..', '..', 'experiment.ibrl.yaml');
}
