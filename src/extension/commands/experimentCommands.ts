import { basename, relative, sep } from 'node:path';
import { commands, l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { decodeExperiment } from '../../experiment/decodeText';
import { templates } from '../../experiment/templates';
import { validateExperiment } from '../../experiment/validate';
import { sampleCsv } from '../csvSample';
import type { Experiments } from '../experiments';
import type { TemplateKind } from '../../messages/designer';
import { type ColumnRole, plantExperiment } from '../plantExperiment';
import { chooseRecordings } from './chooseRecordings';
import { copyMissing, freeName } from './copies';

/** New Experiment. */
export async function newExperiment(extensionUri: Uri, experiments: Experiments): Promise<void> {
  await show(await makeExperiment(extensionUri), experiments);
}

/** Open Example. @param argument its name, else the user picks one */
export async function openExample(extensionUri: Uri, experiments: Experiments, argument: unknown): Promise<void> {
  await show(await copyExample(extensionUri, argument), experiments);
}

async function show(file: Uri | null, experiments: Experiments): Promise<void> {
  if (file === null) return;
  await experiments.refresh();
  await window.showTextDocument(file);
}

/** Validate: says in a sentence what the editor marks. */
export async function validate(uri: Uri): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document, { preview: true });
  const { text, finding } = decodeExperiment(new TextEncoder().encode(document.getText()));
  const findings = finding === null ? validateExperiment(text).findings : [finding];
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const name = basename(uri.path);
  if (findings.length === 0) {
    void window.showInformationMessage(l10n.t('{0} has no errors and no warnings.', name));
    return;
  }
  const problems = l10n.t('Show Problems');
  const sentence = l10n.t('{0}: errors {1}, warnings {2}. {3}', name, errors, findings.length - errors, findings[0].message);
  const show = errors > 0 ? window.showErrorMessage : window.showWarningMessage;
  void show(sentence, problems).then((chosen) => chosen === problems && commands.executeCommand('workbench.actions.view.problems'));
}

interface TemplateChoice extends QuickPickItem {
  /** null: made from recordings */
  readonly template: Exclude<TemplateKind, 'plant'> | null;
}

async function makeExperiment(extensionUri: Uri): Promise<Uri | null> {
  const choices: TemplateChoice[] = [
    { label: l10n.t('2D world'), detail: l10n.t('A point in the plane looks for a reward: runs in seconds, shows everything.'), template: 'grid-2d' },
    { label: l10n.t('Industrial Benchmark'), detail: l10n.t('A plant with delayed and hidden effects, as a simulator.'), template: 'industrial-benchmark' },
    { label: l10n.t('A simulator of your own'), detail: l10n.t('A program in any language that answers one line of JSON for each that it gets.'), template: 'program' },
    { label: l10n.t('Recordings of a plant (CSV)…'), detail: l10n.t('Choose files; their columns become variables.'), template: null },
  ];
  const chosen = await window.showQuickPick(choices, { placeHolder: l10n.t('What is to be controlled?') });
  if (chosen === undefined) return null;
  if (chosen.template === null) return makePlantExperiment();
  const folder = await chooseFolder();
  if (folder === null) return null;
  const { template } = chosen;
  const target = await askForName(folder, `${template === 'program' ? 'simulator' : template}.ibrl.yaml`);
  if (target === null) return null;
  if (template === 'program') await copyMissing(Uri.joinPath(extensionUri, 'media', 'templates'), folder, ['simulator.py']);
  await workspace.fs.writeFile(target, new TextEncoder().encode(templates[template]));
  return target;
}

/** The first megabyte of a recording is enough for a draft. */
const sampledBytes = 1 << 20;

