import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Setting } from '../../src/messages/languageProtocol';
import { t } from '../shared/text';
import { findingsBeside, findingsId, sentence } from './findings';
import { fieldId, type Form } from './form';
import { parsedNumber } from './numbers';
import { toldNumber } from './numberField';

/** A field for any setting, made from what the schema says of it. */
export function field(form: Form, path: string): TemplateResult | typeof nothing {
  const setting = form.setting(path);
  if (!setting || setting.type === 'section') return nothing;
  const findings = findingsBeside(form, path);
  const kind = setting.type === 'list' || setting.type === 'string' ? 'wide' : '';
  const below = html`<div class="below">${about(setting)}${help(form, setting)}${shared(form, setting)}${findings}</div>`;
  if (isNameList(form, setting)) return html`<div class="field whole" data-path=${path}>${nameList(form, setting)}${below}</div>`;
  return html`<div class="field ${kind}" data-path=${path}>
    ${setting.type === 'boolean' ? nothing : html`<label for=${fieldId(path)}>${titleOf(form, setting)}</label>`}
    <div class="control">${control(form, setting)}</div>
    ${below}
  </div>`;
}

/** Fields for all settings of a section, but for those that have a part of their own. */
export function fieldsOf(form: Form, section: string, without: readonly string[] = []): TemplateResult[] {
  return form
    .below(section)
    .filter(({ path }) => !without.includes(path))
    .map(({ path }) => html`${field(form, path)}`);
}

/** Whether the value cannot be changed here. */
export function isLocked(form: Form, setting: Setting | undefined): boolean {
  return form.locked || (setting !== undefined && setting.shared !== null);
}

/** By which arrow keys change a number: one, or a tenth of its leading digit. */
export function stepOfSetting({ default: usual, type, value }: Pick<Setting, 'type' | 'value' | 'default'>): number {
  if (type === 'integer') return 1;
  const size = Math.abs(typeof value === 'number' && value !== 0 ? value : typeof usual === 'number' && usual !== 0 ? usual : 1);
  return Number((10 ** (Math.floor(Math.log10(size)) - 1)).toPrecision(1));
}

export function helpId(path: string): string {
  return `${fieldId(path)}-help`;
}

function control(form: Form, setting: Setting): TemplateResult {
  const { path } = setting;
  const locked = isLocked(form, setting);
  const described = `${helpId(path)} ${findingsId(path)}`;
  const set = (value: unknown): void => form.actions.change({ kind: 'set', path, value });
  const severity = form.findingsOf(path).some(({ finding }) => finding.severity === 'error') ? 'error' : form.findingsOf(path).length > 0 ? 'warning' : '';
  switch (setting.type) {
    case 'number':
    case 'integer':
      return html`<ibrl-number-field .inputId=${fieldId(path)} .value=${typeof setting.value === 'number' ? setting.value : null} .step=${stepOfSetting(setting)} ?locked=${locked}
        .describedBy=${described} .invalid=${severity} .placeholder=${setting.nullable ? t('none') : ''} @number=${(event: Event) => set(toldNumber(event))}></ibrl-number-field>`;
    case 'boolean':
      return html`<label class="check"><input type="checkbox" id=${fieldId(path)} .checked=${live(setting.value === true)} ?disabled=${locked} aria-describedby=${described}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}><span>${setting.title}</span></label>`;
    case 'choice':
      return html`<select id=${fieldId(path)} class=${severity} .value=${live(String(setting.value ?? ''))} ?disabled=${locked} aria-describedby=${described}
        @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
        ${setting.choices.map((choice) => html`<option value=${choice} ?selected=${choice === setting.value}>${choice}</option>`)}
      </select>`;
    case 'list':
      return text(setting, Array.isArray(setting.value) ? setting.value.join(', ') : String(setting.value ?? ''), locked, severity, described, (written) => set(listOf(written)));
    default:
      return text(setting, String(setting.value ?? ''), locked, severity, described, set);
  }
}

function text({ path }: Setting, value: string, locked: boolean, severity: string, described: string, set: (written: string) => void): TemplateResult {
  const commit = (event: Event): void => {
    const written = (event.target as HTMLInputElement).value.trim();
    if (written !== '' && written !== value) set(written);
  };
  return html`<input id=${fieldId(path)} type="text" class=${severity} .value=${value} ?readonly=${locked} autocomplete="off" spellcheck="false" aria-describedby=${described} @change=${commit}>`;
}

