import { html, nothing, type TemplateResult } from 'lit';
import { count, duration } from '../shared/format';
import { icon } from '../shared/icons';
import { t } from '../shared/text';
import { sentence } from './findings';
import type { Form } from './form';

/** What the run will do, what is doubtful, and what was changed in the file. */
export function summaryPart(form: Form, goTo: (path: string) => void): TemplateResult {
  return html`<aside class="summary" aria-label=${t('Summary')}>
    <h2>${t('This run')}</h2>${workList(form)}
    <h2>${t('Findings')}</h2>${findingsList(form, goTo)}
    <h2>${t('In the file')}</h2>${changesList(form)}
  </aside>`;
}

function workList(form: Form): TemplateResult {
  const iterations = form.number('iterations');
  const policies = form.number('policies.count');
  const plant = form.state.model.system?.kind === 'plant';
  const steps = iterations * policies * form.number('deployment.episodes') * form.number('deployment.steps');
  const { lastRun } = form.state;
  const row = (term: string, value: string, strong = false): TemplateResult => html`<div><dt>${term}</dt><dd>${strong ? html`<strong>${value}</strong>` : value}</dd></div>`;
  return html`<dl class="work">
    ${row(t('Iterations'), t('{0} × {1} policies', count(iterations), count(policies)))}
    ${row(t('New data'), plant ? t('what you record') : t('{0} steps', count(steps)))}
    ${lastRun ? row(t('Last run took'), duration(lastRun.milliseconds), true) : nothing}
    ${row(t('Approval'), form.value('deployment.approval') === 'manual' ? t('by a person') : t('automatic'))}
  </dl>`;
}

function findingsList(form: Form, goTo: (path: string) => void): TemplateResult {
  const errors = form.findings.filter(({ finding }) => finding.severity === 'error').length;
  const ready = errors === 0 && form.state.model.state === 'sound';
  const link = (path: string, severity: 'error' | 'warning', text: string): TemplateResult => html`<li>${icon(severity)}<button class="link" @click=${() => goTo(path)}><span class="visually-hidden">${severity === 'error' ? t('Error:') : t('Warning:')} </span>${sentence(text)}</button></li>`;
  return html`<ul class="found">
    ${form.findings.slice(0, 20).map(({ finding: { message, path, severity } }) => link(path, severity, message))}
    ${form.findings.length > 20 ? html`<li>${t('{0} more', count(form.findings.length - 20))}</li>` : nothing}
    ${form.hints.map(({ message, path }) => link(path, 'warning', `${path.slice('bounds.'.length)}: ${message}`))}
    ${ready ? html`<li>${icon('pass')}<span>${t('No errors; the file can run.')}</span></li>` : nothing}
  </ul>`;
}

function changesList(form: Form): TemplateResult {
  const { changes: { changed, removed, stretches } } = form.state;
  if (changed + removed === 0) return html`<p class="muted">${t('Nothing has changed since it was saved.')}</p>`;
  return html`${stretches.map((lines) => html`<pre class="lines" tabindex="0" role="group" aria-label=${t('Changed lines')}>${lines.map(({ changed: isChanged, number, text }) => html`<span class="line ${isChanged ? 'changed' : ''}"><span class="number">${number}</span>${isChanged ? html`<span class="visually-hidden">${t('changed:')}</span>` : nothing}<span>${text}</span></span>`)}</pre>`)}
    <p class="muted">${changed === 1 ? t('1 line changed or new.') : t('{0} lines changed or new.', count(changed))} ${removed === 0 ? '' : removed === 1 ? t('1 line gone.') : t('{0} lines gone.', count(removed))} ${t('Everything else stays as it is.')}</p>`;
}
