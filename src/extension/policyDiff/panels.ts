import { l10n, ViewColumn, type WebviewPanel, window, type Disposable } from 'vscode';
import { Value } from 'typebox/value';
import { type PolicyDiffSelection, policyDiffState } from '../../messages/policyDiff';
import type { Services } from '../services';
import { PolicyCards } from './cards';
import { PolicyDiffPanel } from './panel';

/** All open policy diffs. */
export class PolicyDiffPanels implements Disposable {
  static readonly viewType = 'ibrl.policyDiff';
  private readonly shown = new Set<PolicyDiffPanel>();
  private readonly cards = new PolicyCards();

  constructor(private readonly services: Services) {}

  /** Shows the comparison: in the panel that shows the iteration already, else in a new one. */
  open(selection: PolicyDiffSelection): void {
    const same = [...this.shown].find((one) => one.shows(selection));
    if (same !== undefined) {
      same.select(selection);
      same.reveal();
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
    this.shown.add(host);
    panel.onDidDispose(() => {
      this.shown.delete(host);
      host.dispose();
    });
  }

  dispose(): void {
    for (const host of this.shown) host.dispose();
    this.shown.clear();
    this.cards.dispose();
  }
}
