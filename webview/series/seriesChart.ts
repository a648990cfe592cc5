import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, queryAll } from 'lit/decorators.js';
import { count, number } from '../shared/format';
import { iconStyle } from '../shared/iconStyle';
import { t } from '../shared/text';
import { drawMarker, type Ink, prepare, readInk } from './canvas';
import { hatch } from './hatch';
import { keepDrawn } from './keepDrawn';
import { linear, type Scale, stepDecimals, ticks } from './scale';

/** One line of a row. `steps` rise; a gap is NaN. */
export interface SeriesLine {
  readonly label: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** over the members of an ensemble; as long as `values` */
  readonly band: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> } | null;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly marker: 'circle' | 'square' | 'triangle' | 'diamond';
  /** a promise */
  readonly hollow: boolean;
}

/** One variable: its lines over the steps that all rows share. */
export interface SeriesRow {
  readonly name: string;
  readonly unit: string;
  readonly bounds: readonly [number, number] | null;
  readonly lines: readonly SeriesLine[];
  /** steps whose violation is marked, each with the value there */
  readonly violations: readonly { readonly step: number; readonly value: number }[];
  /** beside the row, at the cursor */
  readonly readout: TemplateResult | typeof nothing;
}

/** Room for the numbers of the vertical axis, in pixels. */
const gutter = 46;
const rightMargin = 10;

/**
 * Rows of series over one axis of steps, with one cursor. Tells `cursor-moved` (number), `window-moved` ({ from, to }).
 * Drawn at most once a frame, always in the same canvases.
 */
export class SeriesChart extends LitElement {
  static override readonly styles = [iconStyle, css`
    :host { display: block; }
    .chart { position: relative; outline-offset: 3px; }
    .chart:focus-visible { outline: 2px solid var(--vscode-focusBorder); }
    .row { display: grid; grid-template-columns: var(--ibrl-name-width, minmax(70px, 110px)) minmax(0, 1fr) var(--ibrl-readout-width, 0px); column-gap: 8px; }
    .row + .row { margin-top: 2px; }
    .bounded + .row { margin-top: 10px; }
    .name { font-weight: 600; font-size: 0.92em; padding-top: 6px; overflow-wrap: anywhere; }
    canvas { display: block; width: 100%; height: var(--ibrl-row-height, 72px); touch-action: none; }
    .bounded canvas { height: var(--ibrl-bounded-height, 92px); }
    .axis canvas { height: 24px; }
    .readout { font-size: 0.92em; padding-top: 4px; min-width: 0; }
    .muted { color: var(--ibrl-muted); font-weight: normal; }
    .readings { display: grid; grid-template-columns: 72px 72px minmax(0, 1fr); gap: 0 6px; align-items: baseline; }
    .readings strong { font-size: 1.08em; }
    .readings .near { grid-column: 1 / -1; display: flex; gap: 4px; align-items: center; }
    .readings.several { grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); }
    .outside { color: var(--ibrl-error); }
    @media (max-width: 720px) {
      .row { grid-template-columns: minmax(0, 1fr); }
      .readout { order: 1; padding: 0 0 2px 0; }
      .name { padding-top: 8px; }
      canvas { order: 2; }
    }
  `];

  @property({ attribute: false }) rows: readonly SeriesRow[] = [];
  /** first and last step shown */
  @property({ attribute: false }) from = 0;
  @property({ attribute: false }) to = 1;
  @property({ attribute: false }) cursor = 0;
  /** of the whole, for zooming out */
  @property({ attribute: false }) last = 1;
  /** what it shows, in a sentence */
  @property() summary = '';
  /** the values at the cursor, in words */
  @property() spoken = '';

  @query('.chart') private readonly chart!: HTMLElement | null;
  @queryAll('canvas') private readonly canvases!: NodeListOf<HTMLCanvasElement>;
  /** frames drawn, and points in the last one */
  readonly counts = { frames: 0, points: 0 };

  constructor() {
    super();
    keepDrawn(this, () => this.draw());
  }

