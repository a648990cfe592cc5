import type { Disposable, Event, LogOutputChannel, Uri } from 'vscode';
import type { QueuedRun } from '../launcher/queue';
import type { RunEvent } from '../run/contract';
import type { RunReader } from '../run/reader';
import type { ObservedRun } from './catalogue/observedRun';
import type { PageSurroundings } from './webview/pageHost';

/** The runs below the workspace's folders, however they were started. */
export interface RunCatalogue {
  /** newest first, as of the last look */
  readonly runs: readonly ObservedRun[];
  /** runs that wait for their turn, as of the last look; the first is next */
  readonly queued: readonly QueuedRun[];
  /** runs that could not be read, as sentences */
  readonly unreadable: readonly string[];
  readonly onDidChange: Event<void>;
  /**
   * Follows one run by polling its folder: every 100 ms while `visible()`, else every 2 s. Calls back once at the
   * beginning and then whenever something was appended or the run's state changed.
   */
  watch(folder: string, visible: () => boolean, changed: (reader: RunReader, news: readonly RunEvent[]) => void): Disposable;
}

/** What the parts of the extension share. */
export interface Services extends PageSurroundings {
  readonly extensionUri: Uri;
  readonly channel: LogOutputChannel;
  readonly catalogue: RunCatalogue;
  /** absolute path of a bundle of the build, such as `ibrl.cjs` */
  readonly bundle: (name: 'ibrl.cjs' | 'trainer.cjs' | 'languageServer.cjs') => string;
  /**
   * Runs `ibrl` with arguments in a process of its own, and logs its start and end. Rejects with the sentence that it
   * printed, when it fails. Only where the workspace is trusted.
   */
  readonly runCommandLine: (words: readonly string[], signal?: AbortSignal) => Promise<string>;
  /** Runs a command for a page. The command itself tells the user what went wrong; the log has it too. */
  readonly perform: (command: string, ...argument: readonly unknown[]) => void;
}
