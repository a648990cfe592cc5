import type { Chart as Drawing, Plugin, Scale } from 'chart.js';
import type { Chart, Mark, Series } from '../../../src/report/chart';
import { type Box, boxAround, freestPlace, type Segment } from '../labelPlaces';
import { type ChartColours, roleColour } from './appearance';

/** What the plugin draws beside the data: asked anew for each drawing, since both change in place. */
export interface Drawn {
  readonly chart: Chart;
  readonly colours: ChartColours;
  /** where the keyboard or the pointer is; null: nowhere */
  readonly at: { readonly x: number; readonly y: number } | null;
}

const gap = 8;

/** Reference lines, stretches, intervals and words behind and beside the data. */
export function marksPlugin(drawn: () => Drawn): Plugin {
  return {
    id: 'ibrl-marks',
    beforeDatasetsDraw: (drawing) => inArea(drawing, (context) => drawBehind(context, drawing, drawn())),
    afterDatasetsDraw: (drawing) => {
      const now = drawn();
      drawBeside(drawing.ctx, drawing, now);
      if (now.at !== null) drawPlace(drawing.ctx, drawing, now, now.at);
    },
  };
}

/** Width of the words to the right of the axes, px. */
export function labelWidth(chart: Chart, colours: ChartColours, context: CanvasRenderingContext2D): number {
  context.save();
  context.font = axisFont(colours);
  const width = sideLabels(chart).reduce((widest, { label }) => Math.max(widest, context.measureText(label).width), 0);
  context.restore();
  return width > 0 ? width + gap + 4 : gap;
}

function axisFont({ font, fontSize }: ChartColours): string {
  return `${(fontSize * 11) / 13}px ${font}`;
}

