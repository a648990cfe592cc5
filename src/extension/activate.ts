import { type ExtensionContext, l10n, window } from 'vscode';

/** Called by the editor when the extension is first needed. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('IBRL', { log: true });
  context.subscriptions.push(log);
  log.info(l10n.t('IBRL Studio is active.'));
}
