import { l10n, ViewColumn, type WebviewPanel, window, type Disposable } from 'vscode';
import { Value } from 'typebox/value';
import { type PolicyDiffSelection, policyDiffState } from '../../messages/policyDiff';
import type { Services } from '../services';
import { PanelSet } from '../webview/panelSet';
import { PolicyCards } from './cards';
import { PolicyDiffPanel } from './panel';

/** All open policy diffs. */
export class PolicyDiffPanels implements Disposable {
  static readonly viewType = 'ibrl.policyDiff';
  private readonly shown: PanelSet<PolicyDiffPanel>;
  private readonly cards = new PolicyCards();

  constructor(private readonly services: Services) {
    this.shown = new PanelSet(services, 'policy-diff');
  }

  /** Shows the comparison: in the panel that shows the iteration already, else in a new one. */
  open(selection: PolicyDiffSelection): void {
    const same = this.shown.reveal((one) => one.selected.is(selection));
    if (same !== null) {
      same.selected.select(selection);
      return;
    }
    const panel = window.createWebviewPanel(PolicyDiffPanels.viewType, l10n.t('Policy diff'), ViewColumn.Active);
    this.adopt(panel, selection);
  }

  /** Gives a panel of an earlier window its host again. @param state what the page kept */
  restore(panel: WebviewPanel, state: unknown): void {
    if (Value.Check(policyDiffState, state)) this.adopt(panel, state.selection);
    else panel.dispose();
  }

  private adopt(panel: WebviewPanel, selection: PolicyDiffSelection): void {
    this.shown.adopt(panel, new PolicyDiffPanel(this.services, panel, this.cards, selection));
  }

  dispose(): void {
    this.shown.dispose();
    this.cards.dispose();
  }
}
