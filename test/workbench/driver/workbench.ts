import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { soon } from './runs';
import { makeWorkspace, removeWorkspace, type WorkspaceFiles } from './workspaces';

/** How long one thing on the screen may take on a loaded machine. */
const limitMs = 120_000;
/** How long a list of choices is looked at before it is opened anew, at first: it takes its entries once, as it opens, and some time to show them. */
const listMs = 1_500;

/** How a window is opened. */
export interface WorkbenchOptions extends WorkspaceFiles {
  /** an existing folder instead of one made for this window; null: no folder at all */
  readonly folder?: string | null;
  /** a file `.code-workspace` in the folder, which is opened in place of the folder */
  readonly workspaceFile?: string;
  /** what is done in the folder before there is a window on it */
  readonly before?: (workspace: string) => Promise<unknown>;
  /** of the window's display; VS Code's own words stay English */
  readonly language?: 'de';
  /** address of another VS Code than the shared one */
  readonly url?: string;
  /** its profile */
  readonly data?: string;
  readonly context?: BrowserContextOptions;
}

/** One window of the real VS Code on a folder of its own, with the verbs of a path. */
export class Workbench {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
    /** the folder that it shows; empty: none */
    readonly workspace: string,
    private readonly data: string,
    private readonly ownsWorkspace: boolean,
    private readonly outsideHosts: Set<string>,
  ) {}

  /** Opens a window and waits until the extension is there. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const browser = await chromium.connect(inject('browserEndpoint'));
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'], ...options.context });
    context.setDefaultTimeout(limitMs);
    const outsideHosts = new Set<string>();
    await context.route(isOutside, (route) => {
      outsideHosts.add(new URL(route.request().url()).hostname);
      return route.abort();
    });
    const page = await context.newPage();
    if (options.language !== undefined) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)}`);
    const workspace = options.folder === undefined ? makeWorkspace(options) : (options.folder ?? '');
    await options.before?.(workspace);
    const workbench = new Workbench(browser, page, workspace, options.data ?? inject('workbenchData'), options.folder === undefined, outsideHosts);
    const shown: Record<string, string> = workspace === '' ? { ew: 'true' } : options.workspaceFile === undefined ? { folder: workspace } : { workspace: join(workspace, options.workspaceFile) };
    const query = `?${new URLSearchParams(shown).toString()}`;
    await page.goto(`${options.url ?? inject('workbenchUrl')}/${query}`, { waitUntil: 'commit' });
    await workbench.ready();
    if (options.workspaceFile !== undefined) await workbench.readyWithFolders();
    return workbench;
  }

  /** Waits until the window is there, and the extension in it. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.activitybar a.action-label[aria-label^="IBRL"]').waitFor();
  }

  /**
   * The same, with the folders of a file `.code-workspace`. In a browser VS Code overlooks them when it has read the file before
   * it is ready for what it says (the window is then one without folders); it keeps them, and has them when it is loaded anew.
   */
  private async readyWithFolders(): Promise<void> {
    const limit = performance.now() + limitMs;
    for (let lookMs = listMs; ; lookMs *= 2) {
      try {
        await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: lookMs });
        return;
      } catch (error) {
        if (performance.now() > limit) throw new Error('The window never had the folders of its workspace.', { cause: error });
      }
      await this.page.reload({ waitUntil: 'commit' });
      await this.ready();
    }
  }

  /** Hosts outside of this machine that the window has asked for something. */
  get asked(): readonly string[] {
    return [...this.outsideHosts];
  }

  /** Runs a command of the palette by its whole title, with its category. */
  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  /** Whether the palette offers a command at the moment. */
  async offers(title: string): Promise<boolean> {
    const input = await this.openList('F1');
    await write(input, `>${title}`);
    // the last row asks for extensions, or says that nothing suits: the list has answered
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const found = await this.choice(new RegExp(`^${escaped(title)}$`)).count();
    await this.closeList();
    return found > 0;
  }

  /** Titles of the palette's commands that begin so, as far as the list shows them; not their English names, which stand below. */
  async titlesLike(beginning: string): Promise<string[]> {
    const input = await this.openList('F1');
    await write(input, `>${beginning}`);
    const labels = this.page.locator('.quick-input-list .monaco-list-row :not(.quick-input-list-label-meta) > .monaco-icon-label .label-name', { hasText: new RegExp(`^${escaped(beginning)}`) });
    await labels.first().waitFor();
    const titles = await labels.allInnerTexts();
    await this.closeList();
    return titles;
  }

  /** Opens a file of the workspace as text, and waits until that is the editor in front. */
  async openFile(name: string): Promise<void> {
    await this.pick('Control+P', name, basename(name));
    // an editor takes its next file while it still shows lenses and findings of the one before
    await this.editor().and(this.page.locator(`[data-uri$="/${name}"]`)).waitFor();
  }

  /** Takes a row of the list of choices that a command has opened. */
  async choose(label: string | RegExp): Promise<void> {
    // where it has come to lie on a row of this list, what is told of that one covers the next
    await this.page.mouse.move(0, 0);
    await this.choice(label).click();
  }

  /** What the list of choices that a command has opened offers, in its order. @param question stands in its input */
  async choices(question: string): Promise<string[]> {
    await this.page.locator(`.quick-input-widget:visible input[placeholder^="${question}"]`).waitFor();
    const labels = this.page.locator('.quick-input-list .monaco-list-row .quick-input-list-rows > .quick-input-list-row:first-child .label-name');
    await labels.first().waitFor();
    return labels.allInnerTexts();
  }

  /** Turns ticks of a list over, and accepts it. @param question stands in its input; a list may follow one that looks alike */
  async tick(question: string, labels: readonly string[]): Promise<void> {
    const input = this.page.locator(`.quick-input-widget:visible input[placeholder^="${question}"]`);
    await input.waitFor();
    await this.page.mouse.move(0, 0);
    for (const label of labels) {
      const row = this.choice(new RegExp(`^${escaped(label)}$`));
      const wanted = (await row.getAttribute('aria-checked')) === 'true' ? 'false' : 'true';
      await row.click();
      await row.and(this.page.locator(`[aria-checked="${wanted}"]`)).waitFor();
    }
    await input.press('Enter');
  }

  /** Answers the input box that a command has opened; null keeps what it suggests. */
  async answer(text: string | null): Promise<void> {
    // a list that was open before has an input, too
    const box = this.page.locator('.quick-input-widget:visible').filter({ hasNot: this.page.locator('.quick-input-list:visible') });
    const input = box.locator('.quick-input-box input');
    await input.waitFor();
    if (text !== null) await write(input, text);
    await input.press('Enter');
  }

  /** Answers the dialog for files or folders that a command has opened: by the path of one that is there, among few others. */
  async chooseFile(path: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    // first it reads its own folder, then that of the path
    await this.choice('..').waitFor();
    await write(input, path);
    await this.accept(basename(path));
  }

  /** Accepts what a dialog for files suggests, once it lists this name: it takes no answer while it reads a folder. */
  async accept(listed: string): Promise<void> {
    await this.choice(listed).waitFor();
    await this.page.locator('.quick-input-widget:visible .quick-input-box input').press('Enter');
  }

  /** The tab of an editor. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title });
  }

  /** A page of the extension by the place that it has among those in sight, in the order in which they were made. */
  webview(nth = 0): FrameLocator {
    return this.page.locator('iframe.webview.ready:visible').nth(nth).contentFrame().locator('iframe#active-frame').contentFrame();
  }

  /** The frame that the page lies in, for pictures of it. */
  webviewFrame(nth = 0): Locator {
    return this.page.locator('iframe.webview.ready:visible').nth(nth);
  }

  /** The text editor in front. */
  editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor[role="code"]').first();
  }

  /** Puts the cursor behind a text of the file in front, by the editor's own search. */
  async cursorBehind(text: string): Promise<void> {
    await this.editor().click();
    await this.page.keyboard.press('Control+F');
    const find = this.page.locator('.find-widget.visible textarea[aria-label="Find"]');
    await write(find, text);
    // what is found is selected; the search's own count may still be that of an earlier text
    const selected = this.page.locator('.statusbar-item[id="status.editor.selection"]', { hasText: `(${text.length} selected)` });
    await selected.waitFor();
    await this.page.keyboard.press('Escape');
    // keys that come before the editor has the keyboard again go to the search
    await this.page.locator('.find-widget.visible').waitFor({ state: 'hidden' });
    await this.editor().locator(':is(.native-edit-context, textarea.inputarea):focus').waitFor({ state: 'attached' });
    await this.page.keyboard.press('ArrowRight');
    await selected.waitFor({ state: 'detached' });
  }

  /** Saves the editor in front, and waits until its tab says so. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.editor-group-container.active .tab.active:not(.dirty)').waitFor();
  }

  /** A file of the workspace as it lies on the disk. */
  textOf(name: string): string {
    return readFileSync(join(this.workspace, name), 'utf8');
  }

  /** Opens the view container of the extension. */
  async openContainer(): Promise<void> {
    const icon = this.page.locator('.activitybar .action-item').filter({ has: this.page.locator('a.action-label[aria-label^="IBRL"]') });
    if ((await icon.getAttribute('aria-expanded')) !== 'true' && !(await icon.evaluate((item) => item.classList.contains('checked')))) await icon.click();
    // as its title begins in either language
    await this.section('Experiment').waitFor();
  }

  /** A view of the side bar by its title. */
  section(title: string): Locator {
    return this.page.locator('.sidebar .pane').filter({ has: this.page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** Rows of a view. */
  rows(title: string): Locator {
    return this.section(title).locator('.monaco-list-row');
  }

  /** Toasts in sight. */
  toasts(): Locator {
    return this.page.locator('.notification-toast');
  }

  /** The extension's item in the status bar. */
  statusItem(): Locator {
    return this.page.locator('.statusbar-item[id*="ibrl.status"]');
  }

  /** The tooltip of the extension's item in the status bar. */
  async tooltipOfStatus(): Promise<Locator> {
    await this.statusItem().hover();
    const tooltip = this.page.locator('.monaco-hover').filter({ hasText: 'Show Log' });
    await tooltip.waitFor();
    return tooltip;
  }

  /** Sentences of the Problems view, once there are any. */
  async problems(): Promise<string[]> {
    await this.command('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row .marker-message-details-container, .markers-panel .monaco-list-row .details-container');
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  /** Waits for a line of the extension's log. @returns the line */
  waitForLog(pattern: RegExp): Promise<string> {
    return soon(() => this.logLines().find((line) => pattern.test(line)), `a line of the log like ${pattern.source}`);
  }

  /** The extension's log of all windows of this VS Code. */
  logLines(): string[] {
    const logs = join(this.data, 'logs');
    const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('IBRL.log'));
    return files.flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'));
  }

  /**
   * Waits until the window has put a text into the store that it restores itself from. It does so some seconds after an editor was opened,
   * closed or brought to the front; in a browser, a reload loses what is younger.
   * @param text as JSON has it, however deep
   */
  async waitUntilKept(text: string): Promise<void> {
    await soon(async () => (await this.page.evaluate(isKept, text)) || null, `“${text}” in the window’s store`);
  }

  /** Reloads the window and waits until the extension is back. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('domcontentloaded'), this.command('Developer: Reload Window')]);
    await this.ready();
  }

  /** Closes the window, so that its extension host ends as it does for a person, and removes what it has left. */
  async close(): Promise<void> {
    if (this.page.isClosed()) return;
    const context = this.page.context();
    const pictures = process.env['IBRL_PICTURES'];
    if (pictures !== undefined) await this.page.screenshot({ path: join(pictures, `${basename(this.workspace)}.png`) });
    await this.page.close();
    await context.close();
    await this.browser.close();
    if (this.ownsWorkspace) await removeWorkspace(this.workspace);
  }

  /** A list takes its entries once, as it opens, and stays open when something else takes the keyboard: it is opened anew until it has the row. */
  private async pick(key: string, text: string, label: string): Promise<void> {
    const row = this.choice(new RegExp(`^${escaped(label)}$`));
    const limit = performance.now() + limitMs;
    for (let lookMs = listMs; ; lookMs *= 2) {
      const input = await this.openList(key);
      await write(input, text);
      try {
        await row.waitFor({ timeout: lookMs });
        await row.click();
        return;
      } catch (error) {
        if (performance.now() > limit) throw new Error(`The list of choices never held “${label}”.`, { cause: error });
        await this.closeList();
      }
    }
  }

  private choice(label: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ has: this.page.locator('.label-name', { hasText: label }) }).first();
  }

  private async openList(key: string): Promise<Locator> {
    const input = this.page.locator('.quick-input-widget:visible .quick-input-box input');
    const limit = performance.now() + limitMs;
    for (let lookMs = listMs; ; lookMs *= 2) {
      // a page of the extension that is just being loaded swallows keys
      await this.page.keyboard.press(key);
      try {
        await input.waitFor({ timeout: lookMs });
        return input;
      } catch (error) {
        if (performance.now() > limit) throw new Error(`${key} never opened a list of choices.`, { cause: error });
      }
    }
  }

  private async closeList(): Promise<void> {
    await this.page.locator('.quick-input-widget:visible .quick-input-box input').press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }
}

