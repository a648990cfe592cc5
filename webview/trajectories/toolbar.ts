import { html, nothing, type TemplateResult } from 'lit';
import type { TrajectoriesSelection, TrajectoriesView } from '../../src/messages/trajectories';
import { glyph } from '../shared/glyph';
import { t } from '../shared/text';
import type { Arranged, Shown } from './shown';
import { policyName } from './words';

interface ToolbarActions {
  readonly select: (selection: TrajectoriesSelection) => void;
  readonly arrange: (change: Partial<Arranged>) => void;
  readonly open: (page: 'diff' | 'dashboard') => void;
}

/** Chooses run, iteration, policy and episode, and how they are shown. */
export function toolbar({ selection, runs, recording, policies: searched }: TrajectoriesView, show: Shown['show'], arranged: Arranged, { select, arrange, open }: ToolbarActions): TemplateResult {
  const iterations = runs.find(({ folder }) => folder === selection.run)?.iterations ?? [];
  const all = recording?.episodes ?? [];
  const policies = Math.max(searched, ...all.map(({ policy }) => policy));
  const own = all.filter(({ policy }) => policy === (selection.policy === 0 ? 1 : selection.policy)).length;
  const value = (event: Event): string => (event.target as HTMLSelectElement).value;
  const selectRun = (run: string): void => {
    const newest = runs.find(({ folder }) => folder === run)?.iterations.findLast(({ recorded }) => recorded);
    if (newest !== undefined) select({ run, iteration: newest.iteration });
  };
  return html`<div class="toolbar">
      ${runs.length < 2 ? nothing : html`<label>${t('Training run')} <select @change=${(event: Event) => selectRun(value(event))}>${runs.map(({ folder, name, id }) => html`<option value=${folder} ?selected=${folder === selection.run}>${name} · ${id.slice(-4)}</option>`)}</select></label>`}
      <label>${t('Iteration')} <select @change=${(event: Event) => select({ ...selection, iteration: Number(value(event)) })}>
        ${iterations.some(({ iteration }) => iteration === selection.iteration) ? nothing : html`<option value=${selection.iteration} selected>${selection.iteration}</option>`}
        ${iterations.map(({ iteration, recorded }) => html`<option value=${iteration} ?selected=${iteration === selection.iteration}>${recorded ? iteration : t('{0}, predicted only', String(iteration))}</option>`)}</select></label>
      <span class="chips" role="group" aria-label=${t('Policy')}>${Array.from({ length: policies }, (_, index) => html`<button aria-pressed=${selection.policy === index + 1} @click=${() => select({ ...selection, policy: index + 1 })}>${glyph(index + 1)}${policyName(index + 1)}</button>`)}${policies > 1 ? html`<button aria-pressed=${selection.policy === 0} @click=${() => select({ ...selection, policy: 0 })}>${t('all')}</button>` : nothing}</span>
      ${own < 2 ? nothing : html`<label>${t('Episode')} <select @change=${(event: Event) => arrange({ episode: Number(value(event)) })}>${Array.from({ length: own }, (_, index) => html`<option value=${index} ?selected=${index === arranged.episode}>${t('{0} of {1}', String(index + 1), String(own))}</option>`)}</select></label>`}
      <span class="chips" role="group" aria-label=${t('What is shown')}>${(['real', 'predicted', 'both'] as const).map((one) => html`<button aria-pressed=${show === one} @click=${() => arrange({ show: one })}>${showWord(one)}</button>`)}</span>
      <span class="push"></span>
      <button class="link" aria-pressed=${arranged.tables} @click=${() => arrange({ tables: !arranged.tables })}>${arranged.tables ? t('Show as charts') : t('Show as tables')}</button>
      <button class="link" @click=${() => open('diff')}>${t('Policy diff')}</button>
      <button class="link" @click=${() => open('dashboard')}>${t('Dashboard')}</button>
    </div>`;
}

function showWord(show: Shown['show']): string {
  switch (show) {
    case 'real':
      return t('real');
    case 'predicted':
      return t('predicted');
    case 'both':
      return t('both');
  }
}
