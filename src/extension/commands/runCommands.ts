import { dirname, join } from 'node:path';
import { l10n, type LogOutputChannel, type Uri, window } from 'vscode';
import { RunQueue } from '../../launcher/queue';
import { requestStop } from '../../launcher/stop';
import { ibrlFolder } from '../../run/paths';
import type { PolledCatalogue } from '../catalogue/polledCatalogue';
import { isResumable } from '../catalogue/resumable';
import { commandIds } from '../commandIds';
import type { QueueWorkers } from '../runs/queueWorkers';
import type { RunStarter } from '../runs/runStarter';
import { settings } from '../settings';
import type { RunnableExperiment } from './experimentText';
import type { CommandRegistrar } from './registrar';
import { fieldOf, type Targets } from './targets';

/** What the verbs of a run need. */
export interface RunCommandParts {
  readonly catalogue: PolledCatalogue;
  readonly targets: Targets;
  readonly starter: RunStarter;
  readonly workers: QueueWorkers;
  readonly channel: LogOutputChannel;
  readonly openDashboard: (folder: string) => void;
}

/** Run, Queue, Stop after this iteration, Stop now, Resume. */
export function registerRunCommands(registrar: CommandRegistrar, parts: RunCommandParts): void {
  const { catalogue, targets, starter, workers } = parts;
  registrar.register(commandIds.run, async (argument) => {
    const uri = await targets.experiment(argument);
    const runnable = uri === null ? null : await readRunnable(uri);
    if (runnable !== null) await begin(parts, runnable.source, runnable.text);
  });
  registrar.register(commandIds.queue, async (argument) => {
    const uri = await targets.experiment(argument);
    const runnable = uri === null ? null : await readRunnable(uri);
    if (runnable === null) return;
    const entry = starter.queue(runnable.source, runnable.text);
    await catalogue.refresh();
    workers.work(ibrlFolder(runnable.source));
    const place = catalogue.queued.findIndex(({ id }) => id === entry.id) + 1;
    window.setStatusBarMessage(l10n.t('{0} is queued, place {1}.', runnable.experiment.name, Math.max(1, place)), 5_000);
  });
  registrar.register(commandIds.removeFromQueue, async (argument) => {
    const id = fieldOf(fieldOf(argument, 'queued'), 'id') ?? (await pickQueued(catalogue));
    const entry = catalogue.queued.find((one) => one.id === id);
    if (entry === undefined) return;
    new RunQueue(ibrlOf(entry.file)).remove(entry.id);
    await catalogue.refresh();
  });
  registrar.register(commandIds.stopAfterIteration, (argument) => stop(parts, argument, 'after-iteration'));
  registrar.register(commandIds.stopNow, (argument) => stop(parts, argument, 'now'));
  registrar.register(commandIds.resume, async (argument) => {
    const folder = await targets.run(argument, ({ state }) => isResumable(state), l10n.t('No run waits to be resumed.'));
    if (folder === null) return;
    await starter.resume(folder);
    if (settings.openDashboard()) parts.openDashboard(folder);
    await catalogue.refresh();
  });
}

/** Loads the validator when it is first needed. */
async function readRunnable(uri: Uri): Promise<RunnableExperiment | null> {
  return (await import('./experimentText')).readToRun(uri);
}

/** Starts a run, and shows it. */
export async function begin({ catalogue, starter, openDashboard }: RunCommandParts, source: string, text: string): Promise<void> {
  const folder = await starter.begin(source, text);
  if (settings.openDashboard()) openDashboard(folder);
  await catalogue.refresh();
}

async function stop({ catalogue, targets }: RunCommandParts, argument: unknown, when: 'after-iteration' | 'now'): Promise<void> {
  const folder = await targets.run(argument, ({ state }) => state === 'running', l10n.t('Nothing is running.'));
  if (folder === null) return;
  if (requestStop(folder, when) === null) void window.showInformationMessage(l10n.t('The run is not at work, so there is nothing to stop.'));
  await catalogue.refresh();
}

async function pickQueued({ queued }: PolledCatalogue): Promise<string | undefined> {
  if (queued.length === 0) throw new Error(l10n.t('No run is queued.'));
  const items = queued.map(({ id, source }, index) => ({ label: source ?? id, description: l10n.t('queued, place {0}', index + 1), id }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which run shall leave the queue?') }))?.id;
}

/** The `.ibrl` folder of a queue's file. */
function ibrlOf(file: string): string {
  return join(dirname(file), '..');
}