async function makePlantExperiment(): Promise<Uri | null> {
  const files = await chooseRecordings(l10n.t('Use Recordings'));
  if (files.length === 0) return null;
  const bytes = (await workspace.fs.readFile(files[0])).subarray(0, sampledBytes);
  const recording = sampleCsv(new TextDecoder('utf-8').decode(bytes));
  if (recording === null) throw new Error(l10n.t('{0} has no heading with columns of numbers below it.', basename(files[0].path)));
  const headings = recording.columns.filter(({ kind }) => kind === 'number').map(({ heading }) => heading);
  const actions = await window.showQuickPick(headings, { canPickMany: true, placeHolder: l10n.t('Which columns does a controller set? They become actions.') });
  if (actions === undefined) return null;
  const others = headings.filter((heading) => !actions.includes(heading));
  if (actions.length === 0 || others.length === 0) throw new Error(l10n.t('An experiment needs at least one action and one state.'));
  const states = await window.showQuickPick(others.map((label) => ({ label, picked: true })), { canPickMany: true, placeHolder: l10n.t('Which columns follow from them? They become states; the others are left out.') });
  if (states === undefined) return null;
  if (states.length === 0) throw new Error(l10n.t('An experiment needs at least one action and one state.'));
  const chosen = new Set(states.map(({ label }) => label));
  const roles = new Map(headings.map((heading): [string, ColumnRole] => [heading, actions.includes(heading) ? 'action' : chosen.has(heading) ? 'state' : 'unused']));
  const time = recording.columns.find(({ kind }) => kind === 'time');
  if (time !== undefined) roles.set(time.heading, 'time');
  const folder = Uri.joinPath(files[0], '..');
  const target = await askForName(folder, `${basename(files[0].path).replace(/\.csv$/i, '')}.ibrl.yaml`);
  if (target === null) return null;
  const names = files.map((file) => relative(folder.fsPath, file.fsPath).split(sep).join('/'));
  const text = plantExperiment(basename(target.path).replace(/\.ibrl\.ya?ml$/, ''), names, recording, roles);
  await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  return target;
}

async function askForName(folder: Uri, suggestion: string): Promise<Uri | null> {
  const free = await freeName(folder, suggestion);
  const name = await window.showInputBox({
    title: l10n.t('Name of the experiment’s file'),
    value: free,
    valueSelection: [0, free.length - '.ibrl.yaml'.length],
    validateInput: async (value) => {
      if (!/^[^/\\]+\.ibrl\.ya?ml$/.test(value)) return l10n.t('The name ends with .ibrl.yaml and has no folder.');
      return (await freeName(folder, value)) === value ? null : l10n.t('{0} is there already.', value);
    },
  });
  return name === undefined ? null : Uri.joinPath(folder, name);
}

/** The workspace's folder, one of several, or, where there is none, one that the user chooses. */
async function chooseFolder(): Promise<Uri | null> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0].uri;
  if (folders.length > 1) return (await window.showWorkspaceFolderPick())?.uri ?? null;
  const chosen = await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: l10n.t('Use This Folder') });
  return chosen?.at(0) ?? null;
}

interface Example {
  readonly name: string;
  readonly file: string;
  /** copied too; an experiment may need them */
  readonly beside: readonly string[];
}

/** Relative to the folder of examples. */
const examples: readonly Example[] = [
  { name: 'grid-2d', file: 'grid-2d.ibrl.yaml', beside: [] },
  { name: 'industrial-benchmark', file: 'industrial-benchmark.ibrl.yaml', beside: [] },
  { name: 'plant-csv', file: 'plant-csv/tank.ibrl.yaml', beside: ['plant-csv/monday.csv', 'plant-csv/tuesday.csv', 'plant-csv/after-iteration-1.csv'] },
  { name: 'own-simulator', file: 'own-simulator/tank.ibrl.yaml', beside: ['own-simulator/tank.py'] },
];

function exampleWords(): Readonly<Record<string, readonly [string, string]>> {
  return {
    'grid-2d': [l10n.t('2D world'), l10n.t('Four iterations in about a quarter of a minute.')],
    'industrial-benchmark': [l10n.t('Industrial Benchmark'), l10n.t('Four iterations in about a minute.')],
    'plant-csv': [l10n.t('Recordings of a plant'), l10n.t('A heated tank, known by two days of CSV only.')],
    'own-simulator': [l10n.t('A simulator of your own'), l10n.t('A tank in Python; needs python3.')],
  };
}

/** Copies an example out of the extension's folder. A file that is there already is opened, not replaced. */
async function copyExample(extensionUri: Uri, argument: unknown): Promise<Uri | null> {
  const words = exampleWords();
  const items = examples.map((example) => ({ label: words[example.name][0], detail: words[example.name][1], example }));
  const named = examples.find(({ name }) => name === argument);
  const example = named ?? (await window.showQuickPick(items, { placeHolder: l10n.t('Which example? It is copied into your folder.') }))?.example;
  if (example === undefined) return null;
  const folder = await chooseFolder();
  if (folder === null) return null;
  await copyMissing(Uri.joinPath(extensionUri, 'examples'), folder, [example.file, ...example.beside]);
  return Uri.joinPath(folder, ...example.file.split('/'));
}
