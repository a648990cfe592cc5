import * as l10n from '@vscode/l10n';
import { type Connection, CodeActionKind, ErrorCodes, ResponseError, TextDocuments, TextDocumentSyncKind, type InitializeParams, type InitializeResult } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { dataFindings, type EditAnswer, editParams, languageMethods, listedFiles, modelParams, received, serverOptions } from '../messages/languageProtocol';
import { codeLensesOf } from './codeLenses';
import { completionsAt } from './completion';
import { findingsOf, toDiagnostic } from './diagnostics';
import { answerEdit } from './edit';
import { formattingEdits } from './format';
import { hoverAt } from './hover';
import { modelOf } from './model';
import { OpenExperiment } from './openExperiment';
import { quickFixesIn } from './quickFixes';
import { symbolsOf } from './symbols';

/**
 * Answers for experiment files over a connection, until it closes. Each version of a file is parsed once: by the first
 * question about it, or when its diagnostics are due.
 */
export function serve(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const open = new Map<string, OpenExperiment>();
  const due = new Set<string>();
  let locale = 'en';
  let snippets = false;

  function experimentOf(uri: string): OpenExperiment | null {
    const document = documents.get(uri);
    if (!document) return null;
    const known = open.get(uri);
    if (known?.version === document.version) return known;
    const next = new OpenExperiment(document, known?.lastReadable ?? null);
    open.set(uri, next);
    return next;
  }

  /** Diagnostics wait until all edits that have arrived are in, so that none of a burst is parsed in vain. */
  function publishSoon(uri: string): void {
    if (due.size === 0) setImmediate(publishDue);
    due.add(uri);
  }

  function publishDue(): void {
    for (const uri of due) {
      const experiment = experimentOf(uri);
      if (experiment) void connection.sendDiagnostics({ uri, version: experiment.version, diagnostics: findingsOf(experiment).map((finding) => toDiagnostic(finding, locale)) });
    }
    due.clear();
  }

  const listFilesOf = (uri: string) => async (folder: string) => {
    const answer: unknown = await connection.sendRequest(languageMethods.listFiles, { uri, folder });
    const files = received(listedFiles, answer);
    if (files === null) connection.console.warn(`The answer to ${languageMethods.listFiles} is not a list of files, so none are proposed.`);
    return files ?? [];
  };

  connection.onInitialize((params): InitializeResult => {
    ({ locale = 'en' } = params);
    snippets = params.capabilities.textDocument?.completion?.completionItem?.snippetSupport ?? false;
    speak(params, (problem) => connection.console.warn(problem));
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        completionProvider: { triggerCharacters: [' ', ':', '[', '{', ',', '/', '.'] },
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        codeLensProvider: {},
        documentSymbolProvider: true,
        documentFormattingProvider: true,
      },
      serverInfo: { name: 'ibrl' },
    };
  });

  documents.onDidChangeContent(({ document }) => publishSoon(document.uri));
  documents.onDidClose(({ document: { uri } }) => {
    open.delete(uri);
    due.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  /** Answers about an open file, or with `otherwise`. */
  const about = <Params extends { textDocument: { uri: string } }, Answer>(otherwise: Answer, answer: (experiment: OpenExperiment, params: Params) => Answer) =>
    (params: Params): Answer => {
      const experiment = experimentOf(params.textDocument.uri);
      return experiment ? answer(experiment, params) : otherwise;
    };

  connection.onCompletion((params) => {
    const experiment = experimentOf(params.textDocument.uri);
    return experiment ? completionsAt(experiment, params.position, { snippets, listFiles: listFilesOf(experiment.uri) }) : [];
  });
  connection.onHover(about(null, (experiment, { position }) => hoverAt(experiment, position)));
  connection.onCodeAction(about([], (experiment, { range }) => quickFixesIn(experiment, range, locale)));
  connection.onCodeLens(about([], codeLensesOf));
  connection.onDocumentSymbol(about([], symbolsOf));
  connection.onDocumentFormatting(about([], (experiment, { options }) => formattingEdits(experiment, indentWidth(options.tabSize))));

  connection.onNotification(languageMethods.dataFindings, (message: unknown) => {
    const findings = received(dataFindings, message);
    if (findings === null) connection.console.warn(`A message ${languageMethods.dataFindings} was not understood and is ignored.`);
    else if (experimentOf(findings.uri)?.tell(findings)) publishSoon(findings.uri);
  });
  connection.onRequest(languageMethods.model, (message: unknown) => {
    const params = received(modelParams, message);
    return params ? modelOf(opened(params.uri)) : misunderstood(languageMethods.model);
  });
  connection.onRequest<EditAnswer, void>(languageMethods.edit, (message: unknown) => {
    const params = received(editParams, message);
    return params ? answerEdit(opened(params.uri), params) : misunderstood(languageMethods.edit);
  });

  function opened(uri: string): OpenExperiment {
    const experiment = experimentOf(uri);
    if (experiment) return experiment;
    throw new ResponseError(ErrorCodes.InvalidParams, l10n.t('The file {0} is not open.', uri));
  }

  documents.listen(connection);
  connection.listen();
}

function misunderstood(method: string): never {
  throw new ResponseError(ErrorCodes.InvalidParams, `The request ${method} was not understood.`);
}

/** Settings stand two to eight columns to the right of their section, whatever the editor is set to. */
function indentWidth(tabSize: number): number {
  return Math.min(Math.max(Math.trunc(tabSize) || 2, 2), 8);
}

/** Sets the language of the server's own words. */
function speak({ initializationOptions }: InitializeParams, warn: (problem: string) => void): void {
  const options = received(serverOptions, initializationOptions ?? {});
  if (options === null) warn('The server was started with options that it does not understand; its words are English.');
  l10n.config({ contents: options?.l10n ?? {} });
}
