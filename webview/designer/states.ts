import { html, nothing, type TemplateResult } from 'lit';
import { type DesignerState, type TemplateKind, templateKinds } from '../../src/messages/designer';
import '../shared/banner';
import { t } from '../shared/text';
import type { Actions } from './form';
import { kindName, kindWords } from './systemSection';

/** Why the form is not as usual, above it. */
export function banners(state: DesignerState, actions: Actions): TemplateResult {
  const first = state.model.findings.find(({ severity }) => severity === 'error');
  return html`
    ${state.model.state === 'broken' ? html`<ibrl-banner icon="error" .fact=${first ? t('The text is not valid YAML from line {0} on.', first.range.start.line + 1) : t('The text is not valid YAML.')} .remedy=${`${first?.message ?? ''} ${t('The form shows the last values that were valid, and cannot be edited until then.')}`}>
      ${first ? html`<button class="button" @click=${() => actions.reveal(first.range)}>${t('Go to line {0}', first.range.start.line + 1)}</button>` : nothing}</ibrl-banner>` : nothing}
    ${state.writable ? nothing : html`<ibrl-banner icon="info" .fact=${t('This file cannot be written.')} .remedy=${t('Save it under another name to change it.')}></ibrl-banner>`}
    ${state.trusted ? nothing : html`<ibrl-banner icon="info" .fact=${t('This folder is not trusted.')} .remedy=${t('The form edits and validates. Nothing is run, and no recordings are described.')}><button class="button" @click=${() => actions.command('manageTrust')}>${t('Manage trust')}</button></ibrl-banner>`}
    ${state.virtual && state.trusted ? html`<ibrl-banner icon="info" .fact=${t('This file is not on this machine.')} .remedy=${t('The form edits and validates. To run it, copy it to a folder of this machine.')}></ibrl-banner>` : nothing}`;
}

/** An empty file begins with a template. */
export function templateChoice(locked: boolean, choose: (kind: TemplateKind) => void): TemplateResult {
  return html`<main class="empty"><h1>${t('This experiment is empty.')}</h1><p>${t('Choose what is controlled. The rest has defaults, and can be changed here afterwards.')}</p>
    <ul class="templates">${templateKinds.map((kind) => html`<li><button class="template" ?disabled=${locked} @click=${() => choose(kind)}><strong>${kindName(kind)}</strong><span>${kindWords(kind)}</span></button></li>`)}</ul></main>`;
}

/** The same layout, before anything is known. */
export function skeleton(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true"><div></div><div></div><div></div></div>`;
}
