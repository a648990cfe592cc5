import { type ChildProcess, spawn } from 'node:child_process';
import { FileType, l10n, type LogOutputChannel, Uri, workspace } from 'vscode';
import { CloseAction, ErrorAction, LanguageClient } from 'vscode-languageclient/node';
import { languageMethods, type ListedFile, listFilesParams, received, type ServerOptions } from '../../messages/languageProtocol';
import { logProcess } from '../processLog';
import type { Services } from '../services';
import { offeredLenses } from './offeredLenses';

/**
 * Starts the language server and the client that talks to it. In a module of its own, since the client is large.
 * @param mayRestart asked whenever the server has ended without being told to
 */
export async function connect({ bundle, channel, translations }: Services, mayRestart: () => boolean): Promise<LanguageClient> {
  const initializationOptions: ServerOptions = translations === null ? {} : { l10n: { ...translations } };
  const client = new LanguageClient('ibrl', 'IBRL', () => spawnServer(bundle('languageServer.cjs'), channel), {
    documentSelector: [{ language: 'ibrl' }],
    initializationOptions,
    outputChannel: channel,
    middleware: { provideCodeLenses: async (document, token, next) => offeredLenses(await next(document, token)) },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: mayRestart() ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true }),
    },
  });
  client.onRequest(languageMethods.listFiles, (params: unknown) => listFiles(params));
  await client.start();
  return client;
}

/** A process of its own, at the other end of its standard streams. */
async function spawnServer(script: string, channel: LogOutputChannel): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, '--stdio', `--clientProcessId=${process.pid}`], { windowsHide: true, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.once('exit', logProcess(channel, l10n.t('Language server'), child.pid ?? 0));
  return child;
}

/** What lies in a folder beside an experiment, for the completion of file names. */
async function listFiles(params: unknown): Promise<ListedFile[]> {
  const asked = received(listFilesParams, params);
  if (asked === null) return [];
  const parts = asked.folder.split('/').filter((part) => part !== '');
  try {
    const entries = await workspace.fs.readDirectory(Uri.joinPath(Uri.parse(asked.uri, true), '..', ...parts));
    return entries.map(([name, type]) => ({ name, isFolder: (type & FileType.Directory) !== 0 }));
  } catch {
    // not there, or not to be read
    return [];
  }
}