  override render(): TemplateResult {
    return html`<div class="chart" tabindex="0" role="slider" aria-label=${this.summary} aria-roledescription=${t('chart')} aria-valuemin=${this.from} aria-valuemax=${this.to} aria-valuenow=${this.cursor} aria-valuetext=${this.spoken || t('Step {0}', count(this.cursor))}
      @pointerdown=${this.onPointer} @pointermove=${this.onPointer} @wheel=${this.onWheel}>
      ${this.rows.map((row) => html`<div class=${row.bounds === null ? 'row' : 'row bounded'}>
        <span class="name">${row.name}${row.unit === '' || row.unit === '1' ? nothing : html` <span class="muted">${row.unit}</span>`}</span><canvas></canvas><div class="readout">${row.readout}</div></div>`)}
      <div class="row axis" aria-hidden="true"><span></span><canvas></canvas><span></span></div>
    </div>`;
  }

  private draw(): void {
    const ink = readInk();
    let points = 0;
    for (const [index, canvas] of [...this.canvases].entries()) {
      const area = prepare(canvas);
      if (area === null) continue;
      const x = linear(this.from, this.to, gutter, area.width - rightMargin);
      const row = this.rows[index];
      if (row === undefined) this.drawAxis(area, x, ink);
      else points += this.drawRow(area, row, x, ink);
    }
    this.counts.frames++;
    this.counts.points = points;
  }

  private drawRow({ context, width, height }: { context: CanvasRenderingContext2D; width: number; height: number }, row: SeriesRow, x: Scale, ink: Ink): number {
    const [least, most] = extent(row, this.from, this.to);
    const pad = (most - least || Math.abs(most) || 1) * 0.08;
    const y = linear(least - pad, most + pad, height - 4, 4);
    const right = width - rightMargin;
    context.font = `11px ${ink.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    if (row.bounds !== null) {
      const [low, high] = row.bounds;
      hatch(context, gutter, 0, right - gutter, y.at(high), ink.muted);
      hatch(context, gutter, y.at(low), right - gutter, height - y.at(low), ink.muted);
    }
    const marks = row.bounds ?? ticks(y.min, y.max, 3);
    const decimals = Math.min(4, Math.max(0, ...marks.map(stepDecimalsOf)));
    for (const mark of marks) {
      const at = Math.round(y.at(mark)) + 0.5;
      context.strokeStyle = row.bounds === null ? ink.rule : ink.muted;
      // in high contrast a rule has the strength of a line
      context.globalAlpha = row.bounds === null && ink.highContrast ? 0.4 : 1;
      context.lineWidth = 1;
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(gutter, at);
      context.lineTo(right, at);
      context.stroke();
      context.globalAlpha = 1;
      context.fillStyle = ink.muted;
      context.fillText(number(mark, decimals), gutter - 6, Math.min(height - 6, Math.max(6, at)));
    }
    context.save();
    context.beginPath();
    context.rect(gutter - 1, 0, right - gutter + 2, height);
    context.clip();
    let points = 0;
    for (const line of row.lines) points += drawLine(context, line, x, y, ink);
    context.restore();
    this.drawCursor(context, row, x, y, height, ink);
    for (const { step: at, value } of row.violations) {
      if (at < this.from || at > this.to) continue;
      context.fillStyle = ink.error;
      context.beginPath();
      context.arc(x.at(at), y.at(value), 3.2, 0, 2 * Math.PI);
      context.fill();
    }
    return points;
  }

  private drawCursor(context: CanvasRenderingContext2D, row: SeriesRow, x: Scale, y: Scale, height: number, ink: Ink): void {
    if (this.cursor < this.from || this.cursor > this.to) return;
    const at = Math.round(x.at(this.cursor)) + 0.5;
    context.strokeStyle = ink.foreground;
    context.lineWidth = 1;
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, height);
    context.stroke();
    for (const line of row.lines) {
      const value = valueAt(line.steps, line.values, this.cursor);
      if (Number.isFinite(value)) drawMarker(context, line.marker, x.at(this.cursor), y.at(value), 3.4, line.colour, line.hollow, ink.background);
    }
  }

  private drawAxis({ context, width, height }: { context: CanvasRenderingContext2D; width: number; height: number }, x: Scale, ink: Ink): void {
    context.font = `11px ${ink.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    const at = x.at(this.cursor);
    const label = t('step {0}', count(this.cursor));
    context.font = `600 11px ${ink.font}`;
    const half = context.measureText(label).width / 2 + 8;
    const shown = this.cursor >= this.from && this.cursor <= this.to;
    const place = Math.min(width - half + 6, Math.max(half, at));
    context.fillStyle = ink.foreground;
    if (shown) context.fillText(label, place, height / 2);
    context.font = `11px ${ink.font}`;
    context.fillStyle = ink.muted;
    for (const tick of ticks(this.from, this.to, Math.max(2, Math.floor(width / 110)))) {
      if (!Number.isInteger(tick)) continue;
      const position = x.at(tick);
      if (shown && Math.abs(position - place) < half + context.measureText(count(tick)).width / 2) continue;
      context.fillText(count(tick), Math.min(width - context.measureText(count(tick)).width / 2 - 1, position), height / 2);
    }
  }

  private readonly onPointer = (event: PointerEvent): void => {
    if (event.buttons === 0 && event.type === 'pointermove') return;
    const canvas = this.canvases[0];
    if (canvas === undefined) return;
    const box = canvas.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right) return;
    const share = (event.clientX - box.left - gutter) / Math.max(1, box.width - gutter - rightMargin);
    this.chart?.focus({ preventScroll: true });
    this.tell(Math.round(this.from + share * (this.to - this.from)));
  };

