import { basename } from 'node:path';
import { l10n, type Disposable, type WebviewPanel, workspace } from 'vscode';
import { type PolicyDiffMessage, type PolicyDiffRequest, type PolicyDiffSelection, type PolicyDiffView, type RunChoice, policyDiffRequest } from '../../messages/policyDiff';
import type { RunCache } from '../dashboard/runCache';
import { commandIds } from '../commandIds';
import { SelectedIteration } from '../selectedIteration';
import type { Services } from '../services';
import { attachPage, type HostedPage } from '../webview/pageHost';
import type { PolicyCards } from './cards';
import { effectsOf, fullSelection, iterationsOf, runPart, type Source, sourceOf } from './model';

/** A comparison that the command line makes or has made. */
interface Made {
  readonly key: string;
  readonly stop: AbortController;
  outcome: { readonly kind: 'computing' } | { readonly kind: 'file'; readonly file: Uint8Array<ArrayBuffer> } | { readonly kind: 'failed'; readonly message: string };
}

/** One panel: follows the run, and sends its page the whole view whenever something has changed. */
export class PolicyDiffPanel implements Disposable {
  private readonly page: HostedPage<PolicyDiffMessage>;
  readonly selected: SelectedIteration<PolicyDiffSelection>;
  private effects: PolicyDiffView['effects'] = [];
  private made: Made | null = null;
  /** key of the comparison that the page has */
  private sent: string | null = null;

  constructor(
    private readonly services: Services,
    private readonly panel: WebviewPanel,
    private readonly cards: PolicyCards,
    selection: PolicyDiffSelection,
  ) {
    this.page = attachPage(panel.webview, services, {
      page: 'policyDiff',
      title: l10n.t('Policy diff'),
      received: policyDiffRequest,
      onReady: () => {
        this.sent = null;
        this.update();
      },
      onMessage: (message) => this.receive(message),
    });
    this.selected = new SelectedIteration(services, panel, selection, (cache) => (this.effects = this.readEffects(cache)), () => this.update());
    this.selected.follow();
  }

  reveal(): void {
    this.panel.reveal();
  }

  private readEffects({ reader }: RunCache): PolicyDiffView['effects'] {
    try {
      return effectsOf(reader.experimentText());
    } catch (error) {
      // actions stay in their own units; the run is shown all the same
      this.services.log(error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  /** Sends what has changed since the last time. */
  private update(): void {
    const { cache, isMissing, selection: wanted } = this.selected;
    if (isMissing) this.page.sendNews({ kind: 'missing', folder: wanted.run });
    if (cache === null) return;
    const { reader } = cache;
    const selection = fullSelection(wanted, cache);
    const source = sourceOf(selection, reader);
    const comparison = this.comparisonOf(source);
    const view: PolicyDiffView = {
      kind: 'view',
      runs: this.runChoices(cache),
      selection,
      ...runPart(cache, selection),
      trusted: workspace.isTrusted,
      effects: this.effects,
      comparison,
    };
    this.panel.title = l10n.t('Policy diff: iteration {0}', selection.iteration);
    this.page.sendNews(view);
    if (comparison.status === 'ready' && comparison.key !== this.sent) this.sendFile(source, comparison);
  }

  private runChoices({ reader }: RunCache): RunChoice[] {
    const { folder } = reader;
    const own: RunChoice = { folder, id: reader.description.id, name: reader.description.name, iterations: iterationsOf(reader) };
    const others = this.services.catalogue.runs
      .filter((run) => run.folder !== folder)
      .map(({ folder: other, id, name, policies, results }) => ({ folder: other, id, name, iterations: results.filter((result) => result.promised !== null).map(({ iteration }) => ({ iteration, policies })) }));
    return [own, ...others.filter((run) => run.iterations.length > 0)];
  }

  private comparisonOf(source: Source): PolicyDiffView['comparison'] {
    switch (source.kind) {
      case 'absent':
        return { status: 'absent', reason: source.reason };
      case 'iteration':
        return { status: 'ready', key: source.sha256, source: 'iteration' };
      case 'command': {
        const made = this.make(source.words);
        if (made === null) return { status: 'untrusted' };
        if (made.outcome.kind === 'failed') return { status: 'failed', message: made.outcome.message };
        return made.outcome.kind === 'computing' ? { status: 'computing' } : { status: 'ready', key: made.key, source: 'command' };
      }
    }
  }

  /** Begins the comparison unless it is under way or made. @returns null where no process may be started */
  private make(words: readonly string[]): Made | null {
    const key = words.join(' ');
    if (this.made?.key === key) return this.made;
    this.made?.stop.abort();
    this.made = null;
    if (!workspace.isTrusted) return null;
    const made: Made = { key, stop: new AbortController(), outcome: { kind: 'computing' } };
    this.made = made;
    this.services.runCommandLine(words, made.stop.signal).then(
      (answer) => {
        made.outcome = { kind: 'file', file: new TextEncoder().encode(answer) };
        if (this.made === made) this.update();
      },
      (error: unknown) => {
        made.outcome = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
        if (this.made === made) this.update();
      },
    );
    return made;
  }

  private sendFile(source: Source, { key, source: from }: Extract<PolicyDiffView['comparison'], { status: 'ready' }>): void {
    try {
      const file = source.kind === 'iteration' ? new Uint8Array(this.selected.cache?.reader.readFile(source.path) ?? []) : this.made?.outcome.kind === 'file' ? this.made.outcome.file : null;
      if (file === null) return;
      this.page.send({ kind: 'comparison', key, source: from, file });
      this.sent = key;
    } catch (error) {
      this.services.log(error instanceof Error ? error.message : String(error));
      this.sent = key;
      this.page.send({ kind: 'comparison', key, source: from, file: new Uint8Array() });
    }
  }

  private receive(message: PolicyDiffRequest): void {
    const { run, iteration, policy } = this.selected.selection;
    switch (message.kind) {
      case 'select':
        this.selected.select(message.selection);
        break;
      case 'retry':
        this.made = null;
        this.sent = null;
        if (this.selected.cache === null) this.selected.follow();
        else this.update();
        break;
      case 'card':
        this.cards.show(basename(run), { name: message.beforeName, text: message.before }, { name: message.afterName, text: message.after }, l10n.t('Policy card: {0} against {1}', message.afterName, message.beforeName)).catch((error: unknown) => this.services.log(error instanceof Error ? error.message : String(error)));
        break;
      case 'approve':
        this.services.perform(commandIds.approve, { folder: run, verdict: message.verdict });
        break;
      case 'reject':
        this.services.perform(commandIds.reject, { folder: run, verdict: message.verdict });
        break;
      case 'trust':
        this.services.perform('workbench.trust.manage');
        break;
      case 'dashboard':
        this.services.perform(commandIds.openDashboard, run);
        break;
      case 'trajectories':
        this.services.perform(commandIds.openTrajectories, { run, iteration, policy });
        break;
    }
  }

  dispose(): void {
    this.made?.stop.abort();
    this.selected.dispose();
    this.page.dispose();
  }
}
