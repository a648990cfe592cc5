import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ActionVariable, StateVariable, SystemSettings } from '../../src/experiment/experiment';
import { isShipped, systemKinds } from '../../src/experiment/systems';
import type { Table } from '../../src/report/table';
import { t } from '../shared/text';
import { field, fieldsOf, helpId, isLocked, shared } from './fields';
import { findingsBeside, findingsId, sentence } from './findings';
import { fieldId, type Form } from './form';
import { inUnit, listed, measured } from './numbers';

/** What is controlled. */
export function systemSection(form: Form): TemplateResult {
  return html`<div class="fields">${field(form, 'name')}${kindField(form)}${fieldsOf(form, 'system', ['system.kind'])}</div>${knownLine(form)}`;
}

/** Another kind has other settings, so the whole section is written anew. */
function kindField(form: Form): TemplateResult | typeof nothing {
  const path = 'system.kind';
  const setting = form.setting(path);
  const section = form.setting('system');
  const chosen = typeof setting?.value === 'string' ? setting.value : '';
  const set = (event: Event): void => form.actions.change({ kind: 'set', path: 'system', value: firstSettings((event.target as HTMLSelectElement).value as SystemSettings['kind']) });
  return html`<div class="field wide" data-path=${path}>
    <label for=${fieldId(path)}>${t('Kind')}</label>
    <div class="control"><select id=${fieldId(path)} .value=${live(chosen)} ?disabled=${isLocked(form, setting) || isLocked(form, section)} aria-describedby="${helpId(path)} ${findingsId(path)}" @change=${set}>
      ${chosen === '' ? html`<option value="" selected>${t('choose')}</option>` : nothing}
      ${systemKinds.map((kind) => html`<option value=${kind} ?selected=${kind === chosen}>${kindName(kind)}</option>`)}
    </select></div>
    <div class="below"><div class="help" id=${helpId(path)}>${chosen === '' ? '' : kindWords(chosen as SystemSettings['kind'])}</div>${setting ? shared(form, setting) : nothing}${findingsBeside(form, path)}</div>
  </div>`;
}

function firstSettings(kind: SystemSettings['kind']): object {
  return kind === 'program' ? { kind, command: ['python3', 'simulator.py'] } : { kind };
}

export function kindName(kind: SystemSettings['kind']): string {
  switch (kind) {
    case 'grid-2d':
      return t('2D world');
    case 'industrial-benchmark':
      return t('Industrial Benchmark');
    case 'plant':
      return t('Plant');
    case 'program':
      return t('Simulator of your own');
  }
}

export function kindWords(kind: SystemSettings['kind']): string {
  switch (kind) {
    case 'grid-2d':
      return t('a point in the plane, part of IBRL Studio; nothing to install');
    case 'industrial-benchmark':
      return t('a simulated plant with delays, part of IBRL Studio; nothing to install');
    case 'plant':
      return t('known by recordings only; policies leave by export');
    case 'program':
      return t('a program that answers over its standard input and output');
  }
}

/** How the variables are known, in one line each. */
function knownLine({ state: { model: { system } } }: Form): TemplateResult | typeof nothing {
  if (system === null) return nothing;
  const by = (source: StateVariable['source']): string[] => system.states.filter((state) => state.source === source).map(({ name }) => name);
  const group = (title: string, names: readonly string[]): TemplateResult | typeof nothing => (names.length === 0 ? nothing : html`<div><dt>${title}</dt><dd>${names.join(', ')}</dd></div>`);
  return html`<dl class="known">
    ${group(t('Known by formula'), by('known'))}${group(t('Learned'), by('learned'))}${group(t('Disturbances'), by('exogenous'))}${group(t('Actions'), system.actions.map(({ name, range, unit }) => `${name} (${inUnit(interval(range), unit)})`))}
  </dl>`;
}

/** Where the first batch comes from. */
export function dataSection(form: Form): TemplateResult {
  const kind = form.state.model.system?.kind ?? null;
  const paths = form.below('data').map(({ path }) => path);
  const foreign = (path: string): boolean => (kind === 'plant' ? path.startsWith('data.generate') : kind !== null && !path.startsWith('data.generate'));
  const left = paths.filter((path) => path !== 'data.generate.behaviour' && (!foreign(path) || form.setting(path)?.written));
  return html`<div class="fields">${kind === 'plant' ? nothing : behaviourField(form)}${left.map((path) => field(form, path))}</div>`;
}

