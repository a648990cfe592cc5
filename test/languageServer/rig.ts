import { PassThrough } from 'node:stream';
import type {
  CodeAction, CodeLens, CompletionItem, Diagnostic, DocumentSymbol, Hover, InitializeResult, Position, PublishDiagnosticsParams, Range, TextEdit,
} from 'vscode-languageserver';
import { createConnection, createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type DataFindings, type EditAnswer, type EditParams, type ExperimentModel, languageMethods, type ListedFile, type ListFilesParams } from '../../src/messages/languageProtocol';
import { serve } from '../../src/languageServer/server';

/** An editor with a server behind it, over streams in memory. */
export interface Editor {
  readonly initialized: InitializeResult;
  /** warnings of the server, as they come */
  readonly warnings: readonly string[];
  open(text: string, uri?: string): OpenFile;
  listFiles(answer: (params: ListFilesParams) => readonly ListedFile[] | unknown): void;
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): Promise<void>;
  close(): void;
}

export interface OpenFile {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  /** the next diagnostics of the present version; those that have come already count */
  diagnostics(): Promise<Diagnostic[]>;
  /** what the editor shows at the moment */
  shown(): Diagnostic[];
  /** replaces the first occurrence of a text, as one edit */
  replace(old: string, by: string): void;
  apply(edits: readonly TextEdit[]): void;
  complete(at: Position | string): Promise<CompletionItem[]>;
  hover(at: Position | string): Promise<string>;
  hoverRange(at: Position | string): Promise<Range | undefined>;
  fixes(range?: Range): Promise<CodeAction[]>;
  lenses(): Promise<CodeLens[]>;
  symbols(): Promise<DocumentSymbol[]>;
  format(): Promise<TextEdit[]>;
  model(): Promise<ExperimentModel>;
  edit(path: string, change: EditParams['change'], version?: number): Promise<EditAnswer>;
  tellData(findings: DataFindings['findings'], version?: number): void;
  close(): void;
}

export async function startEditor(options: { l10n?: Readonly<Record<string, string>>; locale?: string; snippets?: boolean } = {}): Promise<Editor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const warnings: string[] = [];
  const listening = new Map<string, (params: PublishDiagnosticsParams) => void>();
  client.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => listening.get(params.uri)?.(params));
  client.onNotification('window/logMessage', ({ message }: { message: string }) => void warnings.push(message));
  client.listen();
  const initialized: InitializeResult = await client.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    locale: options.locale ?? 'en',
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: options.snippets ?? false } } } },
    initializationOptions: options.l10n ? { l10n: options.l10n } : {},
  });
  await client.sendNotification('initialized', {});
  return {
    initialized,
    warnings,
    open: (text, uri = 'file:///plant/tank.ibrl.yaml') => openFile(client, listening, text, uri),
    listFiles: (answer) => void client.onRequest(languageMethods.listFiles, answer),
    request: (method, params) => client.sendRequest(method, params),
    notify: (method, params) => client.sendNotification(method, params),
    close: () => client.dispose(),
  };
}

function openFile(client: MessageConnection, listening: Map<string, (params: PublishDiagnosticsParams) => void>, text: string, uri: string): OpenFile {
  let document = TextDocument.create(uri, 'ibrl', 1, text);
  let newest: PublishDiagnosticsParams | null = null;
  const waiting: (() => void)[] = [];
  listening.set(uri, (params) => {
    newest = params;
    for (const wake of waiting.splice(0)) wake();
  });
  void client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'ibrl', version: 1, text } });

  const at = (place: Position | string): Position => {
    if (typeof place !== 'string') return place;
    const [before, after = ''] = place.split('|');
    return document.positionAt(document.getText().indexOf(before + after) + before.length);
  };
  const change = (range: Range, newText: string) => {
    const version = document.version + 1;
    document = TextDocument.update(document, [{ range, text: newText }], version);
    void client.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text: newText }] });
  };
  const ask = <Answer>(method: string, params: object = {}): Promise<Answer> => client.sendRequest(method, { textDocument: { uri }, ...params });
  return {
    uri,
    get version() {
      return document.version;
    },
    get text() {
      return document.getText();
    },
    diagnostics: async () => {
      while (newest?.version !== document.version) await new Promise<void>((wake) => waiting.push(wake));
      return newest.diagnostics;
    },
    shown: () => newest?.diagnostics ?? [],
    replace: (old, by) => {
      const start = document.getText().indexOf(old);
      change({ start: document.positionAt(start), end: document.positionAt(start + old.length) }, by);
    },
    apply: (edits) => {
      const edited = TextDocument.applyEdits(document, [...edits]);
      change({ start: { line: 0, character: 0 }, end: document.positionAt(document.getText().length) }, edited);
    },
    complete: (place) => ask('textDocument/completion', { position: at(place) }),
    hover: async (place) => {
      const hover = await ask<Hover | null>('textDocument/hover', { position: at(place) });
      return hover === null ? '' : (hover.contents as { value: string }).value;
    },
    hoverRange: async (place) => (await ask<Hover | null>('textDocument/hover', { position: at(place) }))?.range,
    fixes: (range) => ask('textDocument/codeAction', { range: range ?? { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } }, context: { diagnostics: [] } }),
    lenses: () => ask('textDocument/codeLens'),
    symbols: () => ask('textDocument/documentSymbol'),
    format: () => ask('textDocument/formatting', { options: { tabSize: 2, insertSpaces: true } }),
    model: () => client.sendRequest(languageMethods.model, { uri }),
    edit: (path, change, version = document.version) => client.sendRequest(languageMethods.edit, { uri, version, path, change }),
    tellData: (findings, version = document.version) => {
      newest = null;
      void client.sendNotification(languageMethods.dataFindings, { uri, version, asOf: Date.UTC(2025, 2, 4, 13, 30), findings });
    },
    close: () => void client.sendNotification('textDocument/didClose', { textDocument: { uri } }),
  };
}
