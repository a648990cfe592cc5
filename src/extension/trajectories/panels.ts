import { l10n, ViewColumn, type WebviewPanel, window, type Disposable } from 'vscode';
import { Value } from 'typebox/value';
import { type TrajectoriesSelection, trajectoriesState } from '../../messages/trajectories';
import type { Services } from '../services';
import { PanelSet } from '../webview/panelSet';
import { TrajectoriesPanel } from './panel';

/** All open players. */
export class TrajectoriesPanels implements Disposable {
  static readonly viewType = 'ibrl.trajectories';
  private readonly shown: PanelSet<TrajectoriesPanel>;

  constructor(private readonly services: Services) {
    this.shown = new PanelSet(services, 'trajectories');
  }

  /** Shows an iteration's episodes: in the panel that shows them already, else in a new one. */
  open(selection: TrajectoriesSelection): void {
    const same = this.shown.reveal((one) => one.selected.is(selection));
    if (same !== null) {
      same.selected.select(selection);
      return;
    }
    this.adopt(window.createWebviewPanel(TrajectoriesPanels.viewType, l10n.t('Trajectories'), ViewColumn.Active), selection);
  }

  /** Gives a panel of an earlier window its host again. @param state what the page kept */
  restore(panel: WebviewPanel, state: unknown): void {
    if (Value.Check(trajectoriesState, state)) this.adopt(panel, state.selection);
    else panel.dispose();
  }

  private adopt(panel: WebviewPanel, selection: TrajectoriesSelection): void {
    this.shown.adopt(panel, new TrajectoriesPanel(this.services, panel, selection));
  }

  dispose(): void {
    this.shown.dispose();
  }
}
