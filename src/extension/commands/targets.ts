import { basename, isAbsolute } from 'node:path';
import { l10n, type QuickPickItem, TabInputCustom, TabInputText, Uri, window, workspace } from 'vscode';
import type { ObservedRun } from '../catalogue/observedRun';
import type { Experiments } from '../experiments';
import { dateText } from '../numbers';
import type { RunCatalogue } from '../services';
import { costOrSituation, situation, stateIcon } from '../words';

/** Finds out what a command is about: what its caller gave, else what is open, else what the user picks. */
export class Targets {
  constructor(
    private readonly catalogue: RunCatalogue,
    private readonly experiments: Experiments,
  ) {}

  /** @returns null when the user picked none */
  async experiment(argument: unknown): Promise<Uri | null> {
    const given = uriOf(argument) ?? activeExperiment();
    if (given !== null) return given;
    const { all } = this.experiments;
    if (all.length === 0) throw new Error(l10n.t('There is no experiment in this workspace. Make one with “IBRL: New Experiment…”.'));
    if (all.length === 1) return all[0].uri;
    const items = all.map(({ uri, name }) => ({ label: basename(uri.path), description: name ?? '', detail: workspace.asRelativePath(uri), uri }));
    return (await window.showQuickPick(items, { placeHolder: l10n.t('Which experiment?'), matchOnDescription: true }))?.uri ?? null;
  }

  /**
   * @param suits runs that the command can do something with
   * @param none said when there is no such run
   * @returns its folder; null when the user picked none
   */
  async run(argument: unknown, suits: (run: ObservedRun) => boolean, none: string): Promise<string | null> {
    const given = folderOf(argument);
    if (given !== null) return given;
    const runs = this.catalogue.runs.filter(suits);
    if (runs.length === 0) throw new Error(none);
    if (runs.length === 1) return runs[0].folder;
    return (await window.showQuickPick(runs.map(runChoice), { placeHolder: l10n.t('Which run?'), matchOnDescription: true }))?.folder ?? null;
  }

  /** A run with at least one iteration of which something is known, and one of those. */
  async iteration(argument: unknown): Promise<{ readonly run: string; readonly iteration: number } | null> {
    const folder = await this.run(argument, (run) => run.results.length > 0, l10n.t('No run has an iteration yet whose policies could be shown.'));
    if (folder === null) return null;
    const given = fieldOf(argument, 'iteration');
    if (typeof given === 'number') return { run: folder, iteration: given };
    const results = this.catalogue.runs.find((run) => run.folder === folder)?.results ?? [];
    if (results.length === 0) throw new Error(l10n.t('No run has an iteration yet whose policies could be shown.'));
    if (results.length === 1) return { run: folder, iteration: results[0].iteration };
    const items = results.toReversed().map(({ iteration }) => ({ label: l10n.t('Iteration {0}', iteration), iteration }));
    const picked = await window.showQuickPick(items, { placeHolder: l10n.t('Which iteration?') });
    return picked === undefined ? null : { run: folder, iteration: picked.iteration };
  }
}

/** A run in a list of choices. */
export function runChoice(run: ObservedRun): QuickPickItem & { readonly folder: string } {
  return { label: `$(${stateIcon(run.state).id.replace('~spin', '')}) ${run.name}`, description: `${costOrSituation(run)} · ${dateText(run.created)}`, detail: `${situation(run)} · ${run.id}`, folder: run.folder };
}

/** The folder that an argument stands for: a path, or something with a `folder` or a `run`. */
export function folderOf(argument: unknown): string | null {
  const given = typeof argument === 'string' ? argument : (fieldOf(argument, 'folder') ?? fieldOf(argument, 'run'));
  return typeof given === 'string' && isAbsolute(given) ? given : null;
}

/** The file that an argument stands for: a Uri, its text, or something with a `uri`. */
export function uriOf(argument: unknown): Uri | null {
  if (argument instanceof Uri) return argument;
  if (typeof argument === 'string') return /^[a-z][a-z\d+.-]+:/i.test(argument) ? Uri.parse(argument, true) : isAbsolute(argument) ? Uri.file(argument) : null;
  const uri = fieldOf(argument, 'uri');
  return uri instanceof Uri ? uri : typeof uri === 'string' ? uriOf(uri) : null;
}

/** Undefined where there is none. */
export function fieldOf(argument: unknown, field: string): unknown {
  return typeof argument === 'object' && argument !== null && field in argument ? (argument as Record<string, unknown>)[field] : undefined;
}

/** The experiment in the active editor, be it text or Designer. */
function activeExperiment(): Uri | null {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof TabInputText || input instanceof TabInputCustom ? input.uri : window.activeTextEditor?.document.uri;
  return uri !== undefined && /\.ibrl\.ya?ml$/.test(uri.path) ? uri : null;
}
