import { html, nothing, type TemplateResult } from 'lit';
import type { StateVariable } from '../../src/experiment/experiment';
import type { Table } from '../../src/report/table';
import { count } from '../shared/format';
import { day } from '../shared/format';
import { t } from '../shared/text';
import { type Interval, roundTo, stepOf } from './axis';
import { toldInterval } from './boundSlider';
import { boundsOf } from './boundValues';
import { isLocked, shared } from './fields';
import { findingsBeside, findingsId } from './findings';
import { fieldId, type Form } from './form';
import { inUnit, measured } from './numbers';
import { toldNumber } from './numberField';

/** Where each state must stay, over what was recorded of it. */
export function boundsSection(form: Form): TemplateResult {
  const bounds = boundsOf(form);
  return html`
    ${recordingsLine(form)}
    ${bounds.kind === 'percentiles' ? percentilesPart(form, bounds.percentiles, bounds.written) : html`
      ${bounds.values.length === 0 ? html`<p class="muted">${t('No variable is bounded.')}</p>` : nothing}
      ${bounds.values.map(({ bound, variable }) => boundRow(form, variable, bound))}
      ${valuesFoot(form, bounds.values.map(({ variable }) => variable))}`}
    ${form.recorded === null ? nothing : html`<details class="twin" ?open=${form.arrangement.table} @toggle=${(event: Event) => form.actions.showTable((event.target as HTMLDetailsElement).open)}>
      <summary>${t('Recorded values as a table')}</summary><ibrl-table .table=${recordedTable(form)} title=${t('Recorded values')}></ibrl-table></details>`}`;
}

/** What the bars show, or why there are none. */
function recordingsLine(form: Form): TemplateResult {
  const { recordings } = form.state;
  switch (recordings.kind) {
    case 'computing':
      return html`<p class="muted" role="status">${t('The recordings are being described.')}</p>`;
    case 'failed':
      return html`<p class="muted">${t('There are no bars, since the recordings could not be described: {0}', recordings.message)} <button class="link" @click=${() => form.actions.command('describe')}>${t('Describe recordings')}</button></p>`;
    case 'known': {
      const { run } = recordings;
      const what = run ? t('Bars show {0} frames of the run “{1}” of {2}, up to iteration {3}.', count(recordings.rows), run.name, day(run.created), run.iteration) : t('Bars show the {0} recorded values.', count(recordings.rows));
      return html`<p class="muted">${what} ${recordings.stale ? t('System or recordings have been changed since; save to describe them anew.') : ''}</p>`;
    }
    case 'none':
      switch (recordings.reason) {
        case 'untrusted':
          return html`<p class="muted">${t('There are no bars: this folder is not trusted, so its recordings are not described.')}</p>`;
        case 'virtual':
          return html`<p class="muted">${t('There are no bars: the file is not on this machine, so its recordings are not described.')}</p>`;
        case 'unsaved':
          return html`<p class="muted">${t('There are no bars before the file is saved.')}</p>`;
        case 'faulty':
          return html`<p class="muted">${t('There are no bars before the saved file is free of errors.')}</p>`;
        case 'program':
          return html`<p class="muted">${t('There are no bars before the first run, which starts your program.')}</p>`;
      }
  }
}

function boundRow(form: Form, variable: StateVariable, bound: Interval): TemplateResult {
  const { name, range, unit } = variable;
  const path = `bounds.${name}`;
  const setting = form.setting(path);
  const locked = isLocked(form, setting);
  const hints = form.hintsAt(path);
  const recorded = form.recorded?.variables[name] ?? null;
  const set = (value: Interval): void => form.actions.change({ kind: 'set', path, value });
  const marked = (end: 'low' | 'high'): string => (hints.some((hint) => hint.end === end) ? 'warning' : '');
  const number = (end: 'low' | 'high'): TemplateResult => html`<ibrl-number-field .inputId="${fieldId(path)}-${end}" .value=${bound[end === 'low' ? 0 : 1]} .step=${stepOf(range)} ?locked=${locked}
    .name=${end === 'low' ? t('{0}, lower bound', nameWithUnit(variable)) : t('{0}, upper bound', nameWithUnit(variable))} .describedBy=${findingsId(path)} .invalid=${marked(end)}
    @number=${(event: Event) => set(end === 'low' ? [toldNumber(event), bound[1]] : [bound[0], toldNumber(event)])}></ibrl-number-field>`;
  return html`<div class="bound" role="group" aria-label=${name} data-path=${path}>
    <div class="bound-name"><strong>${name}</strong><span class="muted">${inUnit(`${measured(range[0])}–${measured(range[1])}`, unit)}</span></div>
    <ibrl-bound-slider .variable=${name} .unit=${unit} .physical=${range} .bound=${bound} .recorded=${recorded} .hints=${hints} ?wide=${form.arrangement.widened.has(name)} ?locked=${locked}
      @interval=${(event: Event) => set(toldInterval(event))} @widen=${() => form.actions.widen(name)}></ibrl-bound-slider>
    <div class="bound-numbers">${number('low')}<span>${t('to')}</span>${number('high')}
      ${locked || setting?.written !== true ? nothing : html`<button class="link" @click=${() => form.actions.change({ kind: 'remove', path })} aria-label=${t('Remove the bound of {0}', name)}>${t('Remove')}</button>`}</div>
    <div class="bound-foot">${setting ? shared(form, setting) : nothing}${findingsBeside(form, path)}</div>
  </div>`;
}

