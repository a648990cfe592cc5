import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from './controls';
import { icon, type IconName } from './icons';
import { iconStyle } from './iconStyle';
import { t } from './text';

/** A state of a page: the fact, then the remedy, then what to press. Buttons go into its slot. */
export class IbrlBanner extends LitElement {
  static override readonly styles = [controls, iconStyle, css`
    :host { display: block; }
    .banner { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; padding: 8px 12px; border: 1px solid var(--ibrl-rule); }
    .words { flex: 1 1 260px; display: flex; gap: 8px; }
    p { margin: 0; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  `];

  @property() icon: IconName = 'info';
  @property() fact = '';
  @property() remedy = '';

  override render(): TemplateResult {
    return html`<div class="banner" role="group" aria-label=${this.fact}>
      <div class="words">${icon(this.icon)}<div><p><strong>${this.fact}</strong></p>${this.remedy === '' ? nothing : html`<p class="muted">${this.remedy}</p>`}</div></div>
      <div class="actions"><slot></slot></div>
    </div>`;
  }
}
customElements.define('ibrl-banner', IbrlBanner);

/** What every page says when its host does not answer: what is shown stays, and is old. */
export function hostLostBanner(): TemplateResult {
  return html`<ibrl-banner role="alert" icon="lost" .fact=${t('The extension does not answer.')} .remedy=${t('What is shown may be old. This page goes on by itself as soon as the extension is back.')}></ibrl-banner>`;
}

/** What every page says in a folder that is not trusted. @param manage opens the workbench's page of trust */
export function untrustedBanner(manage: () => void): TemplateResult {
  return html`<ibrl-banner icon="info" .fact=${t('This folder is not trusted.')} .remedy=${t('Everything can be looked at. Training needs trust, because it starts a process.')}><button class="primary" @click=${manage}>${t('Manage trust')}</button></ibrl-banner>`;
}
