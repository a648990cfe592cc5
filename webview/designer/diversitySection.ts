import { html, nothing, type TemplateResult } from 'lit';
import type { SystemSettings } from '../../src/experiment/experiment';
import { t } from '../shared/text';
import type { Interval } from './axis';
import { field, isLocked, shared } from './fields';
import { findingsBeside, findingsId } from './findings';
import { fieldId, type Form } from './form';
import { toldNumber } from './numberField';
import { toldWeight } from './weightSlider';

const path = 'diversity.weight';

/** How strongly the policies are pushed apart, and in what. */
export function diversitySection(form: Form): TemplateResult {
  const value = form.value(path);
  return html`<div class="measure-and-weight">
      <div class="fields">${field(form, 'diversity.measure')}</div>
      <div class="weight-field" data-path=${path}>${Array.isArray(value) ? weightsOfIterations(form, value.map(Number)) : oneWeight(form, form.number(path))}
        ${findingsBeside(form, path)}</div>
    </div>
    <div class="fields">${field(form, 'diversity.over')}${field(form, 'diversity.cap')}</div>`;
}

function oneWeight(form: Form, weight: number): TemplateResult {
  const setting = form.setting(path);
  const locked = isLocked(form, setting);
  const usual = usualWeights(form.state.model.system?.kind);
  const set = (value: unknown): void => form.actions.change({ kind: 'set', path, value });
  return html`<label for=${fieldId(path)}>${t('Weight')}</label>
    <div class="weight-row">
      <ibrl-weight-slider .name=${t('Diversity weight, logarithmic')} .weight=${weight} .usual=${usual} ?locked=${locked} @weight=${(event: Event) => set(toldWeight(event))}></ibrl-weight-slider>
      <ibrl-number-field .inputId=${fieldId(path)} .value=${weight} .step=${0.001} ?locked=${locked} .describedBy="${fieldId(path)}-hint ${findingsId(path)}" @number=${(event: Event) => set(toldNumber(event))}></ibrl-number-field>
    </div>
    <p class="help" id="${fieldId(path)}-hint">${usual ? html`<span class="usual-mark" aria-hidden="true"></span>${t('usual range {0} to {1}.', usual[0], usual[1])} ` : nothing}${honestHint(form.state.model.system?.kind)}</p>
    ${setting ? shared(form, setting) : nothing}
    ${locked ? nothing : html`<button class="link" @click=${() => set(new Array<number>(Math.max(1, form.number('iterations', 1))).fill(weight))}>${t('One weight for each iteration')}</button>`}`;
}

function weightsOfIterations(form: Form, weights: readonly number[]): TemplateResult {
  const setting = form.setting(path);
  const locked = isLocked(form, setting);
  const set = (value: unknown): void => form.actions.change({ kind: 'set', path, value });
  return html`<fieldset><legend>${t('Weight by iteration')}</legend><div class="row">
      ${weights.map((weight, index) => html`<ibrl-number-field .inputId="${fieldId(path)}-${index}" .name=${t('Weight of iteration {0}', index + 1)} .value=${weight} .step=${0.001} ?locked=${locked} .describedBy=${findingsId(path)}
        @number=${(event: Event) => set(weights.map((other, place) => (place === index ? toldNumber(event) : other)))}></ibrl-number-field>`)}
    </div></fieldset>
    <p class="help">${t('A last weight of 0 lets the last iteration cash in.')}</p>
    ${setting ? shared(form, setting) : nothing}
    ${locked ? nothing : html`<button class="link" @click=${() => set(weights[0] ?? 0)}>${t('One weight for all iterations')}</button>`}`;
}

/** Between what does nothing and what costs return, as far as that was measured; null where it was not. */
function usualWeights(kind: SystemSettings['kind'] | undefined): Interval | null {
  return kind === 'grid-2d' ? [0.005, 0.02] : null;
}

/** What was seen on the system, good or bad. */
function honestHint(kind: SystemSettings['kind'] | undefined): string {
  switch (kind) {
    case 'grid-2d':
      return t('A third of 0.01 does nothing here, three times as much costs return.');
    case 'industrial-benchmark':
      return t('On this system it explored no faster in our runs; 0 is a fair choice.');
    default:
      return t('Nobody has measured this system. Begin with 0.01 and compare with 0.');
  }
}
