import { CodeLens, l10n, workspace } from 'vscode';
import { commandIds } from '../commandIds';

const starting: readonly string[] = [commandIds.run, commandIds.queue];

/** The server's lenses, and in a folder without trust, instead of those that would start a process, why there are none. */
export function offeredLenses(lenses: readonly CodeLens[] | null | undefined): CodeLens[] {
  const all = lenses ?? [];
  if (workspace.isTrusted) return [...all];
  const starts = all.filter(({ command }) => starting.includes(command?.command ?? ''));
  const reasons = starts.slice(0, 1).map(({ range }) => new CodeLens(range, { title: l10n.t('This folder is not trusted, so no process is started. Manage its trust first.'), command: 'workbench.trust.manage' }));
  return [...reasons, ...all.filter((lens) => !starts.includes(lens))];
}
