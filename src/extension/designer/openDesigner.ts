import { commands, type Disposable, l10n, languages, Range, type TextDocument, ViewColumn, type Webview, window, workspace, WorkspaceEdit } from 'vscode';
import { changedLines } from './changedLines';
import { planEdits, type TextChange } from './editing';
import type { ExperimentLanguage } from './language';
import type { RecordingsSource } from './recordingsSource';
import { decisiveSettings, usualDuration } from './situation';
import { type CommandId, commandIds } from '../commandIds';
import type { Services } from '../services';
import { attachPage } from '../webview/pageHost';
import { templates } from '../../experiment/templates';
import { type DesignerCommand, type FromDesigner, fromDesigner, type Recordings, type ToDesigner } from '../../messages/designer';
import type { DocumentRange, ExperimentModel } from '../../messages/languageProtocol';

/** One open Designer. The document is the only truth: every change of it leads to a new snapshot for the page. */
export class OpenDesigner implements Disposable {
  private readonly subscriptions: Disposable[] = [];
  private readonly page: { send(message: ToDesigner): void } & Disposable;
  private readonly ended = new AbortController();
  private model: ExperimentModel | null = null;
  private savedText: string | null = null;
  private recordings: Recordings = { kind: 'computing' };
  /** settings that the recordings were found for */
  private recordedSettings: string | null = null;
  /** the newest run of the experiment when the recordings were looked for */
  private seenRun = '';
  /** how often the recordings were looked for */
  private looks = 0;
  /** edits are made one after the other */
  private edits: Promise<void> = Promise.resolve();