  /** Ctrl and the wheel zoom around the pointer; the wheel sideways moves the window. */
  private readonly onWheel = (event: WheelEvent): void => {
    const canvas = this.canvases[0];
    if (canvas === undefined || (!event.ctrlKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY))) return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left - gutter) / Math.max(1, box.width - gutter - rightMargin)));
    const width = this.to - this.from;
    const wide = event.ctrlKey ? Math.min(this.last, Math.max(10, width * 1.0015 ** event.deltaY)) : width;
    const shift = event.ctrlKey ? share * (width - wide) : (event.deltaX / box.width) * width;
    const from = Math.round(Math.min(this.last - wide, Math.max(0, this.from + shift)));
    this.dispatchEvent(new CustomEvent('window-moved', { detail: { from, to: Math.round(Math.min(this.last, from + wide)) } }));
  };

  private tell(step: number): void {
    this.dispatchEvent(new CustomEvent<number>('cursor-moved', { detail: Math.min(this.to, Math.max(this.from, step)) }));
  }
}
customElements.define('ibrl-series', SeriesChart);

function stepDecimalsOf(value: number): number {
  return value === 0 ? 0 : Math.min(3, stepDecimals(Math.abs(value)));
}

/** What the row needs of the vertical axis: its bounds, and the lines in the window with their bands. */
function extent({ lines, bounds }: SeriesRow, from: number, to: number): readonly [number, number] {
  let least = bounds?.[0] ?? Infinity;
  let most = bounds?.[1] ?? -Infinity;
  for (const { steps, values, band } of lines) {
    for (let i = 0; i < values.length; i++) {
      if (steps[i] < from || steps[i] > to) continue;
      const [low, high] = [band === null ? values[i] : band.low[i], band === null ? values[i] : band.high[i]];
      if (low < least) least = low;
      if (high > most) most = high;
    }
  }
  return least <= most ? [least, most] : [0, 1];
}

function drawLine(context: CanvasRenderingContext2D, { steps, values, band, colour, dash }: SeriesLine, x: Scale, y: Scale, ink: Ink): number {
  if (band !== null) {
    context.beginPath();
    for (let i = 0; i < values.length; i++) context.lineTo(x.at(steps[i]), y.at(band.high[i]));
    for (let i = values.length - 1; i >= 0; i--) context.lineTo(x.at(steps[i]), y.at(band.low[i]));
    context.globalAlpha = 0.18;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
  }
  context.beginPath();
  let drawn = 0;
  let gap = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      gap = true;
      continue;
    }
    if (gap) context.moveTo(x.at(steps[i]), y.at(value));
    else context.lineTo(x.at(steps[i]), y.at(value));
    gap = false;
    drawn++;
  }
  context.strokeStyle = colour;
  context.lineWidth = ink.line;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
  return drawn;
}

/** The value at a step, or between its neighbours; NaN outside. */
export function valueAt(steps: ArrayLike<number>, values: ArrayLike<number>, step: number): number {
  let [low, high] = [0, steps.length - 1];
  if (high < 0 || step < steps[0] || step > steps[high]) return Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle;
    else high = middle;
  }
  if (steps[high] === step) return values[high];
  if (steps[low] === step) return values[low];
  return values[low] + ((values[high] - values[low]) * (step - steps[low])) / (steps[high] - steps[low]);
}
