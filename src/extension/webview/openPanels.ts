import { commands, type Memento, type Tab, TabInputCustom, TabInputWebview, type Webview, type WebviewPanel, window } from 'vscode';

const key = 'ibrl.openPanels';

/** A panel, as the next host finds it. */
interface OpenPanel {
  readonly viewType: string;
  readonly title: string;
  readonly column: number;
  readonly state: unknown;
}

/** What a host leaves to the next: of this session of the window, since a reloaded window restores its panels itself. */
interface LeftByHost {
  readonly session: string;
  readonly panels: readonly OpenPanel[];
}

/**
 * Remembers the open panels with what their pages arranged. The workbench restores panels after a reload, but not when the
 * extension host alone has ended: then its successor puts new ones in the places of those that have nobody to talk to.
 */
export class OpenPanels {
  private readonly open = new Map<Webview, { readonly panel: WebviewPanel; readonly state: unknown }>();
  private readonly left: unknown;

  /** @param session of the window: the same for a host and its successor, another after a reload */
  constructor(
    private readonly memento: Memento,
    private readonly session: string,
  ) {
    this.left = memento.get<unknown>(key);
    this.remember();
  }

  /** @param state what its page arranged before */
  add(panel: WebviewPanel, state: unknown = null): void {
    if (!this.open.has(panel.webview)) this.open.set(panel.webview, { panel, state });
  }

  /** By its webview, since a panel that was closed does not tell it any more. */
  remove(webview: Webview): void {
    if (this.open.delete(webview)) this.remember();
  }

  /** The page in it has arranged something. */
  keep(webview: Webview, state: unknown): void {
    const known = this.open.get(webview);
    if (known === undefined || JSON.stringify(known.state) === JSON.stringify(state)) return;
    this.open.set(webview, { panel: known.panel, state });
    this.remember();
  }

  /** What the page in it arranged before its host ended; null: nothing. */
  arrangementOf(webview: Webview): unknown {
    return this.open.get(webview)?.state ?? null;
  }

  /** Puts living panels and Designers in the places of those of a host that has ended. Does nothing after a reload. @param restore gives a panel its host */
  async revive(restore: (panel: WebviewPanel, state: unknown) => Promise<void>): Promise<void> {
    const { left } = this;
    if (!isLeftByHost(left) || left.session !== this.session) return;
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    const inFront: WebviewPanel[] = [];
    for (const { viewType, title, column, state } of left.panels) {
      const tab = tabs.find(({ input, label, group }) => input instanceof TabInputWebview && input.viewType.endsWith(viewType) && label === title && group.viewColumn === column);
      // it was closed meanwhile
      if (tab === undefined) continue;
      const panel = window.createWebviewPanel(viewType, title, { viewColumn: column, preserveFocus: true });
      this.add(panel, state);
      if (tab.isActive) inFront.push(panel);
      await restore(panel, state);
      await window.tabGroups.close(tab, true);
    }
    for (const tab of tabs) await reviveDesigner(tab);
    for (const panel of inFront) panel.reveal(undefined, true);
  }

  private remember(): void {
    const panels = [...this.open.values()].map(({ panel: { viewType, title, viewColumn }, state }) => ({ viewType, title, column: viewColumn ?? 1, state }));
    void this.memento.update(key, { session: this.session, panels } satisfies LeftByHost);
  }
}

/** Without a schema, since a window that opens has no time to load what schemas stand on. */
function isLeftByHost(left: unknown): left is LeftByHost {
  const isPanel = (panel: Partial<OpenPanel> | null): boolean => typeof panel?.viewType === 'string' && typeof panel.title === 'string' && typeof panel.column === 'number';
  const { session, panels } = (left ?? {}) as { readonly session?: unknown; readonly panels?: unknown };
  return typeof session === 'string' && Array.isArray(panels) && (panels as (Partial<OpenPanel> | null)[]).every(isPanel);
}

/** One with unsaved changes stays, so that nobody is asked about them; one behind another editor comes back behind it. */
async function reviveDesigner(tab: Tab): Promise<void> {
  if (!(tab.input instanceof TabInputCustom) || tab.input.viewType !== 'ibrl.designer' || tab.isDirty) return;
  const { isActive, group: { viewColumn } } = tab;
  await window.tabGroups.close(tab, true);
  await commands.executeCommand('vscode.openWith', tab.input.uri, 'ibrl.designer', { viewColumn, preserveFocus: true, preview: false, background: !isActive });
}