function inArea(drawing: Drawing, draw: (context: CanvasRenderingContext2D) => void): void {
  const { ctx, chartArea: area } = drawing;
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

function drawBehind(context: CanvasRenderingContext2D, drawing: Drawing, { chart, colours }: Drawn): void {
  const { x, y } = drawing.scales;
  const { top, bottom, left, right } = drawing.chartArea;
  context.lineWidth = colours.highContrast ? 1.5 : 1;
  for (const mark of chart.marks) {
    context.strokeStyle = colours.muted;
    context.setLineDash([]);
    switch (mark.kind) {
      case 'column':
        stretch(context, [x.getPixelForValue(mark.x[0]), x.getPixelForValue(mark.x[1])], [top, bottom], mark.stretch, colours);
        break;
      case 'interval':
        context.fillStyle = colours.muted;
        context.globalAlpha = 0.3;
        context.fillRect(x.getPixelForValue(mark.x) - 5, y.getPixelForValue(mark.y[1]), 10, y.getPixelForValue(mark.y[0]) - y.getPixelForValue(mark.y[1]));
        context.globalAlpha = 1;
        break;
      case 'horizontal':
        context.setLineDash([...mark.dash]);
        stroke(context, left, y.getPixelForValue(mark.at), right, y.getPixelForValue(mark.at));
        break;
      case 'vertical':
        context.setLineDash([2, 3]);
        stroke(context, x.getPixelForValue(mark.at), top, x.getPixelForValue(mark.at), bottom);
        break;
      case 'rectangle':
        context.setLineDash([5, 4]);
        context.strokeRect(x.getPixelForValue(mark.x[0]), y.getPixelForValue(mark.y[1]), x.getPixelForValue(mark.x[1]) - x.getPixelForValue(mark.x[0]), y.getPixelForValue(mark.y[0]) - y.getPixelForValue(mark.y[1]));
        break;
      case 'circle':
        context.beginPath();
        context.ellipse(x.getPixelForValue(mark.x), y.getPixelForValue(mark.y), radius(x, mark.radius), radius(y, mark.radius), 0, 0, 2 * Math.PI);
        context.stroke();
        break;
      case 'text':
        break;
    }
  }
}

function radius(scale: Scale, size: number): number {
  return Math.abs(scale.getPixelForValue(size) - scale.getPixelForValue(0));
}

/** Where the run is: a faint fill; what has not begun: hatched. */
function stretch(context: CanvasRenderingContext2D, [left, right]: readonly [number, number], [top, bottom]: readonly [number, number], kind: 'now' | 'future', colours: ChartColours): void {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.globalAlpha = colours.highContrast ? 0.16 : 0.08;
  context.fillStyle = colours.foreground;
  if (kind === 'now') context.fillRect(left, top, right - left, bottom - top);
  else {
    context.strokeStyle = colours.foreground;
    context.globalAlpha = colours.highContrast ? 0.5 : 0.18;
    for (let start = left - (bottom - top); start < right; start += 9) stroke(context, start, bottom, start + (bottom - top), top);
  }
  context.restore();
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** A line's name stands at its end, a reference's beside its line. */
function sideLabels(chart: Chart): { readonly label: string; readonly at: number; readonly series: Series | null }[] {
  const references = chart.marks.flatMap((mark) => (mark.kind === 'horizontal' ? [{ label: mark.label, at: mark.at, series: null }] : []));
  const lines = chart.series.filter((series) => series.line !== 'none' && series.markers === 'none');
  if (lines.length > 8 || chart.shape === 'strip') return references;
  return [...references, ...lines.flatMap((series) => {
    const last = series.points.findLast(([, y]) => y !== null);
    return last === undefined || last[1] === null ? [] : [{ label: series.label, at: last[1], series }];
  })];
}

function drawBeside(context: CanvasRenderingContext2D, drawing: Drawing, { chart, colours }: Drawn): void {
  const { x, y } = drawing.scales;
  const area = drawing.chartArea;
  const lineHeight = colours.fontSize;
  context.save();
  context.font = axisFont(colours);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const inside = sideLabels(chart).filter(({ at }) => at >= y.min && at <= y.max);
  const labels = inside.map((side) => ({ ...side, pixel: y.getPixelForValue(side.at) })).sort((a, b) => a.pixel - b.pixel);
  for (let i = 1; i < labels.length; i++) labels[i].pixel = Math.max(labels[i].pixel, labels[i - 1].pixel + lineHeight);
  for (const { label, pixel, series } of labels) {
    context.fillStyle = series === null ? colours.muted : roleColour(series.role, colours);
    context.fillText(label, area.right + gap, pixel);
  }
  for (const mark of chart.marks) drawWord(context, mark, x, y, area.top, colours);
  drawNumbers(context, drawing, chart, colours);
  context.restore();
}

function drawWord(context: CanvasRenderingContext2D, mark: Mark, x: Scale, y: Scale, top: number, colours: ChartColours): void {
  if (mark.kind === 'vertical' && mark.label !== '') {
    context.textAlign = 'left';
    context.fillStyle = colours.muted;
    context.fillText(mark.label, x.getPixelForValue(mark.at) + 4, top + 7);
  }
  if (mark.kind === 'circle' && mark.label !== '') {
    context.textAlign = 'center';
    context.fillStyle = colours.muted;
    context.fillText(mark.label, x.getPixelForValue(mark.x), y.getPixelForValue(mark.y));
  }
}

/** Half the size of a marker, and a little air, px. */
const markerReach = 6;

/** Numbers at points: above them, or where the fewest marks, lines and other numbers are in the way. */
function drawNumbers(context: CanvasRenderingContext2D, { scales: { x, y }, chartArea }: Drawing, chart: Chart, colours: ChartColours): void {
  const numbers = chart.marks.filter((mark) => mark.kind === 'text').filter((mark) => mark.x >= x.min && mark.x <= x.max);
  if (numbers.length === 0) return;
  const boxes: Box[] = [];
  const segments: Segment[] = [];
  for (const { points } of chart.series) {
    let before: readonly [number, number] | null = null;
    for (const [atX, atY] of points) {
      const here: readonly [number, number] | null = atY === null ? null : [x.getPixelForValue(atX), y.getPixelForValue(atY)];
      if (here !== null) boxes.push(boxAround(here[0], here[1], 2 * markerReach, 2 * markerReach));
      if (here !== null && before !== null) segments.push({ from: before, to: here });
      before = here;
    }
  }
  context.textAlign = 'center';
  context.font = `600 ${(colours.fontSize * 12) / 13}px ${colours.font}`;
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.strokeStyle = colours.background;
  context.fillStyle = colours.foreground;
  for (const { x: atX, y: atY, label } of numbers) {
    const width = context.measureText(label).width;
    const [left, top] = [x.getPixelForValue(atX), y.getPixelForValue(atY)];
    const aside = width / 2 - markerReach;
    const places = [[0, -15], [-aside, -15], [aside, -15], [0, 16], [-aside, 16], [aside, 16], [0, -28], [0, 28]].map(([across, down]) => {
      const centre = Math.min(context.canvas.clientWidth - width / 2, Math.max(width / 2, left + across));
      return { centre, middle: top + down, box: boxAround(centre, top + down, width + 2, colours.fontSize) };
    });
    const { centre, middle, box } = freestPlace(places.filter((place) => place.box.top >= 0 && place.box.bottom <= chartArea.bottom), { boxes, segments });
    boxes.push(box);
    context.strokeText(label, centre, middle);
    context.fillText(label, centre, middle);
  }
}

function drawPlace(context: CanvasRenderingContext2D, drawing: Drawing, { colours }: Drawn, at: { readonly x: number; readonly y: number }): void {
  const { x, y } = drawing.scales;
  const { top, bottom } = drawing.chartArea;
  const [left, above] = [x.getPixelForValue(at.x), y.getPixelForValue(at.y)];
  context.save();
  context.strokeStyle = colours.muted;
  context.setLineDash([1, 2]);
  stroke(context, left, top, left, bottom);
  context.setLineDash([]);
  context.lineWidth = 2;
  context.strokeStyle = colours.foreground;
  context.beginPath();
  context.arc(left, above, 8, 0, 2 * Math.PI);
  context.stroke();
  context.restore();
}
