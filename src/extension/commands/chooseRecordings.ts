import { l10n, type QuickPickItem, type Uri, window, workspace } from 'vscode';

const pattern = '**/*.csv';
const excluded = '{**/node_modules/**,**/.ibrl/**}';
const mostFiles = 500;

/**
 * Recordings that the user ticks among the CSV files of the workspace, and others by a dialog, which takes one only where VS Code
 * shows its own (far from the screen, in a browser).
 * @param accept the dialog's button
 * @param from where the dialog begins
 * @returns none when the user chose none
 */
export async function chooseRecordings(accept: string, from?: Uri): Promise<readonly Uri[]> {
  const near = (await workspace.findFiles(pattern, excluded, mostFiles)).toSorted((a, b) => a.path.localeCompare(b.path));
  if (near.length === 0) return open(accept, from);
  const others = { label: l10n.t('Other files…'), uri: null };
  const items = [...near.map((uri): QuickPickItem & { readonly uri: Uri | null } => ({ label: workspace.asRelativePath(uri), uri })), others];
  const ticked = await window.showQuickPick(items, { canPickMany: true, placeHolder: l10n.t('Which recordings?') });
  if (ticked === undefined) return [];
  const chosen = ticked.flatMap(({ uri }) => uri ?? []);
  if (!ticked.includes(others)) return chosen;
  const known = new Set(chosen.map(String));
  const added = await open(accept, from);
  // who leaves the dialog leaves the command
  return added.length === 0 ? [] : [...chosen, ...added.filter((uri) => !known.has(uri.toString()))];
}

async function open(openLabel: string, defaultUri?: Uri): Promise<readonly Uri[]> {
  return (await window.showOpenDialog({ title: openLabel, canSelectMany: true, openLabel, filters: { CSV: ['csv'] }, ...(defaultUri !== undefined && { defaultUri }) })) ?? [];
}
