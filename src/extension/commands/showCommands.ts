import { join } from 'node:path';
import { commands, env, l10n, Uri, window } from 'vscode';
import { experimentFile } from '../../run/paths';
import type { PolicyDiffSelection } from '../../messages/policyDiff';
import type { ObservedRun } from '../catalogue/observedRun';
import type { PolledCatalogue } from '../catalogue/polledCatalogue';
import { commandIds } from '../commandIds';
import type { Services } from '../services';
import type { Surfaces } from '../surfaces';
import type { CommandRegistrar } from './registrar';
import { fieldOf, folderOf, runChoice, type Targets, uriOf } from './targets';

interface ShowParts {
  readonly catalogue: PolledCatalogue;
  readonly targets: Targets;
  readonly surfaces: Surfaces;
  /** of the report; null: English */
  readonly translations: Services['translations'];
  /** somebody looks at a run */
  readonly seen: (folder: string) => void;
}

/** What opens a run, an experiment or a comparison in an editor of its own. */
export function registerShowCommands(registrar: CommandRegistrar, { catalogue, targets, surfaces, translations, seen }: ShowParts): void {
  const anyRun = (argument: unknown): Promise<string | null> => targets.run(argument, () => true, l10n.t('Nothing has run in this workspace yet.'));
  registrar.register(commandIds.openDashboard, async (argument) => {
    const folder = await anyRun(argument);
    if (folder === null) return;
    seen(folder);
    (await surfaces.dashboards()).open(folder);
  });
  registrar.register(commandIds.openPolicyDiff, async (argument) => {
    const chosen = await targets.iteration(argument);
    if (chosen !== null) (await surfaces.policyDiffs()).open(await diffSelectionOf(argument, chosen));
  });
  registrar.register(commandIds.openTrajectories, async (argument) => {
    const chosen = await targets.iteration(argument);
    if (chosen !== null) (await surfaces.trajectories()).open({ ...chosen, ...policyOf(argument) });
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
    if (folder !== null) await (await import('../exportReport')).exportReport(folder, translations);
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

/** What is to be compared: all that the caller said, where that can be understood. */
async function diffSelectionOf(argument: unknown, chosen: { readonly run: string; readonly iteration: number }): Promise<PolicyDiffSelection> {
  const { Value } = await import('typebox/value');
  const { policyDiffSelection } = await import('../../messages/policyDiff');
  const whole = { ...chosen, ...policyOf(argument), against: fieldOf(argument, 'against') };
  return Value.Check(policyDiffSelection, whole) ? whole : { ...chosen, ...policyOf(argument) };
}

/** The policy that an argument names besides. */
function policyOf(argument: unknown): { readonly policy?: number } {
  const policy = fieldOf(argument, 'policy');
  return typeof policy === 'number' ? { policy } : {};
}

async function pickRuns({ runs }: PolledCatalogue, first: string | null): Promise<string[]> {
  if (runs.length < 2) throw new Error(l10n.t('A comparison needs two runs; there is {0}.', runs.length));
  const items = runs.map((run: ObservedRun) => ({ ...runChoice(run), picked: run.folder === first }));
  const picked = await window.showQuickPick(items, { canPickMany: true, placeHolder: l10n.t('Which runs shall be compared? Choose at least two.') });
  return picked?.map(({ folder }) => folder) ?? [];
}