/** Writes into a field of the window itself, wherever the keyboard is: words that are typed land in an editor that is just being opened and takes it. */
async function write(field: Locator, text: string): Promise<void> {
  await field.evaluate((element: unknown, value) => {
    const { Event } = globalThis as unknown as { readonly Event: new (type: string, init: { readonly bubbles: boolean }) => object };
    const input = element as { value: string; dispatchEvent(event: object): void };
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
}

/** Runs in the window. */
async function isKept(text: string): Promise<boolean> {
  const { indexedDB } = globalThis as unknown as { readonly indexedDB: Stores };
  const answer = <Result>(request: StoreRequest<Result>): Promise<Result> => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('The window’s store cannot be read.'));
  });
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const store = await answer(indexedDB.open(name));
    const values = await answer(store.transaction('ItemTable').objectStore('ItemTable').getAll());
    store.close();
    if (values.some((value) => String(value).replaceAll('\\', '').includes(text))) return true;
  }
  return false;
}

/** As much of a browser's IndexedDB as is read here. */
interface Stores {
  databases(): Promise<{ readonly name: string }[]>;
  open(name: string): StoreRequest<{ transaction(table: string): { objectStore(table: string): { getAll(): StoreRequest<unknown[]> } }; close(): void }>;
}
interface StoreRequest<Result> {
  readonly result: Result;
  onsuccess: () => void;
  onerror: () => void;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isOutside(url: URL): boolean {
  return /^(https?|wss?):$/.test(url.protocol) && !['127.0.0.1', 'localhost'].includes(url.hostname);
}
