import type { Disposable, WebviewPanel } from 'vscode';
import type { OpenPanels } from './openPanels';

/** The host of a panel: what the page in it talks to. */
export interface PanelHost extends Disposable {
  /** Brings its panel to the front. */
  reveal(): void;
}

/** Open panels of one kind, each with its host until it is closed. */
export class PanelSet<Host extends PanelHost> implements Disposable {
  private readonly hosts = new Set<Host>();

  /** @param open remembers them for the next host of the window */
  constructor(private readonly open: OpenPanels) {}

  /** Brings the first that suits to the front. @returns it; null: none suits */
  reveal(suits: (host: Host) => boolean): Host | null {
    const found = [...this.hosts].find(suits) ?? null;
    found?.reveal();
    return found;
  }

  adopt(panel: WebviewPanel, host: Host): void {
    this.hosts.add(host);
    this.open.add(panel);
    const { webview } = panel;
    panel.onDidDispose(() => {
      this.open.remove(webview);
      this.hosts.delete(host);
      host.dispose();
    });
  }

  dispose(): void {
    for (const host of this.hosts) host.dispose();
    this.hosts.clear();
  }
}
