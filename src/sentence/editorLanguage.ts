import { config } from '@vscode/l10n';

/** The environment variable that names the file of texts which a process that the editor starts speaks with. */
export const translationsVariable = 'IBRL_TRANSLATIONS';

/** Lets this process speak the language of the editor that started it; without one, or its file, it speaks English. */
export function speakAsEditor(): void {
  const fsPath = process.env[translationsVariable];
  if (fsPath === undefined) return;
  try {
    config({ fsPath });
  } catch {
    // the file is gone or no translations: an answer in English is better than none
  }
}
