import { html, nothing, type TemplateResult } from 'lit';
import type { Table } from '../../src/report/table';
import '../series/seriesChart';
import { count, number } from '../shared/format';
import { glyph } from '../shared/glyph';
import '../shared/table';
import { t } from '../shared/text';
import { seriesRows } from './rows';
import type { SeriesStore } from './seriesStore';
import type { Shown } from './shown';
import { policyName } from './words';

/** Rows of a table: a window is told step by step or evenly. */
const mostRows = 200;

interface SeriesActions {
  readonly to: (step: number) => void;
  readonly window: (from: number, to: number) => void;
}

/** Every variable over the window, as charts with the key to their lines or as one table. @param spoken the values at the cursor, in words */
export function series(shown: Shown, asTable: boolean, spoken: string, actions: SeriesActions): TemplateResult {
  const { episodes, promised, from, to, last, step } = shown;
  const rows = seriesRows(shown);
  if (rows.length === 0) return html`<div class="skeleton tall" role="status" aria-busy="true" aria-label=${t('Reading the recorded episodes.')}></div>`;
  if (asTable) return html`<ibrl-table .table=${seriesTable(shown)} .title=${t('Steps {0} to {1}', count(from), count(to))}></ibrl-table>`;
  return html`<ul class="key muted">
        ${episodes.map(({ policy }) => html`<li>${glyph(policy)}${policyName(policy)} ${t('real')}</li>`)}
        ${promised.length === 0 ? nothing : html`<li><svg width="26" height="8" aria-hidden="true"><line x1="0" x2="26" y1="4" y2="4" stroke="currentColor" stroke-width="1.6" stroke-dasharray="5 4"></line></svg>${t('predicted')}</li>`}
        ${rows.some(({ bounds }) => bounds !== null) ? html`<li><svg class="swatch" aria-hidden="true"><path d="M0 12 12 0M0 6 6 0M6 12 12 6" stroke="currentColor"></path></svg>${t('outside the bounds')}</li>` : nothing}
        ${episodes.some(({ violations }) => violations.length > 0) ? html`<li><svg class="swatch icon error" aria-hidden="true"><circle class="filled" cx="6" cy="6" r="4"></circle></svg>${t('violation')}</li>` : nothing}
        ${episodes.length === 1 ? html`<li>${promised.length === 0 ? t('right: the value at the cursor') : t('right: real and predicted at the cursor')}</li>` : nothing}
      </ul>
      <ibrl-series .rows=${rows} .from=${from} .to=${to} .last=${last} .cursor=${step} .summary=${t('{0} over steps {1} to {2}.', rows.map(({ name }) => name).join(', '), count(from), count(to))} .spoken=${spoken}
        @cursor-moved=${(event: CustomEvent<number>) => actions.to(event.detail)} @window-moved=${(event: CustomEvent<{ from: number; to: number }>) => actions.window(event.detail.from, event.detail.to)}></ibrl-series>`;
}

/** The window as numbers: every step, or so many evenly spread ones that the store holds. */
function seriesTable({ key, names, variables, episodes, promised, store, from, to }: Shown): Table {
  const every = Math.max(1, Math.ceil((to - from + 1) / mostRows));
  const steps = Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);
  const columns = variables.flatMap(({ name, role }) => [
    ...episodes.map(({ episode, policy }) => ({ title: episodes.length > 1 ? `${name}, ${policyName(policy)}` : name, at: (step: number) => exactOrNear(store, key, names, episode, name, step) })),
    ...(role !== 'state' ? [] : promised.flatMap(({ policy, trajectory }) => {
      const own = trajectory.states.find((one) => one.name === name)?.after.mean;
      return own === undefined ? [] : [{ title: promised.length > 1 ? t('{0}, {1} predicted', name, policyName(policy)) : t('{0} predicted', name), at: (step: number) => own[trajectory.steps.indexOf(step)] ?? Number.NaN }];
    })),
  ]);
  return { columns: [t('step'), ...columns.map(({ title }) => title)], rows: steps.map((step) => [count(step), ...columns.map(({ at }) => number(at(step), 3))]) };
}

/** Of a thinned series, the nearest kept value would be a wrong one: only steps that are there are told. */
function exactOrNear(store: SeriesStore, key: string, names: readonly string[], episode: number, name: string, step: number): number {
  const value = store.value(key, episode, names, name, step);
  if (Number.isFinite(value)) return value;
  const { steps, values } = store.line(key, episode, name);
  for (let i = 0; i < steps.length; i++) if (steps[i] === step) return values[i];
  return Number.NaN;
}
