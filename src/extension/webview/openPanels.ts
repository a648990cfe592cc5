import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { commands, type Memento, type Tab, TabInputCustom, TabInputWebview, type Webview, type WebviewPanel, window } from 'vscode';

const key = 'ibrl.openPanels';

/** A panel, as the next host finds it. */
const openPanel = Type.Object({ viewType: Type.String(), title: Type.String(), column: Type.Number(), state: Type.Unknown() });
/** What a host leaves to the next: of this session of the window, since a reloaded window restores its panels itself. */
const leftByHost = Type.Object({ session: Type.String(), panels: Type.Array(openPanel) });

/**
 * Remembers the open panels with what their pages arranged. The workbench restores panels after a reload, but not when the
 * extension host alone has ended: then its successor puts new ones in the places of those that have nobody to talk to.
 */
export class OpenPanels {
  private readonly open = new Map<Webview, { readonly panel: WebviewPanel; readonly state: unknown }>();
  private readonly orphans: readonly Static<typeof openPanel>[];
  private readonly isSuccessor: boolean;

  /** @param session of the window: the same for a host and its successor, another after a reload */
  constructor(
    private readonly memento: Memento,
    private readonly session: string,
  ) {
    const left = memento.get<unknown>(key);
    this.isSuccessor = Value.Check(leftByHost, left) && left.session === session;
    this.orphans = Value.Check(leftByHost, left) && this.isSuccessor ? left.panels : [];
    this.remember();
  }

  /** @param state what its page arranged before */
  add(panel: WebviewPanel, state: unknown = null): void {
    if (!this.open.has(panel.webview)) this.open.set(panel.webview, { panel, state });
  }

  remove(panel: WebviewPanel): void {
    if (this.open.delete(panel.webview)) this.remember();
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
    if (!this.isSuccessor) return;
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    const inFront: WebviewPanel[] = [];
    for (const { viewType, title, column, state } of this.orphans) {
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
    void this.memento.update(key, { session: this.session, panels } satisfies Static<typeof leftByHost>);
  }
}

/** One with unsaved changes stays, so that nobody is asked about them. */
async function reviveDesigner(tab: Tab): Promise<void> {
  if (!(tab.input instanceof TabInputCustom) || tab.input.viewType !== 'ibrl.designer' || tab.isDirty) return;
  const { viewColumn } = tab.group;
  await window.tabGroups.close(tab, true);
  await commands.executeCommand('vscode.openWith', tab.input.uri, 'ibrl.designer', { viewColumn, preserveFocus: true, preview: false });
}