/** The scripted policies that the system offers. */
function behaviourField(form: Form): TemplateResult | typeof nothing {
  const path = 'data.generate.behaviour';
  const setting = form.setting(path);
  const offered = form.state.model.system?.behaviours ?? [];
  if (!setting || offered.length === 0) return nothing;
  const chosen = String(setting.value ?? '');
  return html`<div class="field wide" data-path=${path}>
    <label for=${fieldId(path)}>${setting.title}</label>
    <div class="control"><select id=${fieldId(path)} .value=${live(chosen)} ?disabled=${isLocked(form, setting)} aria-describedby="${helpId(path)} ${findingsId(path)}"
      @change=${(event: Event) => form.actions.change({ kind: 'set', path, value: (event.target as HTMLSelectElement).value })}>
      ${[...new Set([...offered, ...(chosen === '' ? [] : [chosen])])].map((name) => html`<option value=${name} ?selected=${name === chosen}>${name}</option>`)}
    </select></div>
    <div class="below"><div class="help" id=${helpId(path)}>${sentence(setting.effect)}</div>${shared(form, setting)}${findingsBeside(form, path)}</div>
  </div>`;
}

/** What is measured and set; of plants and programs, as the file declares it. */
export function variablesSection(form: Form): TemplateResult {
  const { system } = form.state.model;
  const declared = system === null || !isShipped(system.kind);
  const names = [...new Set(form.below('variables').flatMap(({ path }) => path.split('.')[1] ?? []))];
  return html`
    ${system === null ? nothing : html`<ibrl-table .table=${variablesTable(system.states, system.actions)} title=${t('All variables')}></ibrl-table>`}
    ${declared ? html`<p class="muted">${t('New variables are declared in the text.')} <button class="link" @click=${() => form.actions.command('openAsText')}>${t('Open as text')}</button></p>
      ${names.map((name) => html`<details class="rest" data-variable=${name}><summary>${name}</summary><div class="fields">${variableFields(form, name)}</div></details>`)}
      <div class="fields reward">${['reward', 'reward.column'].filter((path) => form.setting('reward')?.written !== true || form.setting(path)?.written).map((path) => field(form, path))}</div>` : html`<p class="muted">${t('The system declares them itself.')}</p>`}`;
}

/** Without what means nothing for the variable's role. */
function variableFields(form: Form, name: string): (TemplateResult | typeof nothing)[] {
  const role = form.value(`variables.${name}.role`);
  const ofStates = ['predict', 'logFloor', 'next'];
  return form
    .below(`variables.${name}`)
    .filter(({ path, written }) => {
      const [, , key] = path.split('.');
      return written || (ofStates.includes(key) ? role === 'state' : key === 'maxChange' ? role === 'action' : true);
    })
    .map(({ path }) => field(form, path));
}

function variablesTable(states: readonly StateVariable[], actions: readonly ActionVariable[]): Table {
  return {
    columns: [t('Variable'), t('Role'), t('Range'), t('Next value')],
    rows: [
      ...states.map((state) => [state.name, state.source === 'exogenous' ? t('disturbance') : t('state'), inUnit(interval(state.range), state.unit), nextWords(state)]),
      ...actions.map(({ name, range, unit }) => [name, t('action'), inUnit(interval(range), unit), '']),
    ],
  };
}

function nextWords({ next, source }: StateVariable): string {
  switch (next?.kind) {
    case 'affine':
      return t('follows {0}, gain {1}', next.action, measured(next.gain));
    case 'constant':
      return t('stays as it is');
    case 'formula':
      return t('by formula');
    default:
      return source === 'exogenous' ? t('as recorded') : t('predicted');
  }
}

function interval([low, high]: readonly [number, number]): string {
  return t('{0} to {1}', measured(low), measured(high));
}

/** In one line, for the closed section. */
export function variablesSummary({ state: { model: { system } } }: Form): string {
  if (system === null) return t('not known yet');
  const bounded = listed(system.actions.map(({ name }) => name));
  return t('{0} states and disturbances; actions {1}', system.states.length, bounded);
}
