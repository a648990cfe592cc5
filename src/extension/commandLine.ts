import { spawn } from 'node:child_process';
import { l10n, type LogOutputChannel, workspace } from 'vscode';
import { translationsVariable } from '../sentence/editorLanguage';
import { logProcess } from './processLog';
import { settings } from './settings';

/** What a process of the `ibrl` command gave. */
interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

const mostOutputBytes = 64 << 20;

/** `ibrl`, in processes of their own. */
export class CommandLine {
  /**
   * @param program absolute path of ibrl.cjs
   * @param translations absolute path of the file with the texts of the editor's language; null: English
   */
  constructor(
    private readonly program: string,
    private readonly translations: string | null,
    private readonly channel: LogOutputChannel,
  ) {}

  /** @returns what it printed. Rejects with the sentence that it printed, when it fails */
  async run(words: readonly string[], signal?: AbortSignal): Promise<string> {
    const { exitCode, output, errors } = await this.outcome(words, signal);
    if (exitCode === 0) return output;
    throw new Error(errors.trim() || output.trim() || l10n.t('ibrl {0} ended with exit code {1}.', words[0], exitCode ?? '–'));
  }

  /** As `run`, whatever the exit code. Rejects where the workspace is not trusted, the process cannot start, or `signal` says so */
  async outcome(words: readonly string[], signal?: AbortSignal): Promise<Outcome> {
    if (!workspace.isTrusted) throw new Error(l10n.t('This folder is not trusted, so no process is started. Manage its trust first.'));
    signal?.throwIfAborted();
    const child = spawn(settings.executable() ?? process.execPath, [this.program, ...words], {
      cwd: workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...(this.translations !== null && { [translationsVariable]: this.translations }) },
    });
    const abort = (): void => void child.kill();
    signal?.addEventListener('abort', abort, { once: true });
    const ended = child.pid === undefined ? null : logProcess(this.channel, `ibrl ${words[0]}`, child.pid);
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        const output: Buffer[] = [];
        const errors: Buffer[] = [];
        let bytes = 0;
        const into = (pieces: Buffer[]) => (piece: Buffer): void => {
          bytes += piece.length;
          if (bytes > mostOutputBytes) child.kill();
          else pieces.push(piece);
        };
        child.stdout.on('data', into(output));
        child.stderr.on('data', into(errors));
        child.once('error', (error) => reject(new Error(l10n.t('ibrl could not be started: {0}', error.message), { cause: error })));
        child.once('close', (exitCode, killed) => {
          ended?.(exitCode, killed);
          if (signal?.aborted) reject(signal.reason as Error);
          else resolve({ exitCode, output: Buffer.concat(output).toString('utf8'), errors: Buffer.concat(errors).toString('utf8') });
        });
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}
