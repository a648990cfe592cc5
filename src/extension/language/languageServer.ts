import { type Disposable, l10n, type Uri, window, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Services } from '../services';

/** So often within so long a crashed server is started again; then something is wrong that a restart does not mend. */
const mostRestarts = 5;
const withinMs = 180_000;

/** Has the lenses of all open experiments asked for anew: with trust, there are others. */
function renewLenses(client: LanguageClient): void {
  const lenses = client.getFeature('textDocument/codeLens');
  for (const document of workspace.textDocuments) lenses.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
}

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
      workspace.onDidGrantWorkspaceTrust(() => void this.starting?.then(renewLenses, () => {})),
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
    this.starting ??= import('./connect').then(({ connect }) => connect(this.services, () => this.mayRestart()));
    return this.starting;
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
      const { checkRecordings } = await import('./checkRecordings');
      const findings = await checkRecordings(this.validate, { uri, version }, check.signal);
      const client = await this.started();
      if (!check.signal.aborted && findings !== null) await client.sendNotification(findings.method, findings.params);
    } catch (error) {
      if (!check.signal.aborted) this.services.channel.warn(l10n.t('The recordings could not be checked: {0}', error instanceof Error ? error.message : String(error)));
    } finally {
      if (this.checks.get(key) === check) this.checks.delete(key);
    }
  }
}
