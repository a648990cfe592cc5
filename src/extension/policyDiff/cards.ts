import { commands, EventEmitter, Uri, workspace, type Disposable, type TextDocumentContentProvider } from 'vscode';

const scheme = 'ibrl-card';

/** Policy cards in the editor's own comparison: read-only texts that no file holds. */
export class PolicyCards implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: readonly Disposable[];

  constructor() {
    this.subscriptions = [
      this.changed,
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.texts.delete(uri.toString());
      }),
    ];
  }

  /** @param group one for each panel, so that two panels do not share texts of the same name */
  async show(group: string, before: { readonly name: string; readonly text: string }, after: { readonly name: string; readonly text: string }, title: string): Promise<void> {
    const [left, right] = [this.keep(group, 'before', before), this.keep(group, 'after', after)];
    await commands.executeCommand('vscode.diff', left, right, title);
  }

  private keep(group: string, side: string, { name, text }: { readonly name: string; readonly text: string }): Uri {
    const uri = Uri.from({ scheme, path: `/${group}/${side}/${name.replaceAll('/', ' ')}.txt` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  /** What the editor shows. A restored editor of an earlier window has lost its text, and is empty. */
  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
