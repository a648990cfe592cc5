import type { ExtensionContext } from 'vscode';
import { IbrlExtension } from './extension';

let extension: IbrlExtension | null = null;

/** Called by the editor when the extension is first needed. */
export function activate(context: ExtensionContext): void {
  extension = new IbrlExtension(context);
}

/** Called by the editor, which waits a few seconds, before the window closes or reloads. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
  extension = null;
}
