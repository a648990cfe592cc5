import { Chart as Drawing, LinearScale, LineElement, PointElement, ScatterController } from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Chart } from '../../../src/report/chart';
import { controls } from '../controls';
import { sameData } from '../sameData';
import '../table';
import { t } from '../text';
import { onThemeChange, themeKind } from '../theme';
import { type ChartColours, chartColours, roleColour } from './appearance';
import { chartCsv } from './csv';
import { axisOptions, fillDataset } from './datasets';
import { labelWidth, marksPlugin } from './marks';
import { type ChosenPoint, columnOf, describeColumn, describePlace, nearestPlace, neighbour, type Place } from './places';

Drawing.register(LinearScale, LineElement, PointElement, ScatterController, zoomPlugin);

interface PointOrGap {
  x: number;
  y: number | null;
}
type Drawn2d = Drawing<'scatter', PointOrGap[]>;

/** The part of the x axis that a person zoomed to. */
export interface ShownRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Draws a chart that is described as data (src/report/chart.ts) in the theme's colours, with its text summary and its table
 * twin. One drawing for the whole life of the element: a new description changes it in place, at most once a frame.
 *
 * Events: `point-chosen` (ChosenPoint), `range-shown` (ShownRange, or null after a reset).
 */
export class IbrlChart extends LitElement {
  static override readonly styles = [controls, css`
    :host { display: block; position: relative; min-width: 0; }
    .frame { position: relative; width: 100%; height: var(--ibrl-chart-height, 180px); outline-offset: 2px; }
    .frame[hidden] { display: none; }
    canvas { position: absolute; inset: 0; }
    .tooltip { position: absolute; z-index: 2; pointer-events: none; padding: 6px 8px; font-size: 0.92em; max-width: 260px; color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background)); border: 1px solid var(--vscode-editorHoverWidget-border, var(--ibrl-rule)); }
    .tooltip p { margin: 0; display: flex; gap: 12px; justify-content: space-between; white-space: nowrap; }
    .tooltip p.title { font-weight: 600; }
    .tooltip .name { border-left: 3px solid transparent; padding-left: 5px; }
    .tools { display: flex; gap: 4px; justify-content: flex-end; font-size: 0.85em; }
  `];

  /** a description that says the same again is not drawn again */
  @property({ attribute: false, hasChanged: (next: Chart | null, last: Chart | null) => !sameData(next, last) }) chart: Chart | null = null;
  /** shows the numbers as a table instead */
  @property({ type: Boolean }) tabular = false;
  /** the series that stands out by its role; null: all alike */
  @property({ attribute: false }) focusedRole: number | null = null;
  /** offers no table of its own, where the page has one for all */
  @property({ type: Boolean }) bare = false;

  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  @query('.frame') private readonly frame!: HTMLElement | null;
  @state() private place: Place | null = null;
  @state() private spoken = '';