/** The entries between commas; numbers where all are. */
function listOf(written: string): readonly (string | number)[] {
  const parts = written.split(',').map((part) => part.trim()).filter((part) => part !== '');
  const numbers = parts.map(parsedNumber);
  return numbers.every((number) => number !== null) ? numbers : parts;
}

/** Lists of variables are chosen from those that there are. */
function isNameList(form: Form, { path }: Setting): boolean {
  return ['policies.inputs', 'models.inputs', 'diversity.over'].includes(path) && form.state.model.system !== null;
}

function nameList(form: Form, setting: Setting): TemplateResult {
  const { path, title } = setting;
  const states = form.states.map(({ name }) => name);
  const names = path === 'diversity.over' ? form.states.filter(({ source }) => source !== 'exogenous').map(({ name }) => name) : [...states, ...(form.state.model.system?.actions ?? []).map(({ name }) => name)];
  const chosen = Array.isArray(setting.value) ? setting.value.map(String) : [];
  const toggle = (name: string, wanted: boolean): void => {
    const value = wanted ? names.filter((one) => one === name || chosen.includes(one)) : chosen.filter((one) => one !== name);
    if (value.length > 0) form.actions.change({ kind: 'set', path, value });
    else form.actions.change({ kind: 'set', path, value: chosen });
  };
  return html`<fieldset id=${fieldId(path)} aria-describedby="${helpId(path)} ${findingsId(path)}"><legend>${title}</legend>
    <div class="names">${names.map((name) => html`<label class="check"><input type="checkbox" .checked=${live(chosen.includes(name))} ?disabled=${isLocked(form, setting) || (chosen.length === 1 && chosen[0] === name)}
      @change=${(event: Event) => toggle(name, (event.target as HTMLInputElement).checked)}><span>${name}</span></label>`)}</div>
  </fieldset>`;
}

/** What stands once for each variable is named after it, and what is inside a section of its own after that. */
function titleOf(form: Form, { path, title }: Setting): string {
  if (path.startsWith('data.columns.')) return t('Column of {0}', path.slice('data.columns.'.length));
  const section = form.setting(path.slice(0, path.lastIndexOf('.')));
  return path.startsWith('search.starts.') && section ? t('{0}: {1}', section.title, title) : title;
}

/** Meaning and effect, on demand. */
function about({ description, effect, title }: Setting): TemplateResult {
  return html`<details class="about"><summary aria-label=${t('About {0}', title)}><span aria-hidden="true">?</span></summary><p>${sentence(description)}</p>${effect === '' ? nothing : html`<p>${sentence(effect)}</p>`}</details>`;
}

/** Unit and allowed range, and the default where something else holds. */
function help(form: Form, setting: Setting): TemplateResult {
  const { path, rangeWords, title, unit, value, written } = setting;
  const facts = [unit, rangeWords].filter((fact) => fact !== '').join(', ');
  const usual = defaultText(setting);
  const differs = usual !== '' && JSON.stringify(value) !== JSON.stringify(setting.default);
  const remove = (): void => form.actions.change({ kind: 'remove', path });
  return html`<div class="help" id=${helpId(path)}>
    ${facts === '' ? nothing : html`<span>${facts}</span>`}
    ${!differs ? nothing : written && !isLocked(form, setting) ? html`<button class="link" @click=${remove} aria-label=${t('{0}: back to the default, {1}', title, usual)}>${t('default {0}', usual)}</button>` : html`<span>${t('default {0}', usual)}</span>`}
  </div>`;
}

function defaultText({ default: usual, type }: Setting): string {
  if (usual === null || usual === undefined || type === 'string') return '';
  if (Array.isArray(usual)) return usual.join(', ');
  return typeof usual === 'object' ? '' : String(usual);
}

/** A value that an alias repeats is for the text. */
export function shared(form: Form, setting: Setting): TemplateResult | typeof nothing {
  const { shared: elsewhere } = setting;
  if (elsewhere === null) return nothing;
  return html`<p class="shared">${t('Shared through the anchor {0}, so it is edited in the text.', `&${elsewhere.name}`)}
    <button class="link" @click=${() => form.actions.reveal(elsewhere.place)}>${t('Line {0}', elsewhere.place.start.line + 1)}</button></p>`;
}
