import { l10n, Uri, window, workspace } from 'vscode';
import type { SaveFile } from '../../messages/saving';

/** Saves what a page exports, where the user says. @param beside folder that is suggested */
export async function saveExport({ name, content }: SaveFile, beside: string): Promise<void> {
  const isPicture = 'png' in content;
  const filters = isPicture ? { [l10n.t('Picture')]: ['png'] } : { [l10n.t('Table')]: ['csv'] };
  const place = await window.showSaveDialog({ defaultUri: Uri.joinPath(Uri.file(beside), name), filters });
  if (place === undefined) return;
  const bytes = isPicture ? Buffer.from(content.png.slice(content.png.indexOf(',') + 1), 'base64') : Buffer.from(content.text, 'utf8');
  await workspace.fs.writeFile(place, bytes);
}
