import { env, l10n, type LogOutputChannel, version, window, workspace } from 'vscode';
import { version as ownVersion } from '../../../package.json';
import type { CommandLine } from '../commandLine';
import { commandIds } from '../commandIds';
import { checksIn, issueText } from '../issueText';
import type { RunCatalogue } from '../services';
import type { CommandRegistrar } from './registrar';

interface HelpParts {
  readonly commandLine: CommandLine;
  readonly channel: LogOutputChannel;
  readonly catalogue: RunCatalogue;
}

/** Show Log, Doctor, Report Issue. */
export function registerHelpCommands(registrar: CommandRegistrar, { commandLine, channel, catalogue }: HelpParts): void {
  registrar.register(commandIds.showLog, () => channel.show());
  registrar.register(commandIds.doctor, async () => {
    const { output, exitCode } = await commandLine.outcome(['doctor']);
    channel.info(`ibrl doctor\n${output}`);
    const show = l10n.t('Show Log');
    const shown = exitCode === 0 ? await window.showInformationMessage(l10n.t('This machine has what a run needs.'), show) : await window.showWarningMessage(l10n.t('Something that a run needs is missing; the log has the details.'), show);
    if (shown === show) channel.show();
  });
  registrar.register(commandIds.reportIssue, async () => {
    const doctor = workspace.isTrusted ? checksIn((await commandLine.outcome(['doctor', '--json'])).output) : null;
    const content = issueText({
      extension: ownVersion,
      editor: `${env.appName} ${version}`,
      node: process.versions.node,
      system: `${process.platform} ${process.arch}`,
      language: env.language,
      remote: env.remoteName !== undefined,
      doctor,
      states: catalogue.runs.map(({ state }) => state),
      failure: catalogue.runs.find((run) => run.failure !== null)?.failure?.code ?? null,
    });
    await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
    void window.showInformationMessage(l10n.t('This text is yours to complete and to send; nothing has left this machine.'));
  });
}
