import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Table } from '../../src/report/table';

/** A table of texts, numbers to the right: the twin of a chart, or a list of its own. Scrolls inside itself when it is too wide. */
export class IbrlTable extends LitElement {
  static override readonly styles = css`
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 0.92em; }
    caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    th, td { padding: 4px 8px; text-align: right; font-weight: normal; white-space: nowrap; border-bottom: 1px solid var(--ibrl-rule); }
    th:first-child { text-align: left; padding-left: 0; }
    thead th { color: var(--ibrl-muted); white-space: normal; vertical-align: bottom; }
    .scroll:focus-visible { outline: 2px solid var(--vscode-focusBorder); }
  `;

  @property({ attribute: false }) table: Table = { columns: [], rows: [] };
  /** read out before it */
  @property() override title = '';

  override render(): TemplateResult {
    const { columns, rows } = this.table;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.title}>
      <table>
        <caption>${this.title}</caption>
        <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`)}</tbody>
      </table>
    </div>`;
  }
}
customElements.define('ibrl-table', IbrlTable);
