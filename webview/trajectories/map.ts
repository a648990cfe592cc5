import { css, html, LitElement, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { drawMarker, type Ink, prepare, readInk, writeUpright } from '../series/canvas';
import { keepDrawn } from '../series/keepDrawn';
import { linear, stepDecimals, ticks } from '../series/scale';
import { number } from '../shared/format';
import { type Box, boxAround, freestPlace } from '../shared/labelPlaces';
import { t } from '../shared/text';
import { policyColour, policyMark, sequentialColour } from '../shared/theme';
import { type Area, mapCells, type Path } from './paths';

const left = 40;
const bottom = 34;

/** Everything on the map but the paths. */
export interface MapGround {
  readonly area: Area;
  readonly xName: string;
  readonly yName: string;
  readonly bounds: Area | null;
  readonly goal: { readonly x: number; readonly y: number; readonly width: number } | null;
  /** how often each cell was visited before, and which are new in this iteration */
  readonly before: ReadonlyMap<number, number>;
  readonly fresh: ReadonlySet<number>;
}

/** The two-dimensional world: paths up to the cursor strong, the rest faint, over the cells that were visited. */
export class WorldMap extends LitElement {
  static override readonly styles = css`
    :host { display: block; }
    canvas { display: block; width: 100%; aspect-ratio: 1; max-height: min(640px, max(320px, 100vh - 232px)); }
  `;

  @property({ attribute: false }) ground: MapGround | null = null;
  @property({ attribute: false }) paths: readonly Path[] = [];
  @property({ attribute: false }) cursor = 0;
  @property() summary = '';
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;

  constructor() {
    super();
    keepDrawn(this, () => this.draw());
  }

  override render(): TemplateResult {
    return html`<canvas role="img" aria-label=${this.summary}></canvas>`;
  }

  private draw(): void {
    const { canvas, ground } = this;
    if (canvas === null || ground === null) return;
    const prepared = prepare(canvas);
    if (prepared === null) return;
    const { context, width, height } = prepared;
    const ink = readInk();
    const side = Math.min(width - left - 10, height - bottom - 8);
    const x = linear(ground.area.x[0], ground.area.x[1], left, left + side);
    const y = linear(ground.area.y[0], ground.area.y[1], 8 + side, 8);
    drawCells(context, ground, side, ink);
    drawAxes(context, ground, side, ink, x.at, y.at);
    if (ground.goal !== null) drawGoal(context, ground.goal, side / (ground.area.x[1] - ground.area.x[0]), x.at, y.at, ink, side);
    context.save();
    context.beginPath();
    context.rect(left - 6, 2, side + 12, side + 12);
    context.clip();
    for (const path of this.paths) drawPath(context, path, this.cursor, x.at, y.at, ink);
    context.restore();
    drawNames(context, this.paths.filter(({ predicted, steps }) => !predicted && steps.length > 0), this.cursor, x.at, y.at, ink, ground.goal, side);
  }
}
customElements.define('ibrl-world-map', WorldMap);

function drawCells(context: CanvasRenderingContext2D, { before, fresh }: MapGround, side: number, ink: Ink): void {
  const size = side / mapCells;
  const corner = (cell: number): readonly [number, number] => [left + (cell % mapCells) * size, 8 + (mapCells - 1 - Math.floor(cell / mapCells)) * size];
  const most = Math.max(1, ...before.values());
  for (const [cell, visits] of before) {
    const [x, y] = corner(cell);
    context.fillStyle = sequentialColour(0.1 + (0.35 * Math.log1p(visits)) / Math.log1p(most));
    context.fillRect(x + 1, y + 1, size - 2, size - 2);
  }
  context.strokeStyle = ink.highContrast ? ink.foreground : sequentialColour(0.75);
  context.lineWidth = 1.2;
  context.setLineDash([4, 3]);
  for (const cell of fresh) {
    const [x, y] = corner(cell);
    context.strokeRect(x + 2.5, y + 2.5, size - 5, size - 5);
  }
  context.setLineDash([]);
}

function drawAxes(context: CanvasRenderingContext2D, { area, bounds, xName, yName }: MapGround, side: number, ink: Ink, x: (value: number) => number, y: (value: number) => number): void {
  context.strokeStyle = ink.muted;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, 8.5, side, side);
  if (bounds !== null) {
    context.strokeStyle = ink.foreground;
    context.lineWidth = 1.8;
    context.strokeRect(x(bounds.x[0]), y(bounds.y[1]), x(bounds.x[1]) - x(bounds.x[0]), y(bounds.y[0]) - y(bounds.y[1]));
  }
  context.font = `11px ${ink.font}`;
  context.fillStyle = ink.muted;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const places = (marks: readonly number[]): number => (marks.length < 2 ? 0 : stepDecimals(marks[1] - marks[0]));
  const across = ticks(area.x[0], area.x[1], 5);
  for (const mark of across) context.fillText(number(mark, places(across)), x(mark), side + 13);
  context.fillText(xName, left + side / 2, side + 26);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const up = ticks(area.y[0], area.y[1], 5);
  for (const mark of up) context.fillText(number(mark, places(up)), left - 6, y(mark));
  writeUpright(context, yName, 8, 8 + side / 2);
}

