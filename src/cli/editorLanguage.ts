import { config } from '@vscode/l10n';
import { translationsVariable } from '../messages/editorLanguage';

/** Lets the words about experiments be those of the editor that started this process; without one, or its file, they are English. */
export function speakAsEditor(): void {
  const fsPath = process.env[translationsVariable];
  if (fsPath === undefined) return;
  try {
    config({ fsPath });
  } catch {
    // the file is gone or no translations: an answer in English is better than none
  }
}
