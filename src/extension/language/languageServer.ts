import { spawn } from 'node:child_process';
import { type Disposable, FileType, l10n, type LogOutputChannel, Uri, window, workspace } from 'vscode';
import type { CloseAction, ErrorAction, LanguageClient } from 'vscode-languageclient/node';
import { languageMethods, type ListedFile, listFilesParams, received, type ServerOptions } from '../../messages/languageProtocol';
import { logProcess } from '../processLog';
import type { Services } from '../services';
import { checkRecordings } from './checkRecordings';

/** So often within so long a crashed server is started again; then something is wrong that a restart does not mend. */
const mostRestarts = 5;
const withinMs = 180_000;

/** The client of the language server, which is started with the first experiment that is opened. */
export class LanguageServer implements Disposable {
  private starting: Promise<LanguageClient> | null = null;
  private readonly subscriptions: Disposable[] = [];
  private readonly checks = new Map<string, AbortController>();
  private crashes: number[] = [];

  constructor(
    private readonly services: Services,
    private readonly checksRecordings: () => boolean,
    private readonly validate: (words: readonly string[], signal: AbortSignal) => Promise<string>,
  ) {}

  /** Starts as soon as there is an experiment to look at. */
  attend(): void {
    const isExperiment = (document: { readonly languageId: string }): boolean => document.languageId === 'ibrl';
    if (workspace.textDocuments.some(isExperiment)) this.start();
    this.subscriptions.push(
      workspace.onDidOpenTextDocument((document) => {
        if (isExperiment(document)) this.start();
      }),
      workspace.onDidSaveTextDocument((document) => {
        if (isExperiment(document)) void this.check(document.uri, document.version);
      }),
    );
  }

  /** Asks the server. Rejects when it cannot be started */
  async sendRequest<Answer>(method: string, params: unknown): Promise<Answer> {
    const client = await this.started();
    return client.sendRequest<Answer>(method, params);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const check of this.checks.values()) check.abort();
  }

  /** Ends the server in order. */
  async stop(): Promise<void> {
    this.dispose();
    const client = await this.starting?.catch(() => null);
    await client?.stop().catch((error: unknown) => this.services.log(String(error)));
  }

  private start(): void {
    void this.started().catch((error: unknown) => {
      this.services.channel.error(l10n.t('The language server could not be started: {0}', error instanceof Error ? error.message : String(error)));
    });
  }

  private started(): Promise<LanguageClient> {
    this.starting ??= this.makeClient();
    return this.starting;
  }

  private async makeClient(): Promise<LanguageClient> {
    const { channel, bundle, translations } = this.services;
    const { LanguageClient, CloseAction, ErrorAction } = await import('vscode-languageclient/node');
    const initializationOptions: ServerOptions = translations === null ? {} : { l10n: { ...translations } };
    const client = new LanguageClient('ibrl', 'IBRL', () => spawnServer(bundle('languageServer.cjs'), channel), {
      documentSelector: [{ language: 'ibrl' }],
      initializationOptions,
      outputChannel: channel,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue satisfies ErrorAction }),
        closed: () => ({ action: this.mayRestart() ? (CloseAction.Restart satisfies CloseAction) : (CloseAction.DoNotRestart satisfies CloseAction), handled: true }),
      },
    });
    client.onRequest(languageMethods.listFiles, (params: unknown) => listFiles(params));
    await client.start();
    return client;
  }

  private mayRestart(): boolean {
    const now = performance.now();
    this.crashes = [...this.crashes.filter((time) => now - time < withinMs), now];
    const may = this.crashes.length <= mostRestarts;
    const sentence = may
      ? l10n.t('The language server has ended unexpectedly and is started again.')
      : l10n.t('The language server keeps ending, so it stays off until the window is reloaded. The log has what it said last.');
    this.services.channel.warn(sentence);
    if (may) window.setStatusBarMessage(`$(sync) ${sentence}`, 5_000);
    else void window.showWarningMessage(sentence);
    return may;
  }

  /** The second stage, which reads recordings: once for each save, the newest wins. */
  private async check(uri: Uri, version: number): Promise<void> {
    if (!this.checksRecordings() || uri.scheme !== 'file') return;
    const key = uri.toString();
    this.checks.get(key)?.abort();
    const check = new AbortController();
    this.checks.set(key, check);
    try {
      const asOf = Date.now();
      const findings = await checkRecordings(this.validate, uri.fsPath, check.signal);
      const client = await this.started();
      if (!check.signal.aborted && findings !== null) await client.sendNotification(languageMethods.dataFindings, { uri: key, version, asOf, findings });
    } catch (error) {
      if (!check.signal.aborted) this.services.channel.warn(l10n.t('The recordings could not be checked: {0}', error instanceof Error ? error.message : String(error)));
    } finally {
      if (this.checks.get(key) === check) this.checks.delete(key);
    }
  }
}

/** A process of its own, at the other end of its standard streams. */
async function spawnServer(script: string, channel: LogOutputChannel): Promise<ReturnType<typeof spawn>> {
  const child = spawn(process.execPath, [script, '--stdio', `--clientProcessId=${process.pid}`], { windowsHide: true, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.once('exit', logProcess(channel, l10n.t('Language server'), child.pid ?? 0));
  return child;
}

/** What lies in a folder beside an experiment, for the completion of file names. */
async function listFiles(params: unknown): Promise<ListedFile[]> {
  const asked = received(listFilesParams, params);
  if (asked === null) return [];
  const uri = Uri.parse(asked.uri, true);
  const parts = asked.folder.split('/').filter((part) => part !== '');
  try {
    return (await workspace.fs.readDirectory(Uri.joinPath(uri, '..', ...parts))).map(([name, type]) => ({ name, isFolder: (type & FileType.Directory) !== 0 }));
  } catch {
    // not there, or not to be read
    return [];
  }
}
