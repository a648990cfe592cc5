import { randomBytes } from 'node:crypto';
import type { Uri, Webview } from 'vscode';
import { Uri as UriOf } from 'vscode';
import type { PageData } from '../../messages/channel';

/** The pages that the build makes of webview/. */
export type PageName = 'dashboard' | 'policyDiff' | 'trajectories' | 'designer' | 'sidePanel';

/**
 * The HTML of a page: one script, one style sheet, and a policy that forbids everything else. No network, no eval, no
 * inline script.
 * @param extensionUri where the extension is installed
 * @param title for screen readers
 */
export function pageHtml(webview: Webview, extensionUri: Uri, page: PageName, title: string, data: PageData): string {
  const nonce = randomBytes(16).toString('hex');
  const at = (...path: string[]): string => webview.asWebviewUri(UriOf.joinPath(extensionUri, 'dist', 'webview', ...path)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data: blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(data.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${at(`${page}.css`)}">
</head>
<body>
<script type="application/json" id="ibrl-page" nonce="${nonce}">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>
<script nonce="${nonce}" src="${at(`${page}.js`)}"></script>
</body>
</html>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
