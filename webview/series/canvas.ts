import { chartColours } from '../shared/chart/appearance';
import { themeKind, token } from '../shared/theme';

/** The colours that pictures share, in the theme of the moment. */
export interface Ink {
  readonly foreground: string;
  readonly muted: string;
  readonly rule: string;
  readonly background: string;
  readonly error: string;
  readonly font: string;
  readonly line: number;
  readonly highContrast: boolean;
}

/** Reads the theme; once for each drawing. */
export function readInk(): Ink {
  const highContrast = themeKind().startsWith('high-contrast');
  const { foreground, muted, rule, background, font } = chartColours(highContrast);
  return { foreground, muted, rule, background, font, error: token('editorError-foreground') || foreground, line: highContrast ? 2.4 : 1.6, highContrast };
}

/** What something is compared with: muted, beside the colour of the policy. */
export function oldColour(): string {
  return chartColours(false).muted;
}

/** Fits a canvas to its place and the screen, and empties it. @returns null while it has no size */
export function prepare(canvas: HTMLCanvasElement): { readonly context: CanvasRenderingContext2D; readonly width: number; readonly height: number } | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (width === 0 || height === 0 || context === null) return null;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** Writes the name of an upright axis, from below, around its middle. */
export function writeUpright(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.fillText(text, 0, 0);
  context.restore();
}

/** Draws the marker of a policy; hollow where it is a promise. */
export function drawMarker(context: CanvasRenderingContext2D, shape: 'circle' | 'square' | 'triangle' | 'diamond', x: number, y: number, radius: number, colour: string, hollow: boolean, background: string): void {
  context.beginPath();
  switch (shape) {
    case 'circle':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 'square':
      context.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
      break;
    case 'triangle':
      context.moveTo(x, y - radius * 1.1);
      context.lineTo(x + radius, y + radius * 0.8);
      context.lineTo(x - radius, y + radius * 0.8);
      context.closePath();
      break;
    case 'diamond':
      context.moveTo(x, y - radius * 1.2);
      context.lineTo(x + radius * 1.2, y);
      context.lineTo(x, y + radius * 1.2);
      context.lineTo(x - radius * 1.2, y);
      context.closePath();
      break;
  }
  context.setLineDash([]);
  context.fillStyle = hollow ? background : colour;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.stroke();
}
