import { commands, type Disposable, l10n, type LogOutputChannel, window } from 'vscode';
import type { CommandId } from '../commandIds';
import { commandIds } from '../commandIds';

/** Registers commands: each is timed, logged, and its failure told, in one place. */
export class CommandRegistrar implements Disposable {
  private readonly registered: Disposable[] = [];

  constructor(private readonly channel: LogOutputChannel) {}

  /** @param handle gets what the caller gave, which may be anything */
  register(id: CommandId, handle: (argument: unknown, more: unknown) => unknown): void {
    this.registered.push(commands.registerCommand(id, (argument: unknown, more: unknown) => this.carryOut(id, () => handle(argument, more))));
  }

  dispose(): void {
    for (const command of this.registered) command.dispose();
  }

  private async carryOut(id: CommandId, handle: () => unknown): Promise<unknown> {
    const begun = performance.now();
    try {
      return await handle();
    } catch (error) {
      this.channel.error(`${id}: ${chain(error)}`);
      void this.tell(error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      this.channel.debug(`${id}: ${(performance.now() - begun).toFixed(1)} ms`);
    }
  }

  private async tell(sentence: string): Promise<void> {
    const showLog = l10n.t('Show Log');
    if ((await window.showErrorMessage(sentence, showLog)) === showLog) await commands.executeCommand(commandIds.showLog);
  }
}

/** An error with what caused it, for the log. */
function chain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` ← ${chain(error.cause)}`;
  return `${error.message}${cause}`;
}
