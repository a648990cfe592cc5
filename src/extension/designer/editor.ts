import type { CancellationToken, CustomTextEditorProvider, TextDocument, WebviewPanel } from 'vscode';
import type { Services } from '../services';
import { type LanguageRequests, throughServer } from './language';
import { OpenDesigner } from './openDesigner';
import { RecordingsSource } from './recordingsSource';

/** The Experiment Designer: a form over an experiment file, beside the text editor, on the same document. */
export class DesignerEditor implements CustomTextEditorProvider {
  static readonly viewType = 'ibrl.designer';
  private readonly recordings: RecordingsSource;

  constructor(
    private readonly services: Services,
    private readonly languageClient: LanguageRequests,
  ) {
    this.recordings = new RecordingsSource(services);
  }

  resolveCustomTextEditor(document: TextDocument, panel: WebviewPanel, _token: CancellationToken): void {
    const designer = new OpenDesigner(document, panel.webview, this.services, throughServer(this.languageClient), this.recordings);
    panel.onDidDispose(() => designer.dispose());
  }
}
