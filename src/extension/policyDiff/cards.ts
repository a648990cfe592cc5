import { commands, type Disposable, EventEmitter, FileSystemError, FileType, type FileChangeEvent, type FileStat, type FileSystemProvider, l10n, Uri, workspace } from 'vscode';

/** The manifest wakes the extension for it. */
const scheme = 'ibrl-card';

/**
 * Policy cards in the editor's own comparison: read-only texts that no file holds. The address of a card holds its text, so an
 * editor that a window restores has it again. A file system, since a window restores comparisons of nothing else.
 */
export class PolicyCards implements FileSystemProvider, Disposable {
  private readonly changed = new EventEmitter<FileChangeEvent[]>();
  /** never: another text has another address */
  readonly onDidChangeFile = this.changed.event;
  private readonly registration = workspace.registerFileSystemProvider(scheme, this, { isReadonly: true });

  /** @param group one for each run */
  async show(group: string, before: { readonly name: string; readonly text: string }, after: { readonly name: string; readonly text: string }, title: string): Promise<void> {
    const address = (side: string, { name, text }: { readonly name: string; readonly text: string }): Uri => Uri.from({ scheme, path: `/${group}/${side}/${name.replaceAll('/', ' ')}.txt`, query: text });
    await commands.executeCommand('vscode.diff', address(l10n.t('before'), before), address(l10n.t('after'), after), title);
  }

  stat(uri: Uri): FileStat {
    return { type: FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).byteLength };
  }

  readFile({ query }: Uri): Uint8Array {
    return new TextEncoder().encode(query);
  }

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  readDirectory(): [] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
