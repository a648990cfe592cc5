import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../shared/format';
import { t } from '../shared/text';
import { boundsSection } from './boundsSection';
import { diversitySection } from './diversitySection';
import { field, fieldsOf } from './fields';
import { findingLine, sectionMark } from './findings';
import type { Form } from './form';
import { listed } from './numbers';
import { safetySection } from './safetySection';
import { dataSection, systemSection, variablesSection, variablesSummary } from './systemSection';

/** A part of the form. */
export interface Section {
  readonly id: 'system' | 'data' | 'variables' | 'bounds' | 'safety' | 'diversity' | 'policies' | 'models' | 'search' | 'deployment';
  readonly title: string;
  /** settings whose findings belong to it */
  readonly owns: readonly string[];
  /** rare sections are one line, closed */
  readonly closed: boolean;
  /** beside the title: what it is about, or, closed, what it says */
  readonly summary: (form: Form) => string;
  readonly content: (form: Form) => TemplateResult;
}

/** In the order of the page. */
export const sections: readonly Section[] = [
  { id: 'system', title: t('System'), owns: ['system', 'name', 'ibrl'], closed: false, summary: () => t('what is controlled'), content: systemSection },
  { id: 'data', title: t('Recordings'), owns: ['data'], closed: false, summary: () => t('where the first batch comes from'), content: dataSection },
  { id: 'variables', title: t('Variables'), owns: ['variables', 'reward'], closed: true, summary: variablesSummary, content: variablesSection },
  { id: 'bounds', title: t('Bounds'), owns: ['bounds'], closed: false, summary: () => t('where each state must stay'), content: boundsSection },
  { id: 'safety', title: t('Safety'), owns: ['safety'], closed: false, summary: () => t('four forms; they may be combined'), content: safetySection },
  { id: 'diversity', title: t('Diversity'), owns: ['diversity'], closed: false, summary: () => t('how strongly the policies are pushed apart'), content: diversitySection },
  { id: 'policies', title: t('Policies'), owns: ['policies'], closed: true, summary: policiesSummary, content: (form) => plain(form, 'policies') },
  { id: 'models', title: t('Models'), owns: ['models'], closed: true, summary: modelsSummary, content: (form) => plain(form, 'models') },
  { id: 'search', title: t('Search'), owns: ['search', 'iterations', 'seed'], closed: false, summary: () => t('how long and how far each policy is optimised'), content: searchSection },
  { id: 'deployment', title: t('Deployment'), owns: ['deployment'], closed: true, summary: deploymentSummary, content: deploymentSection },
];

/** The section that a setting belongs to; null for the whole file. */
export function sectionOf(path: string): Section | null {
  const [first] = path.split('.');
  return sections.find(({ owns }) => owns.includes(first)) ?? null;
}

/** A section with its heading, its fields, and above them the findings that stand beside none of these. */
export function sectionPart(form: Form, section: Section, open: boolean, toggled: (open: boolean) => void): TemplateResult {
  const { closed, content, id, owns, summary, title } = section;
  const fields = content(form);
  const left = owns.flatMap((path) => form.leftOver(path));
  const body = html`${left.length === 0 ? nothing : html`<div class="findings">${left.map((one) => findingLine(form, one))}</div>`}${fields}`;
  const head = html`<h2 id="heading-${id}">${title}</h2> <span class="muted">${summary(form)}</span> ${owns.map((path) => sectionMark(form, path))}`;
  return closed
    ? html`<section id="section-${id}" aria-labelledby="heading-${id}"><details class="rare" ?open=${open} @toggle=${(event: Event) => { if (event.target === event.currentTarget) toggled((event.target as HTMLDetailsElement).open); }}><summary class="head">${head}</summary><div class="body">${body}</div></details></section>`
    : html`<section id="section-${id}" aria-labelledby="heading-${id}"><div class="head" tabindex="-1">${head}</div><div class="body">${body}</div></section>`;
}

function plain(form: Form, section: string): TemplateResult {
  return html`<div class="fields">${fieldsOf(form, section)}</div>`;
}

/** Nobody plays episodes of a plant. */
function deploymentSection(form: Form): TemplateResult {
  if (form.state.model.system?.kind !== 'plant') return plain(form, 'deployment');
  const unplayed = form.below('deployment').filter(({ path, written }) => path !== 'deployment.approval' && !written);
  return html`<div class="fields">${fieldsOf(form, 'deployment', unplayed.map(({ path }) => path))}</div>`;
}

const commonSearch = ['iterations', 'search.horizon', 'search.starts.count', 'search.updates', 'search.learningRate', 'search.discount'];

function searchSection(form: Form): TemplateResult {
  const start = html`<div class="fields">${commonSearch.map((path) => field(form, path))}</div>`;
  return html`${start}<details class="rest"><summary>${t('More of the search')}</summary><div class="fields">${fieldsOf(form, 'search', commonSearch)}${field(form, 'seed')}</div></details>`;
}

function layers(value: unknown): string {
  return Array.isArray(value) ? value.join(' × ') : '–';
}

function names(value: unknown): string {
  return Array.isArray(value) ? listed(value.map(String)) : '–';
}

function policiesSummary(form: Form): string {
  return t('{0} policies, hidden layers of {1}, history of {2}, inputs {3}', form.number('policies.count'), layers(form.value('policies.hidden')), form.number('policies.history'), names(form.value('policies.inputs')));
}

function modelsSummary(form: Form): string {
  return t('{0} members, hidden layers of {1}, history of {2}', form.number('models.members'), layers(form.value('models.hidden')), form.number('models.history'));
}

function deploymentSummary(form: Form): string {
  if (form.state.model.system?.kind === 'plant') return t('by people: policies leave by export, recordings come back');
  const approval = form.value('deployment.approval') === 'manual' ? t('after approval') : t('automatic');
  return t('{0}; episodes of each policy: {1} of {2} steps, and {3} more to score it', approval, count(form.number('deployment.episodes')), count(form.number('deployment.steps')), count(form.number('deployment.evaluate')));
}
