import { Value } from 'typebox/value';
import { type Disposable, l10n, ViewColumn, type WebviewPanel, window } from 'vscode';
import { dashboardArrangement } from '../../messages/dashboard';
import type { Services } from '../services';
import { PanelSet } from '../webview/panelSet';
import { DashboardPanel } from './panel';

/** All open Run dashboards. */
export class DashboardPanels implements Disposable {
  static readonly viewType = 'ibrl.dashboard';
  private readonly shown: PanelSet<DashboardPanel>;

  constructor(private readonly services: Services) {
    this.shown = new PanelSet(services, 'dashboard');
  }

  /** Shows a run: in the panel that shows it alone already, else in a new one. @param folder of a run, or one that is to come */
  open(folder: string): void {
    this.compare([folder]);
  }

  /** Shows runs together; the first in full. */
  compare(folders: readonly string[]): void {
    const same = this.shown.reveal((one) => one.folders.join('\n') === folders.join('\n'));
    if (same === null) this.adopt(window.createWebviewPanel(DashboardPanels.viewType, l10n.t('Run dashboard'), ViewColumn.Active), folders);
  }

  /** Gives a panel of an earlier window its host again. @param state what the page kept */
  restore(panel: WebviewPanel, state: unknown): void {
    if (Value.Check(dashboardArrangement, state) && state.folders.length > 0) this.adopt(panel, state.folders, state.slots);
    else panel.dispose();
  }

  private adopt(panel: WebviewPanel, folders: readonly string[], slots: readonly number[] = []): void {
    this.shown.adopt(panel, new DashboardPanel(this.services, panel, folders, slots));
  }

  dispose(): void {
    this.shown.dispose();
  }
}
