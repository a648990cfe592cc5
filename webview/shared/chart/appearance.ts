import type { Role, Series } from '../../../src/report/chart';
import { policyColour, policyMark, token } from '../theme';

/** The colours of a chart in the theme of the moment. */
export interface ChartColours {
  readonly foreground: string;
  readonly background: string;
  readonly muted: string;
  readonly rule: string;
  readonly grid: string;
  readonly accent: string;
  readonly font: string;
  readonly fontSize: number;
  readonly highContrast: boolean;
}

/** Reads the theme once for each drawing. */
export function chartColours(highContrast: boolean): ChartColours {
  const body = getComputedStyle(document.body);
  const foreground = token('foreground') || token('editor-foreground');
  return {
    foreground,
    // of an editor or of the side bar
    background: body.backgroundColor,
    muted: resolved('--ibrl-muted', foreground),
    rule: token('contrastBorder') || token('panel-border') || foreground,
    grid: mixedColour(foreground, token('editor-background')),
    accent: token('textLink-foreground') || foreground,
    font: body.fontFamily,
    fontSize: Number.parseFloat(body.fontSize) || 13,
    highContrast,
  };
}

/** Faint, but there in every theme. */
function mixedColour(foreground: string, background: string): string {
  return computed(`color-mix(in srgb, ${foreground} 14%, ${background || 'transparent'})`, foreground);
}

/** The computed value of a custom property that may be a `color-mix`. */
function resolved(name: string, fallback: string): string {
  return computed(`var(${name}, ${fallback})`, fallback);
}

function computed(colour: string, fallback: string): string {
  const probe = document.createElement('span');
  probe.style.setProperty('color', colour);
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color || fallback;
}

export function roleColour(role: Role, colours: ChartColours): string {
  if (typeof role === 'number') return policyColour(role);
  switch (role) {
    case 'mean':
    case 'recommended':
      return colours.foreground;
    case 'probe':
    case 'muted':
      return colours.muted;
    case 'accent':
      return colours.accent;
  }
}

const pointStyles = { circle: 'circle', square: 'rect', triangle: 'triangle', diamond: 'rectRot' } as const;

export function roleMarker(role: Role): 'circle' | 'rect' | 'triangle' | 'rectRot' | 'crossRot' {
  if (typeof role === 'number') return pointStyles[policyMark(role).marker];
  return role === 'probe' ? 'crossRot' : 'circle';
}

export function lineDash(series: Series): readonly number[] {
  if (series.line === 'dashed') return [3, 3];
  return series.line === 'policy' && typeof series.role === 'number' ? policyMark(series.role).dash : [];
}
