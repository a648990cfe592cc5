import { env, l10n, Uri, type Disposable, type Webview } from 'vscode';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { pageLife } from '../../messages/channel';
import type { OpenPanels } from './openPanels';
import { pageHtml, type PageName } from './html';

/** What a page's host needs of its surroundings. */
export interface PageSurroundings {
  readonly extensionUri: Uri;
  /** English → translated, of the workbench's language; null: English */
  readonly translations: Readonly<Record<string, string>> | null;
  /** one line in the log channel */
  readonly log: (line: string) => void;
  readonly openPanels: OpenPanels;
}

/** The host's end of a page. */
export interface HostedPage<Sent extends object> extends Disposable {
  /** Tells when the window has passed the message on to its page: one that is busy takes its time. */
  send(message: Sent): PromiseLike<boolean>;
  /** Sends it unless it says what the last one said. @param said what it says: what is left out makes no difference @returns null when it was not sent */
  sendNews(message: Sent, said?: string): PromiseLike<boolean> | null;
}

/**
 * The host's end of a page: sets its HTML, checks every message of it against the schema of its surface, answers the
 * questions that all pages ask.
 * @param received schema of the surface's own messages; others are dropped and told in the log
 * @param onReady the page can draw, for the first time or anew: send it everything
 */
export function attachPage<Received extends TSchema, Sent extends object>(
  webview: Webview,
  surroundings: PageSurroundings,
  options: {
    readonly page: PageName;
    readonly title: string;
    readonly received: Received;
    readonly onReady: () => void;
    readonly onMessage: (message: Static<Received>) => void;
  },
): HostedPage<Sent> {
  let last: string | null = null;
  const send = (message: Sent): PromiseLike<boolean> => webview.postMessage(message);
  webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(surroundings.extensionUri, 'dist', 'webview')] };
  const subscription = webview.onDidReceiveMessage((message: unknown) => {
    if (Value.Check(pageLife, message)) {
      if (message.kind === 'ping') void webview.postMessage({ kind: 'alive' });
      else if (message.kind === 'kept') surroundings.openPanels.keep(webview, message.state);
      else {
        last = null;
        options.onReady();
      }
    } else if (Value.Check(options.received, message)) options.onMessage(message as Static<Received>);
    else surroundings.log(l10n.t('A message of the page {0} was not understood and is ignored.', options.page));
  });
  webview.html = pageHtml(webview, surroundings.extensionUri, options.page, options.title, { locale: env.language, translations: surroundings.translations, arrangement: surroundings.openPanels.arrangementOf(webview) });
  return {
    send,
    sendNews: (message, said = JSON.stringify(message)) => {
      if (said === last) return null;
      last = said;
      return send(message);
    },
    dispose: () => subscription.dispose(),
  };
}
