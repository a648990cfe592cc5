import { html, nothing, type TemplateResult } from 'lit';
import type { Against, PolicyDiffSelection, PolicyDiffView, RunChoice } from '../../src/messages/policyDiff';
import { glyph } from '../shared/glyph';
import { t } from '../shared/text';
import { policyName } from './words';

interface SelectorActions {
  readonly select: (selection: PolicyDiffSelection) => void;
  readonly all: (all: boolean) => void;
}

/** Which policy of which iteration, against what. */
export function selectors(view: PolicyDiffView, all: { readonly shown: boolean; readonly possible: boolean }, { select, all: showAll }: SelectorActions): TemplateResult {
  const { selection, runs } = view;
  const run = runs.find(({ folder }) => folder === selection.run);
  const iterations = run?.iterations ?? [];
  const policies = iterations.find(({ iteration }) => iteration === selection.iteration)?.policies ?? 0;
  const pick = (policy: number): void => {
    showAll(false);
    select({ ...selection, policy });
  };
  return html`
    ${runs.length < 2 ? nothing : html`<label>${t('Training run')} <select @change=${(event: Event) => selectRun(event, runs, select)}>${runs.map((one) => html`<option value=${one.folder} ?selected=${one.folder === selection.run}>${runName(one)}</option>`)}</select></label>`}
    <label>${t('Iteration')} <select @change=${(event: Event) => select({ run: selection.run, iteration: Number(valueOf(event)), policy: selection.policy, against: selection.against.kind === 'policy' ? { kind: 'predecessor' } : selection.against })}>
      ${iterations.some(({ iteration }) => iteration === selection.iteration) ? nothing : html`<option value=${selection.iteration} selected>${selection.iteration}</option>`}
      ${iterations.map(({ iteration }) => html`<option value=${iteration} ?selected=${iteration === selection.iteration}>${iteration}</option>`)}</select></label>
    <label>${t('against')} <select @change=${(event: Event) => selectAgainst(event, view, select)}>
      <option value="predecessor" ?selected=${selection.against.kind === 'predecessor'}>${selection.iteration === 1 ? t('what it began from: the behaviour') : t('what it began from, iteration {0}', String(selection.iteration - 1))}</option>
      ${selection.iteration === 1 ? nothing : html`<option value="behaviour" ?selected=${selection.against.kind === 'behaviour'}>${t('the behaviour β')}</option>`}
      ${runs.map((one) => html`<optgroup label=${runName(one)}>${one.iterations.flatMap(({ iteration, policies: count }) => Array.from({ length: count }, (_, index) => policyOption(one, iteration, index + 1, selection)))}</optgroup>`)}
    </select></label>
    <span class="chips" role="group" aria-label=${t('Policy')}>
      ${Array.from({ length: policies }, (_, index) => html`<button aria-pressed=${!all.shown && selection.policy === index + 1} @click=${() => pick(index + 1)}>${glyph(index + 1)}${policyName(index + 1)}${view.recommended === index + 1 ? html` <span class="muted">${t('recommended')}</span>` : nothing}</button>`)}
      ${all.possible ? html`<button aria-pressed=${all.shown} @click=${() => showAll(!all.shown)}>${t('all')}</button>` : nothing}
    </span>`;
}

function policyOption(run: RunChoice, iteration: number, policy: number, selection: PolicyDiffView['selection']): TemplateResult | typeof nothing {
  if (run.folder === selection.run && iteration === selection.iteration && policy === selection.policy) return nothing;
  const { against } = selection;
  const selected = against.kind === 'policy' && against.run === run.folder && against.iteration === iteration && against.policy === policy;
  return html`<option value=${JSON.stringify([run.folder, iteration, policy])} ?selected=${selected}>${t('iteration {0}, {1}', String(iteration), policyName(policy))}</option>`;
}

export function runName({ name, id }: Pick<RunChoice, 'name' | 'id'>): string {
  return `${name} · ${id.slice(-4)}`;
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}

function selectRun(event: Event, runs: readonly RunChoice[], select: SelectorActions['select']): void {
  const run = runs.find(({ folder }) => folder === valueOf(event));
  const newest = run?.iterations.at(-1);
  if (run !== undefined && newest !== undefined) select({ run: run.folder, iteration: newest.iteration });
}

function selectAgainst(event: Event, { selection }: PolicyDiffView, select: SelectorActions['select']): void {
  const value = valueOf(event);
  select({ ...selection, against: againstOf(value) });
}

function againstOf(value: string): Against {
  if (value === 'predecessor' || value === 'behaviour') return { kind: value };
  const [run, iteration, policy] = JSON.parse(value) as [string, number, number];
  return { kind: 'policy', run, iteration, policy };
}
