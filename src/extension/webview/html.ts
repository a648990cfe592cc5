import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import type { PageData } from '../../messages/channel';
import { pageDocument } from './document';

/** The pages that the build makes of webview/. */
export type PageName = 'dashboard' | 'policyDiff' | 'trajectories' | 'designer' | 'sidePanel';

/**
 * The HTML of a page of this extension.
 * @param extensionUri where the extension is installed
 * @param title for screen readers
 */
export function pageHtml(webview: Webview, extensionUri: Uri, page: PageName, title: string, data: PageData): string {
  const at = (file: string): string => webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', 'webview', file)).toString();
  return pageDocument({ title, data, nonce: randomBytes(16).toString('hex'), source: webview.cspSource, script: at(`${page}.js`), style: at(`${page}.css`) });
}
