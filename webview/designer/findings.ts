import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../shared/icons';
import { t } from '../shared/text';
import { fieldId, type Form, type PlacedFinding } from './form';
import type { Hint } from './hints';
import { measured } from './numbers';

/** A sentence in which `code` stands between back ticks. */
export function sentence(text: string): TemplateResult {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** The id of what stands below a field about its value. */
export function findingsId(path: string): string {
  return `${fieldId(path)}-findings`;
}

/** Findings and hints of a field, with what can be done about them. F8 goes from one to the next. */
export function findingsBeside(form: Form, path: string, more: readonly PlacedFinding[] = []): TemplateResult | typeof nothing {
  const placed = [...form.findingsAt(path), ...more];
  const hints = form.hintsAt(path);
  if (placed.length + hints.length === 0) return nothing;
  return html`<div class="findings" id=${findingsId(path)}>
    ${placed.map((one) => findingLine(form, one))}
    ${hints.map((hint) => hintLine(form, hint))}
  </div>`;
}

export function findingLine(form: Form, { finding, index }: PlacedFinding): TemplateResult {
  const { fix } = finding;
  return html`<p class="finding ${finding.severity}" tabindex="-1" data-finding=${finding.path}>
    ${icon(finding.severity)}<span><span class="visually-hidden">${finding.severity === 'error' ? t('Error:') : t('Warning:')}</span> ${sentence(finding.message)}
    ${fix && !form.locked ? html` <button class="link" @click=${() => form.actions.fix(index)}>${sentence(fix.title)}</button>` : nothing}
    <button class="link" @click=${() => form.actions.reveal(finding.range)}>${t('Line {0}', finding.range.start.line + 1)}</button></span>
  </p>`;
}

function hintLine(form: Form, hint: Hint): TemplateResult {
  const { end, kept, message, path, suggested } = hint;
  const bound = form.value(path);
  const set = (): void => {
    if (!Array.isArray(bound)) return;
    form.actions.change({ kind: 'set', path, value: end === 'low' ? [suggested, bound[1]] : [bound[0], suggested] });
  };
  return html`<p class="finding warning" tabindex="-1" data-finding=${path}>
    ${icon('warning')}<span><span class="visually-hidden">${t('Warning:')}</span> ${message}
    ${form.locked ? nothing : html`<button class="link" @click=${set}>${t('Set to {0}', measured(suggested))}</button>`}
    <button class="link" @click=${() => form.actions.keepAsIs(hint)}>${t('Keep {0}', measured(kept))}</button></span>
  </p>`;
}

/** The sign behind a section's name. */
export function sectionMark(form: Form, section: string): TemplateResult | typeof nothing {
  const findings = form.findingsOf(section);
  const errors = findings.filter(({ finding }) => finding.severity === 'error').length;
  const warnings = findings.length - errors + form.hints.filter(({ path }) => path.startsWith(`${section}.`)).length;
  if (errors > 0) return html`${icon('error')}<span class="visually-hidden">${errors === 1 ? t('1 error') : t('{0} errors', errors)}</span>`;
  if (warnings > 0) return html`${icon('warning')}<span class="visually-hidden">${warnings === 1 ? t('1 warning') : t('{0} warnings', warnings)}</span>`;
  return nothing;
}
