import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { l10n, window } from 'vscode';
import { logFile, runFile } from '../../run/paths';

/** A trainer that ended before there was a run leaves no event, only what it printed. */
export function tellUnbegun(folder: string, exitCode: number | null): void {
  if (exitCode === 0 || existsSync(join(folder, runFile))) return;
  let said = '';
  try {
    said = readFileSync(join(folder, logFile), 'utf8').trim().split('\n').slice(-3).join(' ');
  } catch {
    // nothing was printed
  }
  void window.showErrorMessage(l10n.t('Run {0} could not begin: {1}', basename(folder), said || l10n.t('the cause is not known')));
}
