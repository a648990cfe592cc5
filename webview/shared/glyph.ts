import { html, svg, type TemplateResult } from 'lit';
import type { Role } from '../../src/report/chart';
import { policyColour, policyMark, token } from './theme';

/** How a policy, the mean or the probe is drawn in every chart: line with its dash, marker with its shape. */
export function glyph(role: Role): TemplateResult {
  const colour = typeof role === 'number' ? policyColour(role) : token('foreground');
  const dash = typeof role === 'number' ? policyMark(role).dash.join(' ') : '';
  const hollow = typeof role === 'number' && policyMark(role).hollow;
  const line = role === 'probe' ? '' : svg`<path d="M1 8H27" stroke=${colour} stroke-width=${role === 'mean' ? 3 : 1.6} stroke-dasharray=${dash} />`;
  return html`<svg class="glyph" viewBox="0 0 28 16" width="28" height="16" aria-hidden="true" fill=${hollow ? token('editor-background') : colour} stroke=${colour} stroke-width="1.5">${line}${marker(role)}</svg>`;
}

/** Its marker alone, around 14, 8. */
export function marker(role: Role): TemplateResult | '' {
  if (role === 'probe') return svg`<path d="M10 4 18 12M18 4 10 12" />`;
  if (typeof role !== 'number') return '';
  switch (policyMark(role).marker) {
    case 'circle':
      return svg`<circle cx="14" cy="8" r="3.6" />`;
    case 'square':
      return svg`<rect x="10.8" y="4.8" width="6.4" height="6.4" />`;
    case 'triangle':
      return svg`<path d="M14 4 18 11.4H10Z" />`;
    case 'diamond':
      return svg`<path d="M14 3.4 18.6 8 14 12.6 9.4 8Z" />`;
  }
}
