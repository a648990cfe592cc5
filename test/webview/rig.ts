import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { pageDocument } from '../../src/extension/webview/document';
import type { PageName } from '../../src/extension/webview/html';
import { type ThemeName, themes, themeSheet } from './themes';

const dist = resolve(import.meta.dirname, '../../dist');
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf', '.html': 'text/html; charset=utf-8' };

/** How a page is opened. */
export interface PageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** the host's language; its translations come from the build */
  readonly locale?: string;
  /** every string through this instead, for the pseudo-locale */
  readonly translations?: Readonly<Record<string, string>>;
  /** what the page kept before the reload */
  readonly state?: unknown;
  /** what was arranged in the page that it stands in for */
  readonly arrangement?: unknown;
  /** what the host answers to `ready` */
  readonly messages?: readonly object[];
  readonly reducedMotion?: boolean;
  /** the background that the workbench gives the place: an editor's or the side bar's */
  readonly background?: 'editor' | 'sideBar';
}

/** A page in a browser, with the other end of its channel. */
export interface OpenedPage {
  readonly page: Page;
  /** as the host does */
  send(message: object): Promise<void>;
  /** what the page said, without `ready`, `ping` and `kept` */
  received(): Promise<unknown[]>;
  /** what it keeps over a reload */
  kept(): Promise<unknown>;
  /** whether the host answers pings, from now on */
  answer(alive: boolean): Promise<void>;
  /** sentences about what is not accessible; none: clean */
  accessibility(): Promise<string[]>;
  /** what went wrong in the page so far: errors, and what its policy refused */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** The real pages of the build in real Chromium, under their own policy, with a host that a test plays. */
export class WebviewRig {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly documents: Map<string, string>,
  ) {}

  static async start(): Promise<WebviewRig> {
    const documents = new Map<string, string>();
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://page').pathname;
      if (path === '/favicon.ico') return response.writeHead(204).end();
      const text = documents.get(path) ?? fileText(path);
      if (text === null) return response.writeHead(404).end();
      return response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(text);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const browser = await chromium.launch({ executablePath: await chromiumPath(), args: ['--no-sandbox', '--font-render-hinting=none'] });
    return new WebviewRig(browser, server, documents);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((closed) => this.server.close(closed));
  }

  async open(name: PageName, options: PageOptions = {}): Promise<OpenedPage> {
    const { theme = 'dark', width = 1280, height = 900, locale = 'en', messages = [], state } = options;
    const origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const id = randomBytes(6).toString('hex');
    this.documents.set(`/${id}.css`, themeSheet(theme) + (options.background === 'sideBar' ? ' body { background: var(--vscode-sideBar-background) !important; }' : ''));
    this.documents.set(`/${id}.html`, surrounded(pageDocument({
      title: name, data: { locale, translations: options.translations ?? translationsOf(locale), arrangement: options.arrangement ?? null }, nonce: randomBytes(16).toString('hex'), source: origin,
      script: `${origin}/webview/${name}.js`, style: `${origin}/webview/${name}.css`,
    }), theme, `${origin}/${id}.css`));
    const context = await this.browser.newContext({ viewport: { width, height }, reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference', forcedColors: 'none' });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (line) => {
      if (line.type() === 'error' || /Content Security Policy/.test(line.text())) problems.push(line.text());
    });
    await page.addInitScript(playHost, { messages: [...messages], state });
    await page.goto(`${origin}/${id}.html`);
    return {
      page,
      problems,
      send: (message) => page.evaluate((sent) => (globalThis as unknown as InPage).postMessage(sent, '*'), message),
      received: () => page.evaluate(() => (globalThis as unknown as InPage).rig.received),
      kept: () => page.evaluate(() => (globalThis as unknown as InPage).rig.state),
      answer: (alive) => page.evaluate((value) => void ((globalThis as unknown as InPage).rig.alive = value), alive),
      accessibility: () => accessibility(page),
      close: () => context.close(),
    };
  }
}

function fileText(path: string): Buffer | null {
  const file = resolve(join(dist, path));
  return file.startsWith(join(dist, 'webview')) && existsSync(file) ? readFileSync(file) : null;
}

function translationsOf(locale: string): Readonly<Record<string, string>> | null {
  const file = join(dist, 'l10n', `bundle.l10n.${locale}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : null;
}

/** What the workbench adds to the HTML of a page: the theme's tokens and classes. */
function surrounded(html: string, theme: ThemeName, sheet: string): string {
  const { kind, classes } = themes[theme];
  return html.replace('<link rel="stylesheet"', `<link rel="stylesheet" href="${sheet}">\n<link rel="stylesheet"`).replace('<body>', `<body class="${classes}" data-vscode-theme-kind="${kind}">`);
}

/** What of a page's globals the rig uses. */
interface InPage {
  rig: { received: unknown[]; state: unknown; alive: boolean };
  document: object;
  axe: { run(context: object, options: object): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> };
  postMessage(message: unknown, target: string): void;
}

/** Runs in the page before its script: the workbench's end of the channel. */
function playHost({ messages, state }: { readonly messages: readonly object[]; readonly state: unknown }): void {
  const page = globalThis as unknown as InPage;
  const rig = { received: [] as unknown[], state, alive: true };
  const answer = (message: unknown): void => {
    const kind = (message as { kind?: unknown }).kind;
    if (kind === 'ping') {
      if (rig.alive) page.postMessage({ kind: 'alive' }, '*');
    } else if (kind === 'ready') for (const sent of messages) page.postMessage(sent, '*');
    else if (kind !== 'kept') rig.received.push(message);
  };
  Object.assign(page, {
    rig,
    acquireVsCodeApi: () => ({ postMessage: answer, getState: () => rig.state, setState: (kept: unknown) => void (rig.state = kept) }),
  });
}

async function accessibility(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: checker, document } = globalThis as unknown as InPage;
    // a page of the workbench is a part of a page: it needs no landmarks and no first heading of its own
    const { violations: found } = await checker.run(document, { rules: { region: { enabled: false }, 'page-has-heading-one': { enabled: false }, 'landmark-one-main': { enabled: false } } });
    return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`).join(' | ')}`);
  });
}
