import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { drawMarker, prepare, readInk, writeUpright } from '../series/canvas';
import { hatch } from '../series/hatch';
import { keepDrawn } from '../series/keepDrawn';
import { stepDecimals } from '../series/scale';
import { count, difference, number } from '../shared/format';
import { t } from '../shared/text';
import { divergingColour } from '../shared/theme';
import { type Cell, type CellGrid, fewFrames, largestCell } from './cells';

const left = 46;
const bottom = 34;
const top = 8;
const right = 8;

/** What the map shows: one action's mean change over two variables. */
export interface HeatMapData {
  readonly grid: CellGrid;
  readonly action: string;
  readonly unit: string;
  readonly x: string;
  readonly y: string;
  /** the change that has the full colour, either way */
  readonly full: number;
}

/** Cells that can be walked with the arrow keys and pinned. Tells `cell-chosen` with the cell that is pinned, or null. */
export class HeatMap extends LitElement {
  static override readonly styles = css`
    :host { display: block; }
    .map { position: relative; outline-offset: 2px; }
    .map:focus-visible { outline: 2px solid var(--vscode-focusBorder); }
    canvas { display: block; width: 100%; height: 320px; }
    .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  `;

  @property({ attribute: false }) data: HeatMapData | null = null;
  @property({ attribute: false }) pinned: number | null = null;
  @state() private at: number | null = null;
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;

  constructor() {
    super();
    keepDrawn(this, () => this.draw());
  }

