import { join } from 'node:path';
import { config as configureTranslations } from '@vscode/l10n';
import { commands, type Disposable, env, type ExtensionContext, l10n, window, workspace } from 'vscode';
import { PolledCatalogue } from './catalogue/polledCatalogue';
import { commandIds } from './commandIds';
import { CommandLine } from './commandLine';
import { registerDecisionCommands } from './commands/decisionCommands';
import { registerHelpCommands } from './commands/helpCommands';
import { CommandRegistrar } from './commands/registrar';
import { registerRunCommands } from './commands/runCommands';
import { registerShowCommands } from './commands/showCommands';
import { Targets } from './commands/targets';
import { registerTrashCommands } from './commands/trashCommands';
import { Contexts } from './contexts';
import { Experiments } from './experiments';
import { LanguageServer } from './language/languageServer';
import { Notifications } from './notifications';
import { AdoptedTrainers } from './runs/adoptedTrainers';
import { LeaseKeeper } from './runs/leaseKeeper';
import { QueueWorkers } from './runs/queueWorkers';
import { RunStarter } from './runs/runStarter';
import { tellUnbegun } from './runs/unbegun';
import type { Services } from './services';
import { settings } from './settings';
import { StatusBar } from './statusBar';
import { registerSurfaces } from './surfaces';
import { ExperimentsTree } from './trees/experimentsTree';
import { RunsTree } from './trees/runsTree';
import { OpenPanels } from './webview/openPanels';

/** All parts of the extension in one window, put together and taken apart. */
export class IbrlExtension {
  private readonly queue: QueueWorkers;
  private readonly language: LanguageServer;

  constructor(context: ExtensionContext) {
    const { extensionUri, subscriptions } = context;
    const own = <Part extends Disposable>(part: Part): Part => {
      subscriptions.push(part);
      return part;
    };
    const begun = performance.now();
    const translations = translationsOf(l10n.bundle);
    // what is shared with other processes, as the validator, cannot ask the editor itself
    configureTranslations({ contents: translations ?? {} });
    const channel = own(window.createOutputChannel('IBRL', { log: true }));
    const bundle: Services['bundle'] = (name) => join(context.asAbsolutePath('dist'), name);
    const translationsFile = l10n.uri?.fsPath ?? null;
    const commandLine = new CommandLine(bundle('ibrl.cjs'), translationsFile, channel);
    const catalogue = own(new PolledCatalogue(localFolders, (line) => channel.warn(line)));
    const experiments = own(new Experiments((line) => channel.warn(line)));
    const services: Services = {
      extensionUri,
      channel,
      catalogue,
      bundle,
      translations,
      log: (line) => channel.info(line),
      openPanels: new OpenPanels(context.workspaceState, env.sessionId),
      runCommandLine: (words, signal) => commandLine.run(words, signal),
      perform: (command, ...argument) => void commands.executeCommand(command, ...argument).then(undefined, (error: unknown) => channel.info(String(error))),
    };

    const lease = own(new LeaseKeeper(join((context.storageUri ?? context.globalStorageUri).fsPath, 'lease'), (error) => channel.warn(String(error))));
    const starter = new RunStarter(bundle('trainer.cjs'), translationsFile, lease, channel, (folder, exitCode) => {
      void catalogue.refresh();
      tellUnbegun(folder, exitCode);
    });
    this.queue = own(new QueueWorkers(catalogue, starter, (sentence) => void window.showErrorMessage(sentence)));
    this.language = new LanguageServer(services, () => workspace.isTrusted && settings.checkRecordingsOnSave(), async (words, signal) => (await commandLine.outcome(words, signal)).output);
    const surfaces = registerSurfaces(services, this.language, subscriptions);
    const statusBar = own(new StatusBar(catalogue, experiments));
    own(new Contexts(catalogue, experiments));
    own(new AdoptedTrainers(catalogue, (pid) => starter.isOwn(pid), channel));
    own(
      new Notifications(
        catalogue,
        (run) => {
          if (run.state === 'failed' || run.state === 'interrupted') statusBar.failed(run.folder);
        },
        services.perform,
      ),
    );

    const targets = new Targets(catalogue, experiments);
    const openDashboard = (folder: string): void => void surfaces.dashboards().then((dashboards) => dashboards.open(folder));
    const run = { catalogue, targets, starter, workers: this.queue, channel, openDashboard };
    const registrar = own(new CommandRegistrar(channel));
    registrar.register(commandIds.newExperiment, async () => (await import('./commands/experimentCommands')).newExperiment(extensionUri, experiments));
    registrar.register(commandIds.openExample, async (argument) => (await import('./commands/experimentCommands')).openExample(extensionUri, experiments, argument));
    registrar.register(commandIds.validate, async (argument) => {
      const uri = await targets.experiment(argument);
      if (uri !== null) await (await import('./commands/experimentCommands')).validate(uri);
    });
    registrar.register(commandIds.runAgainWithChanges, async (argument) => (await import('./commands/runAgain')).runAgain(run, argument));
    registerRunCommands(registrar, run);
    registerDecisionCommands(registrar, { services, catalogue, targets, starter });
    registerShowCommands(registrar, { catalogue, targets, surfaces, translations, seen: (folder) => statusBar.seen(folder) });
    registerTrashCommands(registrar, catalogue, targets);
    registerHelpCommands(registrar, { commandLine, channel, catalogue });

    const experimentsView = own(window.createTreeView('ibrl.experiments', { treeDataProvider: new ExperimentsTree(experiments) }));
    own(window.createTreeView('ibrl.runs', { treeDataProvider: new RunsTree(catalogue), canSelectMany: true }));
    own(workspace.onDidChangeWorkspaceFolders(() => void catalogue.refresh()));
    own(workspace.onDidGrantWorkspaceTrust(() => this.queue.attend()));
    catalogue.start();
    experiments.start(() => experimentsView.visible);
    this.language.attend();
    channel.info(l10n.t('IBRL Studio is active.'));
    channel.debug(`activate: ${(performance.now() - begun).toFixed(1)} ms`);
  }

  /** Gives back the queue and ends the language server; runs go on, as long as their lease is renewed. */
  async stop(): Promise<void> {
    await Promise.all([this.queue.stop(), this.language.stop()]);
  }
}

/** Folders of the workspace that processes can read. */
function localFolders(): string[] {
  return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** What the workbench has loaded of l10n/, as pages want it; null: English. */
function translationsOf(loaded: typeof l10n.bundle): Record<string, string> | null {
  if (loaded === undefined) return null;
  return Object.fromEntries(Object.entries(loaded).map(([english, translated]) => [english, typeof translated === 'string' ? translated : (translated as { readonly message: string }).message]));
}
