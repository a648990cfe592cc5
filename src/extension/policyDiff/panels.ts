import { ViewColumn, type WebviewPanel, window, type Disposable } from 'vscode';
import { l10n } from 'vscode';
import { Value } from 'typebox/value';
import { type PolicyDiffSelection, policyDiffState } from '../../messages/policyDiff';
import type { Services } from '../services';
import { PolicyCards } from './cards';
import { PolicyDiffPanel } from './panel';

/** All open policy diffs. */
export class PolicyDiffPanels implements Disposable {
  static readonly viewType = 'ibrl.policyDiff';
  private readonly open_ = new Set<PolicyDiffPanel>();
  private readonly cards = new PolicyCards();

  constructor(private readonly services: Services) {}

  /** Shows the comparison: in the panel that shows the iteration already, else in a new one. */
  open(selection: PolicyDiffSelection): void {
    const shown = [...this.open_].find((one) => one.shows(selection));
    if (shown !== undefined) {
      shown.select(selection);
      shown.reveal();
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
    const host = new PolicyDiffPanel(this.services, panel, this.cards, selection);
    this.open_.add(host);
    panel.onDidDispose(() => {
      this.open_.delete(host);
      host.dispose();
    });
  }

  dispose(): void {
    for (const host of this.open_) host.dispose();
    this.open_.clear();
    this.cards.dispose();
  }
}