  constructor(
    private readonly document: TextDocument,
    webview: Webview,
    private readonly services: Services,
    private readonly language: ExperimentLanguage,
    private readonly source: RecordingsSource,
  ) {
    this.page = attachPage<typeof fromDesigner, ToDesigner>(webview, services, {
      page: 'designer',
      title: l10n.t('Experiment Designer'),
      received: fromDesigner,
      onReady: () => void this.show(),
      onMessage: (message) => this.receive(message),
    });
    const uri = document.uri.toString();
    this.subscriptions.push(
      workspace.onDidChangeTextDocument(({ document: { uri: changed } }) => {
        if (changed.toString() === uri) void this.refresh();
      }),
      workspace.onDidSaveTextDocument((saved) => {
        if (saved.uri.toString() !== uri) return;
        void this.refresh().then(() => this.lookForRecordings());
      }),
      languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.some((changed) => changed.toString() === uri)) void this.refresh();
      }),
      workspace.onDidGrantWorkspaceTrust(() => void this.lookForRecordings()),
      services.catalogue.onDidChange(() => {
        if (this.newestRun() !== this.seenRun) void this.lookForRecordings();
      }),
    );
  }

  dispose(): void {
    this.ended.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.page.dispose();
  }

  private get onDisk(): boolean {
    return this.document.uri.scheme === 'file';
  }

  /** For a page that has nothing yet. */
  private async show(): Promise<void> {
    await this.refresh();
    await this.lookForRecordings();
  }

  /** Asks for the model of the present text and sends the page everything. */
  private async refresh(): Promise<void> {
    try {
      if (this.savedText === null || !this.document.isDirty) this.savedText = await this.textOnDisk();
      const model = await this.language.model({ uri: this.document.uri.toString() });
      // a later change has its own refresh
      if (model.version < this.document.version || this.ended.signal.aborted) return;
      this.model = model;
      this.send();
    } catch (error) {
      if (this.ended.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.services.log(reason);
      this.page.send({ kind: 'unavailable', message: reason });
    }
  }

  /** What was saved last. @returns the document's own text where that is it */
  private async textOnDisk(): Promise<string> {
    if (!this.document.isDirty || this.document.isUntitled) return this.document.isUntitled ? '' : this.document.getText();
    return new TextDecoder().decode(await workspace.fs.readFile(this.document.uri));
  }

  private send(): void {
    if (this.model === null) return;
    const { recordings } = this;
    const stale = this.recordedSettings !== null && decisiveSettings(this.model) !== this.recordedSettings;
    this.page.send({
      kind: 'state',
      model: this.model,
      edited: this.document.isDirty,
      trusted: workspace.isTrusted,
      virtual: !this.onDisk,
      writable: workspace.fs.isWritableFileSystem(this.document.uri.scheme) !== false,
      recordings: recordings.kind === 'known' ? { ...recordings, stale } : recordings,
      changes: changedLines(this.savedText ?? '', this.document.getText()),
      lastRun: usualDuration(this.model, this.source.runsOf(this.document.uri.fsPath)),
    });
  }

  /** Recordings belong to what is saved, since a run reads that. */
  private async lookForRecordings(): Promise<void> {
    const look = ++this.looks;
    this.seenRun = this.newestRun();
    if (!this.document.isDirty && this.model) this.recordedSettings = decisiveSettings(this.model);
    const tell = (recordings: Recordings): void => {
      // a later look has its own answer
      if (look !== this.looks || this.ended.signal.aborted) return;
      this.recordings = recordings;
      this.send();
    };
    if (this.document.isUntitled) return tell({ kind: 'none', reason: 'unsaved' });
    const permissions = { trusted: workspace.isTrusted, onDisk: this.onDisk };
    tell(await this.source.find(this.document.uri.fsPath, this.savedText ?? '', permissions, () => tell({ kind: 'computing' }), this.ended.signal));
  }

  private newestRun(): string {
    const [run] = this.source.runsOf(this.document.uri.fsPath);
    return run ? `${run.id} ${run.results.length} ${run.state}` : '';
  }

  private receive(message: FromDesigner): void {
    switch (message.kind) {
      case 'reveal':
        return void this.reveal(message.range);
      case 'command':
        return void this.command(message.command);
      default:
        this.edits = this.edits.then(() => this.edit(message)).catch((error: unknown) => {
          this.services.log(error instanceof Error ? error.message : String(error));
        });
    }
  }

  /** Makes the edit and answers it after the state that it leads to. */
  private async edit(message: Extract<FromDesigner, { id: number }>): Promise<void> {
    const { id } = message;
    const refuse = async (text: string, place: DocumentRange | null = null): Promise<void> => {
      await this.refresh();
      this.page.send({ kind: 'answer', id, refused: { message: text, place } });
    };
    const words = {
      stale: l10n.t('The file was changed meanwhile, so this edit was not made. The form shows the present text.'),
      entangled: l10n.t('These changes cannot be made in one step. Make them one after the other.'),
    };
    const planned = await this.plan(message, words);
    if (planned.kind === 'refused') return refuse(planned.message, planned.place);
    if (message.version !== this.document.version) return refuse(words.stale);
    const edit = new WorkspaceEdit();
    for (const { range, newText } of planned.edits) edit.replace(this.document.uri, rangeOf(range), newText);
    if (planned.edits.length > 0 && !(await workspace.applyEdit(edit))) return refuse(words.stale);
    await this.refresh();
    this.page.send({ kind: 'answer', id, refused: null });
  }

  private async plan(message: Extract<FromDesigner, { id: number }>, words: { readonly stale: string; readonly entangled: string }): ReturnType<typeof planEdits> {
    const stale = { kind: 'refused', message: words.stale, place: null } as const;
    if (message.version !== this.document.version) return stale;
    switch (message.kind) {
      case 'edit':
        return planEdits(this.language, this.document.uri.toString(), message.version, message.changes, words);
      case 'fix': {
        const fix = this.model?.version === message.version ? this.model.findings[message.finding]?.fix : undefined;
        return fix ? { kind: 'edits', edits: [{ range: fix.range, newText: fix.replacement }] } : stale;
      }
      case 'template':
        return this.document.getText().trim() === '' ? { kind: 'edits', edits: [this.wholeText(templates[message.system])] } : stale;
    }
  }

  private wholeText(text: string): TextChange {
    const end = this.document.lineAt(this.document.lineCount - 1).range.end;
    return { range: { start: { line: 0, character: 0 }, end: { line: end.line, character: end.character } }, newText: text };
  }

  /** Shows a place of the text, in an editor that is open already or else beside. */
  private async reveal(range: DocumentRange): Promise<void> {
    const open = window.visibleTextEditors.find(({ document }) => document === this.document);
    await window.showTextDocument(this.document, { selection: rangeOf(range), viewColumn: open?.viewColumn ?? ViewColumn.Beside });
  }

  private async command(command: DesignerCommand): Promise<void> {
    const { uri } = this.document;
    switch (command) {
      case 'describe':
        return this.lookForRecordings();
      case 'manageTrust':
        return void (await commands.executeCommand('workbench.trust.manage'));
      case 'showLog':
        return void (await commands.executeCommand(commandIds.showLog));
      case 'run':
      case 'queue':
        // a run reads the file, not the editor
        if (this.document.isDirty && !(await this.document.save())) return;
        return void (await commands.executeCommand(commandIds[command], uri));
      default:
        return void (await commands.executeCommand(commandIds[command] satisfies CommandId, uri));
    }
  }
}

function rangeOf({ start, end }: DocumentRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