  private drawing: Drawn2d | null = null;
  private colours: ChartColours | null = null;
  private pending = 0;
  private stopTheme: (() => void) | null = null;
  /** drawings made in the element's life, and points of the last one: budgets are counted by them */
  readonly counts = { drawings: 0, updates: 0, points: 0 };

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopTheme = onThemeChange(() => {
      this.colours = null;
      this.schedule();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopTheme?.();
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    this.drawing?.destroy();
    this.drawing = null;
  }

  override render(): TemplateResult | typeof nothing {
    const { chart } = this;
    if (chart === null) return nothing;
    return html`
      <div class="frame" tabindex="0" role="application" aria-roledescription=${t('chart')} aria-label=${`${chart.title}. ${chart.summary}`} ?hidden=${this.tabular}
        @keydown=${this.onKey} @blur=${this.leave} @pointermove=${this.onPointer} @pointerleave=${this.leave} @click=${this.choose} @dblclick=${this.resetZoom}>
        <canvas aria-hidden="true"></canvas>
        ${this.renderTooltip(chart)}
      </div>
      <span class="visually-hidden" aria-live="polite">${this.spoken}</span>
      ${this.tabular ? html`<ibrl-table .table=${chart.table} .title=${chart.title}></ibrl-table>` : nothing}
      ${this.bare ? nothing : html`<div class="tools"><button class="link" @click=${this.toggleTable} aria-pressed=${this.tabular}>${this.tabular ? t('Show as chart') : t('Show as table')}</button></div>`}
    `;
  }

  private renderTooltip(chart: Chart): TemplateResult | typeof nothing {
    if (this.place === null || this.drawing === null || this.colours === null) return nothing;
    const { title, lines } = describeColumn(chart, this.place);
    const colours = this.colours;
    return html`<div class="tooltip" aria-hidden="true"><p class="title">${title}</p>${lines.map(({ label, role, text }) => html`<p><span class="name" data-colour=${roleColour(role, colours)}>${label}</span><span>${text}</span></p>`)}</div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('chart') || changed.has('focusedRole') || changed.has('tabular')) {
      if (changed.has('chart')) this.keepPlace();
      this.schedule();
    } else this.drawing?.draw();
    this.placeTooltip();
  }

  /** The place stays only where its point still is. */
  private keepPlace(): void {
    const { place, chart } = this;
    if (place === null) return;
    const point = chart?.series[place.series]?.points[place.point];
    if (point === undefined || point[1] === null) this.place = null;
  }

  private placeTooltip(): void {
    const tooltip = this.renderRoot.querySelector<HTMLElement>('.tooltip');
    if (tooltip === null || this.place === null || this.drawing === null) return;
    for (const label of tooltip.querySelectorAll<HTMLElement>('[data-colour]')) label.style.setProperty('border-left-color', label.dataset['colour'] ?? '');
    const left = this.drawing.scales['x'].getPixelForValue(this.place.x);
    const width = this.frame?.clientWidth ?? 0;
    tooltip.style.setProperty('top', '4px');
    tooltip.style.setProperty('left', `${left > width / 2 ? Math.max(0, left - tooltip.offsetWidth - 14) : left + 14}px`);
  }

  private schedule(): void {
    if (this.pending !== 0) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { chart, canvas } = this;
    if (chart === null || canvas === null || this.tabular || !this.isConnected) return;
    const colours = (this.colours ??= chartColours(themeKind().startsWith('high-contrast')));
    this.drawing ??= this.makeDrawing(canvas, chart, colours);
    const { data, options } = this.drawing;
    data.datasets.length = chart.series.length;
    let points = 0;
    for (const [index, series] of chart.series.entries()) {
      const faded = this.focusedRole !== null && typeof series.role === 'number' && series.role !== this.focusedRole;
      data.datasets[index] = fillDataset(data.datasets[index] ?? { data: [] }, series, chart, colours, faded);
      points += series.points.length;
    }
    const zoomed = this.drawing.isZoomedOrPanned();
    const shown = zoomed ? { min: this.drawing.scales['x'].min, max: this.drawing.scales['x'].max } : null;
    options.scales = { x: { ...axisOptions(chart.x, chart, colours, false), ...shown }, y: axisOptions(chart.y, chart, colours, true) };
    options.layout = { padding: { top: chart.marks.some(({ kind }) => kind === 'text') ? 20 : 6, right: labelWidth(chart, colours, this.drawing.ctx) } };
    this.drawing.update('none');
    this.counts.updates++;
    this.counts.points = points;
  }

  private makeDrawing(canvas: HTMLCanvasElement, chart: Chart, colours: ChartColours): Drawn2d {
    this.counts.drawings++;
    const tell = (): void => {
      const x = this.drawing?.scales['x'];
      if (x) this.dispatchEvent(new CustomEvent<ShownRange | null>('range-shown', { detail: { min: x.min, max: x.max } }));
    };
    return new Drawing<'scatter', PointOrGap[]>(canvas, {
      type: 'scatter',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        scales: { x: axisOptions(chart.x, chart, colours, false), y: axisOptions(chart.y, chart, colours, true) },
        plugins: {
          zoom: {
            zoom: { wheel: { enabled: true, modifierKey: 'ctrl' }, pinch: { enabled: true }, mode: 'x', onZoomComplete: tell },
            pan: { enabled: true, mode: 'x', onPanComplete: tell },
            limits: { x: { min: 'original', max: 'original' } },
          },
        },
      },
      plugins: [marksPlugin(() => ({ chart: this.chart ?? emptyChart, colours: this.colours ?? chartColours(false), at: this.place }))],
    });
  }

  private readonly toggleTable = (): void => {
    this.tabular = !this.tabular;
    this.drawing?.destroy();
    this.drawing = null;
  };

  private readonly resetZoom = (): void => {
    this.drawing?.resetZoom('none');
    this.dispatchEvent(new CustomEvent<ShownRange | null>('range-shown', { detail: null }));
  };

  private readonly leave = (): void => {
    this.place = null;
    this.spoken = '';
  };

  private readonly onPointer = (event: PointerEvent): void => {
    const { chart, drawing } = this;
    if (chart === null || drawing === null) return;
    const box = drawing.canvas.getBoundingClientRect();
    const { x, y } = drawing.scales;
    this.place = nearestPlace(chart, { x: event.clientX - box.left, y: event.clientY - box.top }, (atX, atY) => ({ x: x.getPixelForValue(atX), y: y.getPixelForValue(atY) }));
  };

  private readonly choose = (): void => {
    const { chart, place } = this;
    if (chart === null || place === null) return;
    const { label, role } = chart.series[place.series];
    this.dispatchEvent(new CustomEvent<ChosenPoint>('point-chosen', { detail: { label, role, x: columnOf(chart, place.x), y: place.y } }));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, Parameters<typeof neighbour>[2]>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last' };
    const move = moves[event.key];
    if (move !== undefined && this.chart !== null && !event.ctrlKey && !event.altKey && !event.metaKey) {
      this.place = neighbour(this.chart, this.place, move);
      this.spoken = this.place === null ? '' : describePlace(this.chart, this.place);
    } else if (event.key === 'Enter') this.choose();
    else if (event.key === 'Escape' && this.place !== null) this.leave();
    else if (event.key === '+') this.drawing?.zoom(1.25, 'none');
    else if (event.key === '-') this.drawing?.zoom(0.8, 'none');
    else if (event.key === '0') this.resetZoom();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** The picture as a data URL, on the theme's background; null before it was drawn. */
  png(): string | null {
    const { canvas, colours } = this;
    if (canvas === null || colours === null || canvas.width === 0) return null;
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext('2d');
    if (context === null) return null;
    context.fillStyle = colours.background;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
    return copy.toDataURL('image/png');
  }

  /** Every point as CSV; null without a chart. */
  csv(): string | null {
    return this.chart && chartCsv(this.chart);
  }
}
customElements.define('ibrl-chart', IbrlChart);

const noAxis = { title: '', min: null, max: null, names: null };
const emptyChart: Chart = { id: '', title: '', subtitle: '', summary: '', shape: 'panel', group: null, x: noAxis, y: noAxis, series: [], marks: [], table: { columns: [], rows: [] } };
