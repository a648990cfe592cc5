import type { PageData } from '../../messages/channel';

/** What the HTML of a page is made of; addresses are as the page sees them. */
export interface PageParts {
  /** for screen readers */
  readonly title: string;
  readonly data: PageData;
  /** new for each page */
  readonly nonce: string;
  /** where style sheets, fonts and pictures may come from */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/** The HTML of a page: one script, one style sheet, and a policy that forbids everything else. No network, no eval, no inline script. */
export function pageDocument({ title, data, nonce, source, script, style }: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${source}`,
    `font-src ${source}`,
    `img-src ${source} data: blob:`,
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
<link rel="stylesheet" nonce="${nonce}" href="${style}">
</head>
<body>
<script type="application/json" id="ibrl-page" nonce="${nonce}">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