  override render(): TemplateResult | typeof nothing {
    const { data } = this;
    if (data === null) return nothing;
    const shown = this.at === null ? null : data.grid.cells[this.at];
    return html`<div class="map" tabindex="0" role="application" aria-roledescription=${t('map of cells')} aria-label=${mapSummary(data)} @keydown=${this.onKey} @pointermove=${this.onPointer} @pointerleave=${this.leave} @click=${this.pin} @blur=${this.leave}>
      <canvas aria-hidden="true"></canvas>
      <span class="visually-hidden" aria-live="polite">${shown === null ? '' : describeCell(data, shown)}</span>
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('data') && this.at !== null && this.at >= (this.data?.grid.cells.length ?? 0)) this.at = null;
  }

  private draw(): void {
    const { data, canvas } = this;
    if (data === null || canvas === null) return;
    const area = prepare(canvas);
    if (area === null) return;
    const { context, width, height } = area;
    const ink = readInk();
    const columns = data.grid.x.length - 1;
    const rows = data.grid.y.length - 1;
    const wide = (width - left - right) / columns;
    const high = (height - top - bottom) / rows;
    const corner = (cell: Cell): readonly [number, number] => [left + cell.column * wide, top + (rows - 1 - cell.row) * high];
    for (const cell of data.grid.cells) {
      const [x, y] = corner(cell);
      if (cell.frames.length === 0) {
        context.fillStyle = ink.muted;
        context.fillRect(x + wide / 2 - 0.5, y + high / 2 - 0.5, 1.5, 1.5);
        continue;
      }
      context.fillStyle = divergingColour(Math.min(1, Math.max(-1, cell.mean / data.full)));
      context.fillRect(x + 0.5, y + 0.5, wide - 1, high - 1);
      if (cell.frames.length < fewFrames) hatch(context, x + 0.5, y + 0.5, wide - 1, high - 1, ink.background, 5);
      if (ink.highContrast) {
        context.strokeStyle = ink.muted;
        context.lineWidth = 0.5;
        context.strokeRect(x + 0.5, y + 0.5, wide - 1, high - 1);
      }
    }
    for (const [index, colour, thick] of [[this.pinned, ink.foreground, 2.4], [this.at, ink.foreground, 1.4]] as const) {
      if (index === null) continue;
      const [x, y] = corner(data.grid.cells[index]);
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.strokeRect(x, y, wide, high);
      if (index === this.pinned) drawMarker(context, 'circle', x + wide / 2, y + high / 2, 2, colour, false, ink.background);
    }
    context.fillStyle = ink.muted;
    context.font = `11px ${ink.font}`;
    context.textBaseline = 'top';
    context.textAlign = 'center';
    for (const index of edgeIndices(columns)) {
      const text = edgeText(data.grid.x, index);
      context.fillText(text, Math.min(width - context.measureText(text).width / 2, left + index * wide), height - bottom + 4);
    }
    context.fillText(data.x, left + (width - left - right) / 2, height - 14);
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const index of edgeIndices(rows)) context.fillText(edgeText(data.grid.y, index), left - 6, Math.min(height - bottom - 4, Math.max(top + 4, top + (rows - index) * high)));
    writeUpright(context, data.y, 8, top + (height - top - bottom) / 2);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { data } = this;
    if (data === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const columns = data.grid.x.length - 1;
    const rows = data.grid.y.length - 1;
    const now = this.at ?? (this.pinned ?? data.grid.cells.indexOf(largestCell(data.grid) ?? data.grid.cells[0]));
    const [column, row] = [now % columns, Math.floor(now / columns)];
    const moved: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [column - 1, row],
      ArrowRight: [column + 1, row],
      ArrowUp: [column, row + 1],
      ArrowDown: [column, row - 1],
      Home: [0, row],
      End: [columns - 1, row],
    };
    const target = moved[event.key];
    if (target !== undefined) this.at = this.at === null ? now : Math.min(rows - 1, Math.max(0, target[1])) * columns + Math.min(columns - 1, Math.max(0, target[0]));
    else if (event.key === 'Enter' || event.key === ' ') this.pin();
    else if (event.key === 'Escape' && (this.pinned !== null || this.at !== null)) {
      this.at = null;
      this.choose(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onPointer = (event: PointerEvent): void => {
    const { data, canvas } = this;
    if (data === null || canvas === null) return;
    const box = canvas.getBoundingClientRect();
    const columns = data.grid.x.length - 1;
    const rows = data.grid.y.length - 1;
    const column = Math.floor(((event.clientX - box.left - left) / (box.width - left - right)) * columns);
    const row = rows - 1 - Math.floor(((event.clientY - box.top - top) / (box.height - top - bottom)) * rows);
    this.at = column < 0 || column >= columns || row < 0 || row >= rows ? null : row * columns + column;
  };

  private readonly leave = (): void => {
    this.at = null;
  };

  private readonly pin = (): void => {
    if (this.at !== null) this.choose(this.at === this.pinned ? null : this.at);
  };

  private choose(index: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>('cell-chosen', { detail: index }));
  }
}
customElements.define('ibrl-heat-map', HeatMap);

/** First, last and a few between. */
function edgeIndices(parts: number): number[] {
  const every = Math.max(1, Math.ceil(parts / 4));
  return Array.from({ length: Math.floor(parts / every) + 1 }, (_, i) => i * every);
}

function edgeText(edges: readonly number[], index: number): string {
  return number(edges[index], stepDecimals(edges[1] - edges[0]));
}

/** The rectangle of a cell: “gain 60 to 62.5”. */
export function cellRange(edges: readonly number[], index: number, name: string): string {
  return t('{0} {1} to {2}', name, edgeText(edges, index), edgeText(edges, index + 1));
}

export function changeText(value: number, { full, unit }: Pick<HeatMapData, 'full' | 'unit'>): string {
  const text = difference(value, full >= 10 ? 1 : full >= 1 ? 2 : 3);
  return unit === '' || unit === '1' ? text : `${text}\u202f${unit}`;
}

export function describeCell(data: HeatMapData, cell: Cell): string {
  const place = `${cellRange(data.grid.x, cell.column, data.x)}, ${cellRange(data.grid.y, cell.row, data.y)}`;
  if (cell.frames.length === 0) return t('{0}: never visited', place);
  return cell.frames.length === 1 ? t('{0}: {1} in 1 frame', place, changeText(cell.mean, data)) : t('{0}: {1} in {2} frames', place, changeText(cell.mean, data), count(cell.frames.length));
}

function mapSummary(data: HeatMapData): string {
  const largest = largestCell(data.grid);
  const title = t('Mean change of {0} over {1} and {2}.', data.action, data.x, data.y);
  return largest === null ? title : `${title} ${t('Largest change: {0}', describeCell(data, largest))}`;
}
