import { join } from 'node:path';
import { config } from '@vscode/l10n';
import { env, l10n, Uri, window, workspace } from 'vscode';
import { gatherReport } from '../report/gatherReport';
import { renderReport } from '../report/renderReport';
import { RunReader } from '../run/reader';

/**
 * Writes one HTML page about a run to a place of the user's choice, in the editor's language. In a bundle of its own, since the page
 * holds its chart library.
 * @param translations null: English
 */
export async function exportReport(folder: string, translations: Readonly<Record<string, string>> | null): Promise<void> {
  config({ contents: translations ?? {} });
  const reader = await RunReader.openInPieces(folder);
  const target = await window.showSaveDialog({
    title: l10n.t('Export Report'),
    defaultUri: Uri.file(join(folder, '..', '..', '..', `${reader.description.id}.html`)),
    filters: { HTML: ['html'] },
    saveLabel: l10n.t('Export Report'),
  });
  if (target === undefined) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(renderReport(gatherReport(reader))));
  const open = l10n.t('Open');
  void window.showInformationMessage(l10n.t('The report of {0} is written.', reader.description.name), open).then((chosen) => chosen === open && env.openExternal(target));
}
