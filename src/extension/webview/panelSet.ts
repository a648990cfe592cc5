import { type Disposable, Uri, type WebviewPanel } from 'vscode';
import type { Services } from '../services';

/** The host of a panel: what the page in it talks to. */
export interface PanelHost extends Disposable {
  /** Brings its panel to the front. */
  reveal(): void;
}

/** Open panels of one kind, each with its host until it is closed. */
export class PanelSet<Host extends PanelHost> implements Disposable {
  private readonly hosts = new Set<Host>();

  /** @param icon of their tabs, in media/icons: there is one for light themes and one for dark ones */
  constructor(
    private readonly services: Pick<Services, 'extensionUri' | 'openPanels'>,
    private readonly icon: string,
  ) {}

  /** Brings the first that suits to the front. @returns it; null: none suits */
  reveal(suits: (host: Host) => boolean): Host | null {
    const found = [...this.hosts].find(suits) ?? null;
    found?.reveal();
    return found;
  }

  adopt(panel: WebviewPanel, host: Host): void {
    this.hosts.add(host);
    this.services.openPanels.add(panel);
    panel.iconPath = { light: this.iconFor('light'), dark: this.iconFor('dark') };
    const { webview } = panel;
    panel.onDidDispose(() => {
      this.services.openPanels.remove(webview);
      this.hosts.delete(host);
      host.dispose();
    });
  }

  private iconFor(theme: 'light' | 'dark'): Uri {
    return Uri.joinPath(this.services.extensionUri, 'media', 'icons', `${this.icon}-${theme}.svg`);
  }

  dispose(): void {
    for (const host of this.hosts) host.dispose();
    this.hosts.clear();
  }
}