function drawGoal(context: CanvasRenderingContext2D, goal: NonNullable<MapGround['goal']>, scale: number, x: (value: number) => number, y: (value: number) => number, ink: Ink, side: number): void {
  context.save();
  context.beginPath();
  context.rect(left, 8, side, side);
  context.clip();
  context.strokeStyle = ink.muted;
  context.lineWidth = 1;
  for (const factor of [1, 2, 3]) {
    context.globalAlpha = 1 - factor * 0.22;
    context.beginPath();
    context.arc(x(goal.x), y(goal.y), goal.width * factor * scale, 0, 2 * Math.PI);
    context.stroke();
  }
  context.globalAlpha = 1;
  context.restore();
}

/** Text that stays readable over anything. */
function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, ink: Ink): void {
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.strokeStyle = ink.background;
  context.strokeText(text, x, y);
  context.fillStyle = ink.foreground;
  context.fillText(text, x, y);
}

function drawPath(context: CanvasRenderingContext2D, { policy, steps, x: xs, y: ys, predicted }: Path, cursor: number, x: (value: number) => number, y: (value: number) => number, ink: Ink): void {
  if (steps.length === 0) return;
  const colour = predicted ? ink.muted : policyColour(policy);
  const now = reached(steps, cursor);
  const stretch = (first: number, last: number, strength: number): void => {
    context.beginPath();
    for (let i = first; i <= last; i++) context.lineTo(x(xs[i]), y(ys[i]));
    context.globalAlpha = strength;
    context.strokeStyle = colour;
    context.lineWidth = ink.line + 0.6;
    context.setLineDash(predicted ? [5, 4] : [...policyMark(policy).dash]);
    context.stroke();
    context.globalAlpha = 1;
  };
  stretch(now, steps.length - 1, ink.highContrast ? 0.5 : 0.3);
  stretch(0, now, 1);
  context.setLineDash([]);
  const { marker, hollow } = policyMark(policy);
  drawMarker(context, 'circle', x(xs[0]), y(ys[0]), 3.5, ink.foreground, true, ink.background);
  drawMarker(context, marker, x(xs[now]), y(ys[now]), 5.5, colour, hollow || predicted, ink.background);
}

/** The last place of a path that the cursor has come to. */
function reached(steps: Path['steps'], cursor: number): number {
  let now = 0;
  while (now + 1 < steps.length && steps[now + 1] <= cursor) now++;
  return now;
}

/** Where a word may stand around a point, the nearest first, px. */
const around = [16, 30, 44].flatMap((far) => [0, 4, 2, 6, 1, 5, 3, 7].map((eighth): readonly [number, number] => [far * Math.cos((eighth * Math.PI) / 4), far * Math.sin((eighth * Math.PI) / 4)]));

/** The policies at their markers, and the goal, so that policies that meet stay readable. */
function drawNames(context: CanvasRenderingContext2D, paths: readonly Path[], cursor: number, x: (value: number) => number, y: (value: number) => number, ink: Ink, goal: MapGround['goal'], side: number): void {
  const points = paths.map((path): readonly [string, number, number] => {
    const now = reached(path.steps, cursor);
    return [`π${path.policy}`, x(path.x[now]), y(path.y[now])];
  });
  const [far, right, below] = [1e6, left + side, 8 + side];
  const beyond: readonly Box[] = [
    { left: -far, top: -far, right: left, bottom: far }, { left: right, top: -far, right: far, bottom: far },
    { left: -far, top: -far, right: far, bottom: 8 }, { left: -far, top: below, right: far, bottom: far },
  ];
  const taken: Box[] = [...beyond, ...points.map(([, across, down]) => boxAround(across, down, 12, 12))];
  context.font = `600 11px ${ink.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [text, atX, atY] of goal === null ? points : [...points, [t('goal'), x(goal.x), y(goal.y)] as const]) {
    const width = context.measureText(text).width + 4;
    const places = around.map(([across, down]) => ({ box: boxAround(atX + across, atY + down, width, 13) }));
    const { box } = freestPlace(places, { boxes: taken, segments: [] });
    taken.push(box);
    label(context, text, (box.left + box.right) / 2, (box.top + box.bottom) / 2, ink);
  }
}
