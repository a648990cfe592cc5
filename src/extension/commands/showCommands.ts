import { join } from 'node:path';
import { commands, env, l10n, Uri, window, workspace } from 'vscode';
import { experimentFile } from '../../run/paths';
import { RunReader } from '../../run/reader';
import type { ObservedRun } from '../catalogue/observedRun';
import type { PolledCatalogue } from '../catalogue/polledCatalogue';
import { commandIds } from '../commandIds';
import type { Surfaces } from '../surfaces';
import type { CommandRegistrar } from './registrar';
import { fieldOf, folderOf, runChoice, type Targets, uriOf } from './targets';

interface ShowParts {
  readonly catalogue: PolledCatalogue;
  readonly targets: Targets;
  readonly surfaces: Surfaces;
  /** somebody looks at a run */
  readonly seen: (folder: string) => void;
}

/** What opens a run, an experiment or a comparison in an editor of its own. */
export function registerShowCommands(registrar: CommandRegistrar, { catalogue, targets, surfaces, seen }: ShowParts): void {
  const anyRun = (argument: unknown): Promise<string | null> => targets.run(argument, () => true, l10n.t('Nothing has run in this workspace yet.'));
  registrar.register(commandIds.openDashboard, async (argument) => {
    const folder = await anyRun(argument);
    if (folder === null) return;
    seen(folder);
    (await surfaces.dashboards()).open(folder);
  });
  registrar.register(commandIds.openPolicyDiff, async (argument) => {
    const chosen = await targets.iteration(argument);
    if (chosen !== null) (await surfaces.policyDiffs()).open({ ...selectionOf(argument), ...chosen });
  });
  registrar.register(commandIds.openTrajectories, async (argument) => {
    const chosen = await targets.iteration(argument);
    if (chosen !== null) (await surfaces.trajectories()).open({ ...selectionOf(argument), ...chosen });
  });
  registrar.register(commandIds.compareRuns, async (argument, more) => {
    const experiment = uriOf(argument);
    if (experiment !== null && folderOf(argument) === null) return compareWithLastRun(catalogue, experiment);
    const given = Array.isArray(more) ? more : Array.isArray(argument) ? argument : [];
    const folders = given.map(folderOf).filter((folder) => folder !== null);
    const chosen = folders.length >= 2 ? folders : await pickRuns(catalogue, folderOf(argument));
    if (chosen.length >= 2) (await surfaces.dashboards()).compare(chosen);
  });
  registrar.register(commandIds.openDesigner, async (argument) => {
    const uri = await targets.experiment(argument);
    if (uri !== null) await commands.executeCommand('vscode.openWith', uri, 'ibrl.designer');
  });
  registrar.register(commandIds.openAsText, async (argument) => {
    const uri = await targets.experiment(argument);
    if (uri !== null) await commands.executeCommand('vscode.openWith', uri, 'default');
  });
  registrar.register(commandIds.exportReport, async (argument) => {
    const folder = await anyRun(argument);
    if (folder !== null) await exportReport(folder);
  });
  registrar.register(commandIds.revealRunFolder, async (argument) => {
    const folder = await anyRun(argument);
    if (folder !== null) await commands.executeCommand(env.remoteName === undefined ? 'revealFileInOS' : 'revealInExplorer', Uri.file(folder));
  });
  registrar.register(commandIds.refresh, () => catalogue.refresh());
}

/** What was changed in an experiment since it last ran. */
async function compareWithLastRun({ runs }: PolledCatalogue, experiment: Uri): Promise<void> {
  const run = runs.find(({ source }) => source === experiment.fsPath);
  if (run === undefined) throw new Error(l10n.t('This experiment has not run yet, so there is nothing to compare it with.'));
  await commands.executeCommand('vscode.diff', Uri.file(join(run.folder, experimentFile)), experiment, l10n.t('{0}: last run ↔ file', run.name));
}

/** What an argument says beside run and iteration. */
function selectionOf(argument: unknown): { readonly policy?: number; readonly against?: unknown } {
  const policy = fieldOf(argument, 'policy');
  const against = fieldOf(argument, 'against');
  return { ...(typeof policy === 'number' && { policy }), ...(against !== undefined && { against }) };
}

async function pickRuns({ runs }: PolledCatalogue, first: string | null): Promise<string[]> {
  if (runs.length < 2) throw new Error(l10n.t('A comparison needs two runs; there is {0}.', runs.length));
  const items = runs.map((run: ObservedRun) => ({ ...runChoice(run), picked: run.folder === first }));
  const picked = await window.showQuickPick(items, { canPickMany: true, placeHolder: l10n.t('Which runs shall be compared? Choose at least two.') });
  return picked?.map(({ folder }) => folder) ?? [];
}

/** One HTML page about a run, at a place of the user's choice. */
async function exportReport(folder: string): Promise<void> {
  const { gatherReport } = await import('../../report/gatherReport');
  const { renderReport } = await import('../../report/renderReport');
  const reader = await RunReader.openInPieces(folder);
  const target = await window.showSaveDialog({ defaultUri: Uri.file(join(folder, '..', '..', '..', `${reader.description.id}.html`)), filters: { HTML: ['html'] }, saveLabel: l10n.t('Export Report') });
  if (target === undefined) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(renderReport(gatherReport(reader))));
  const open = l10n.t('Open');
  if ((await window.showInformationMessage(l10n.t('The report of {0} is written.', reader.description.name), open)) === open) await env.openExternal(target);
}
