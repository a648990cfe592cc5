import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { t } from '../shared/text';
import { boundsOf, isExact } from './boundValues';
import { field, isLocked, shared, stepOfSetting } from './fields';
import { findingsBeside, findingsId } from './findings';
import { fieldId, type Form } from './form';
import { listed } from './numbers';
import { toldNumber } from './numberField';

/** The weight that a form gets when it is switched on. */
const firstWeight = 0.1;

/** One row, one sentence, one weight for each form of safety; they may be combined. */
export function safetySection(form: Form): TemplateResult {
  return html`
    <div class="form-row" data-path="safety.constrain">${constrainRow(form)}</div>
    ${weightRow(form, 'safety.soft.weight', t('Soft'), t('Unfamiliar actions cost extra: those that the recordings show only rarely.'))}
    ${weightRow(form, 'safety.objective.weight', t('Objective'), t('Stay near the recorded behaviour: distance to it costs.'))}
    ${weightRow(form, 'safety.violation.weight', t('Predicted violation'), t('Rollouts in which the models leave the bounds cost extra.'))}
    <details class="rest"><summary>${t('Threshold of the soft form')}</summary><div class="fields">${['safety.soft.quantile', 'safety.soft.logDensity', 'safety.soft.clip'].map((path) => field(form, path))}</div></details>
    ${findingsBeside(form, 'safety', [])}`;
}

function constrainRow(form: Form): TemplateResult {
  const path = 'safety.constrain';
  const setting = form.setting(path);
  const set = (event: Event): void => form.actions.change({ kind: 'set', path, value: (event.target as HTMLInputElement).checked });
  const { exact, text } = exactness(form);
  return html`<label class="check strong"><input type="checkbox" id=${fieldId(path)} .checked=${live(setting?.value === true)} ?disabled=${isLocked(form, setting)} aria-describedby="${fieldId(path)}-says ${findingsId(path)}" @change=${set}><span>${t('Constrained')}</span></label>
    <span id="${fieldId(path)}-says">${t('No policy can leave the bounds: actions are cut to what keeps them.')}</span>
    <span class="badge ${exact ? 'pass' : 'warning'}">${text}</span>
    ${setting ? shared(form, setting) : nothing}
    ${findingsBeside(form, path)}`;
}

function weightRow(form: Form, path: string, name: string, sentence: string): TemplateResult {
  const setting = form.setting(path);
  const weight = form.number(path);
  const locked = isLocked(form, setting);
  const set = (value: number): void => form.actions.change({ kind: 'set', path, value });
  return html`<div class="form-row" data-path=${path}>
    <label class="check ${weight > 0 ? 'strong' : ''}"><input type="checkbox" .checked=${live(weight > 0)} ?disabled=${locked} aria-describedby="${fieldId(path)}-says" @change=${(event: Event) => set((event.target as HTMLInputElement).checked ? firstWeight : 0)}><span>${name}</span></label>
    <span id="${fieldId(path)}-says">${sentence}</span>
    <span class="weight"><label for=${fieldId(path)}>${t('weight')}<span class="visually-hidden"> ${name}</span></label>
      <ibrl-number-field .inputId=${fieldId(path)} .value=${weight} .step=${setting ? stepOfSetting(setting) : 0.1} ?locked=${locked} .describedBy=${findingsId(path)} @number=${(event: Event) => set(toldNumber(event))}></ibrl-number-field></span>
    ${setting ? shared(form, setting) : nothing}
    ${findingsBeside(form, path)}
  </div>`;
}

/** Whether the bounds that there are can be held on the real system, and else why not. */
function exactness(form: Form): { readonly exact: boolean; readonly text: string } {
  const bounds = boundsOf(form);
  const bounded = bounds.kind === 'percentiles' ? form.states.filter(isExact) : bounds.values.map(({ variable }) => variable);
  if (bounded.length === 0) return { exact: false, text: t('nothing to hold: no bounds') };
  const loose = bounded.filter((variable) => !isExact(variable)).map(({ name }) => name);
  if (loose.length === 0) return { exact: true, text: t('exact here') };
  return { exact: false, text: loose.length === 1 ? t('not exact: no formula ties {0} to one action', loose[0]) : t('not exact: no formulas tie {0} to one action each', listed(loose)) };
}