/** What can be done with the bounds as a whole. */
function valuesFoot(form: Form, bounded: readonly StateVariable[]): TemplateResult | typeof nothing {
  if (form.locked) return nothing;
  const written = bounded.filter(({ name }) => form.setting(`bounds.${name}`)?.written);
  const recorded = written.flatMap((variable) => {
    const range = middle(form, variable);
    return range && form.setting(`bounds.${variable.name}`)?.shared === null ? [{ variable, range }] : [];
  });
  const free = form.states.filter(({ name, source }) => source !== 'exogenous' && !bounded.some((other) => other.name === name));
  const add = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    const variable = free.find(({ name }) => name === select.value);
    select.value = '';
    if (variable) form.actions.change({ kind: 'set', path: `bounds.${variable.name}`, value: middle(form, variable) ?? variable.range });
  };
  return html`<div class="row">
    ${recorded.length === 0 ? nothing : html`<button class="link" @click=${() => form.actions.change(...recorded.map(({ variable, range }) => ({ kind: 'set' as const, path: `bounds.${variable.name}`, value: range })))}>${t('Use the 5–95 % range of the recordings')}</button>`}
    ${free.length === 0 ? nothing : html`<label class="inline">${t('Bound another variable')} <select @change=${add}><option value="">${t('choose')}</option>${free.map(({ name }) => html`<option value=${name}>${name}</option>`)}</select></label>`}
  </div>`;
}

/** Bounds that the first batch will decide. */
function percentilesPart(form: Form, [low, high]: Interval, written: boolean): TemplateResult {
  const steered = form.states.filter(({ next }) => next?.kind === 'affine');
  const path = 'bounds.percentiles';
  const setting = form.setting(path);
  const locked = isLocked(form, setting);
  const asNumbers = steered.flatMap((variable) => {
    const range = middle(form, variable);
    return range ? [[variable.name, range] as const] : [];
  });
  const set = (value: Interval): void => form.actions.change(written ? { kind: 'set', path, value } : { kind: 'set', path: 'bounds', value: { percentiles: value } });
  return html`<p>${t('The first batch decides: each variable that follows one action stays between two percentiles of its recorded values.')} ${written ? '' : t('This is the default.')}</p>
    <div class="row" data-path=${path}>
      <ibrl-number-field .inputId="${fieldId(path)}-low" .value=${low} .name=${t('Lower percentile')} ?locked=${locked} .describedBy=${findingsId(path)} @number=${(event: Event) => set([toldNumber(event), high])}></ibrl-number-field>
      <span>${t('to')}</span>
      <ibrl-number-field .inputId="${fieldId(path)}-high" .value=${high} .name=${t('Upper percentile')} ?locked=${locked} .describedBy=${findingsId(path)} @number=${(event: Event) => set([low, toldNumber(event)])}></ibrl-number-field>
      <span>%</span>
      ${asNumbers.length === 0 || form.locked ? nothing : html`<button class="link" @click=${() => form.actions.change({ kind: 'set', path: 'bounds', value: Object.fromEntries(asNumbers) })}>${t('Write them as numbers')}</button>`}
    </div>
    ${findingsBeside(form, path)}
    ${steered.map((variable) => {
      const recorded = form.recorded?.variables[variable.name];
      return recorded ? html`<div class="bound" role="group" aria-label=${variable.name}><div class="bound-name"><strong>${variable.name}</strong><span class="muted">${inUnit(`${measured(variable.range[0])}–${measured(variable.range[1])}`, variable.unit)}</span></div>
        <ibrl-bound-slider locked .variable=${variable.name} .unit=${variable.unit} .physical=${variable.range} .bound=${middle(form, variable) ?? variable.range} .recorded=${recorded} ?wide=${form.arrangement.widened.has(variable.name)} @widen=${() => form.actions.widen(variable.name)}></ibrl-bound-slider></div>` : nothing;
    })}`;
}

/** The 5 to 95 % range of what was recorded, to the slider's step, outwards. */
function middle(form: Form, { name, range }: StateVariable): Interval | null {
  const recorded = form.recorded?.variables[name];
  if (!recorded) return null;
  const step = stepOf(range);
  const low = roundTo(Math.floor(recorded.p5 / step + 1e-9) * step, step);
  const high = roundTo(Math.ceil(recorded.p95 / step - 1e-9) * step, step);
  return low < high ? [low, high] : [roundTo(low - step, step), roundTo(high + step, step)];
}

function recordedTable(form: Form): Table {
  const rows = form.states.flatMap((variable) => {
    const recorded = form.recorded?.variables[variable.name];
    if (!recorded) return [];
    const { maximum, mean, minimum, p5, p95 } = recorded;
    return [[nameWithUnit(variable), measured(minimum), measured(p5), measured(mean), measured(p95), measured(maximum), `${measured(variable.range[0])}–${measured(variable.range[1])}`]];
  });
  return { columns: [t('Variable'), t('Least'), t('5 %'), t('Mean'), t('95 %'), t('Largest'), t('Physical range')], rows };
}

function nameWithUnit({ name, unit }: StateVariable): string {
  return unit === '' || unit === '1' ? name : t('{0} in {1}', name, unit);
}
