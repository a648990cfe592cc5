import { html, nothing, type TemplateResult } from 'lit';
import type { Comparison } from '../../src/messages/comparison';
import type { Table } from '../../src/report/table';
import { count, number } from '../shared/format';
import { t } from '../shared/text';
import { type Cell, cellGrid, fewFrames } from './cells';
import { cellRange, changeText, type HeatMapData } from './heatMap';
import './heatMap';
import type { Measure } from './histograms';

export interface MapArrangement {
  readonly action: string;
  readonly measure: Measure;
  /** empty: the first two bounded variables, or the first two that move */
  readonly x: string;
  readonly y: string;
  readonly bounded: readonly string[];
}

interface MapActions {
  readonly tables: boolean;
  readonly pinned: number | null;
  readonly choose: (action: string) => void;
  readonly over: (x: string, y: string) => void;
  readonly pin: (cell: number | null) => void;
}

/** Frames that a pinned cell lists. */
const listed = 40;

/** Where an action changes: the map with its legend and the pinned cell. */
export function mapSection({ diff }: Comparison, arrangement: MapArrangement, { tables, pinned, choose, over, pin }: MapActions): TemplateResult {
  const { sample } = diff;
  const action = diff.actions.find(({ name }) => name === arrangement.action) ?? diff.actions[0];
  const variables = Object.keys(sample.states).filter((name) => moves(sample.states[name]));
  const { x, y } = axes(variables, arrangement);
  const states = html`<label>${t('over')} <select aria-label=${t('horizontal variable')} @change=${(event: Event) => over(valueOf(event), y)}>${variables.map((name) => html`<option value=${name} ?selected=${name === x}>${name}</option>`)}</select> × <select aria-label=${t('vertical variable')} @change=${(event: Event) => over(x, valueOf(event))}>${variables.map((name) => html`<option value=${name} ?selected=${name === y}>${name}</option>`)}</select></label>`;
  const caption = html`<div class="caption"><h2>${t('Where the action changes')} <span class="muted">${t('mean per cell')}</span></h2>
    <span class="choices"><span class="chips" role="group" aria-label=${t('Actuator')}>${diff.actions.map(({ name }) => html`<button aria-pressed=${name === action.name} @click=${() => choose(name)}>${name}</button>`)}</span>${states}</span></div>`;
  const title = t('Where the action changes');
  if (variables.length === 0) return html`<section aria-label=${title}>${caption}<p class="muted">${t('No state of the sample ever changes, so there is no map.')}</p></section>`;
  const changes = action.after.map((value, frame) => (value - action.before[frame]) * arrangement.measure.gain);
  const full = Math.abs(arrangement.measure.gain) * ((action.range[1] - action.range[0]) / 2);
  const data: HeatMapData = { grid: cellGrid(sample.states[x], sample.states[y], changes), action: arrangement.measure.name, unit: arrangement.measure.unit, x, y, full };
  if (tables) return html`<section aria-label=${title}>${caption}<ibrl-table .table=${mapTable(data)} .title=${t('{0}, as a table', title)}></ibrl-table></section>`;
  const cell = pinned === null ? null : (data.grid.cells[pinned] ?? null);
  return html`<section aria-label=${title}>${caption}
    <div class="mapAndLegend">
      <ibrl-heat-map .data=${data} .pinned=${cell === null ? null : pinned} @cell-chosen=${(event: CustomEvent<number | null>) => pin(event.detail)}></ibrl-heat-map>
      <div class="legend">
        <span class="muted">${arrangement.measure.isEffect ? t('change per sample') : t('change of the action')}</span>
        <div class="scaleBar"><canvas aria-hidden="true"></canvas><div class="ends"><span><strong>${changeText(full, data)}</strong> <span class="muted">${t('more')}</span></span><span><strong>0</strong> <span class="muted">${t('same')}</span></span><span><strong>${changeText(-full, data)}</strong> <span class="muted">${t('less')}</span></span></div></div>
        <ul class="muted"><li><svg class="swatch" aria-hidden="true"><path d="M0 12 12 0M0 6 6 0M6 12 12 6" stroke="currentColor"></path></svg>${t('fewer than {0} frames', String(fewFrames))}</li><li><svg class="swatch" aria-hidden="true"><rect x="5" y="5" width="2" height="2" fill="currentColor"></rect></svg>${t('never visited')}</li></ul>
        ${cell === null ? html`<p class="muted">${t('Choose a cell to see its frames.')}</p>` : pinnedCell(cell, data, { sample, action, gain: arrangement.measure.gain })}
      </div>
    </div></section>`;
}

function axes(variables: readonly string[], { x, y, bounded }: MapArrangement): { readonly x: string; readonly y: string } {
  const preferred = [...bounded.filter((name) => variables.includes(name)), ...variables.filter((name) => !bounded.includes(name))];
  // the last two: of three actuators, the later ones usually matter more than the first
  const [first, second] = preferred.length > 2 && bounded.length > 2 ? [preferred[bounded.length - 2], preferred[bounded.length - 1]] : [preferred[0], preferred[1] ?? preferred[0]];
  return { x: variables.includes(x) ? x : first, y: variables.includes(y) ? y : second };
}

function moves(values: readonly number[]): boolean {
  return values.some((value) => value !== values[0]);
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}

function pinnedCell({ column, row, frames, mean }: Cell, data: HeatMapData, { sample, action, gain }: { readonly sample: Comparison['diff']['sample']; readonly action: Comparison['diff']['actions'][number]; readonly gain: number }): TemplateResult {
  const before = (frame: number): string => number(action.before[frame] * gain, 2);
  const after = (frame: number): string => number(action.after[frame] * gain, 2);
  return html`<div class="cell"><h3>${t('Selected cell')}</h3>
    <p>${cellRange(data.grid.x, column, data.x)}</p><p>${cellRange(data.grid.y, row, data.y)}</p>
    <p>${frames.length === 1 ? t('1 frame') : t('{0} frames', count(frames.length))}</p>
    ${frames.length === 0 ? html`<p class="muted">${t('never visited')}</p>` : html`<p><strong>${changeText(mean, data)}</strong></p>
    <div class="frames" tabindex="0" role="region" aria-label=${t('Frames of the selected cell')}><ul>${frames.slice(0, listed).map((frame) => html`<li>${t('episode {0}, row {1}: {2} → {3}', count(sample.episode[frame] + 1), count(sample.row[frame]), before(frame), after(frame))}</li>`)}${frames.length > listed ? html`<li class="muted">${t('and {0} more', count(frames.length - listed))}</li>` : nothing}</ul></div>`}
  </div>`;
}

/** Visited cells as a list, most frames first. */
function mapTable(data: HeatMapData): Table {
  const visited = data.grid.cells.filter(({ frames }) => frames.length > 0).toSorted((a, b) => b.frames.length - a.frames.length);
  return {
    columns: [t('cell'), t('frames'), t('mean change')],
    rows: visited.map((cell) => [`${cellRange(data.grid.x, cell.column, data.x)}, ${cellRange(data.grid.y, cell.row, data.y)}`, count(cell.frames.length), changeText(cell.mean, data)]),
  };
}
