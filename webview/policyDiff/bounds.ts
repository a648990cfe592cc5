import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Comparison, PredictedTrajectory } from '../../src/messages/comparison';
import { decimalsFor, number, percent } from '../shared/format';
import { t } from '../shared/text';
import { policyColour, token } from '../shared/theme';

interface BoundRow {
  readonly variable: string;
  readonly unit: string;
  readonly bounds: readonly [number, number];
  /** of the bounds' width, in the models and on recorded frames; null: not predicted */
  readonly predicted: { readonly before: number | null; readonly after: number | null } | null;
  readonly recorded: { readonly before: number; readonly after: number };
  readonly before: readonly [number, number] | null;
  readonly after: readonly [number, number] | null;
}

function boundRows({ diff, predicted }: Comparison): BoundRow[] {
  return diff.margins.map(({ variable, unit, bounds, least }) => {
    const of = (side: 'before' | 'after'): number | null => predicted?.[side].margins.find((margin) => margin.variable === variable)?.least ?? null;
    return {
      variable,
      unit,
      bounds,
      predicted: predicted === null ? null : { before: of('before'), after: of('after') },
      recorded: least,
      before: visited(predicted?.trajectories ?? [], variable, 'before'),
      after: visited(predicted?.trajectories ?? [], variable, 'after'),
    };
  });
}

/** Where the shown rollouts are. */
function visited(trajectories: readonly PredictedTrajectory[], variable: string, side: 'before' | 'after'): readonly [number, number] | null {
  let [least, most] = [Infinity, -Infinity];
  for (const { states } of trajectories) {
    const own = states.find(({ name }) => name === variable)?.[side];
    // the first point was recorded
    for (const value of own?.low.slice(1) ?? []) if (value !== null) least = Math.min(least, value);
    for (const value of own?.high.slice(1) ?? []) if (value !== null) most = Math.max(most, value);
  }
  return least <= most ? [least, most] : null;
}

/** Bounded variables with the range that the shown rollouts visit and their margins; then the share with support. */
export function boundsAndSupport(comparison: Comparison, policy: number): TemplateResult {
  const rows = boundRows(comparison);
  const { support } = comparison.diff;
  return html`
    ${rows.length === 0 ? html`<p class="muted">${t('No bounded variable has a next value that is known, so there are no margins.')}</p>` : html`<table class="bounds">
      <caption class="visually-hidden">${t('Margins to the bounds, in shares of their width')}</caption>
      <thead><tr><th scope="col">${t('variable')}</th><th scope="col">${t('range in the shown rollouts')}</th><th scope="col">${t('least in the models')}</th><th scope="col">${t('on recorded frames')}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row">${row.variable}</th><td class="visited">${rangeBars(row, policy)}</td><td>${row.predicted === null ? '–' : pair(row.predicted.before, row.predicted.after)}</td><td>${pair(row.recorded.before, row.recorded.after)}</td></tr>`)}</tbody>
    </table>`}
    ${support === null ? nothing : html`<div class="support"><span>${t('Inside the support')}</span>${supportBar(support.share, policy)}<span>${pair(support.share.before, support.share.after)}</span></div>`}`;
}

function pair(before: number | null, after: number | null): TemplateResult {
  const outside = after !== null && after < -1e-6;
  return html`<span class="muted">${percent(before)} →</span> <strong class=${outside ? 'outside' : ''}>${percent(after)}</strong>`;
}

function rangeBars({ bounds: [low, high], before, after, unit, variable }: BoundRow, policy: number): TemplateResult {
  const width = high - low || 1;
  // a tenth of the width on either side, for what is outside
  const at = (value: number): string => `${Math.min(100, Math.max(0, (100 * (value - low + width * 0.1)) / (width * 1.2)))}%`;
  const decimals = decimalsFor([low, high]) > 1 ? 1 : 0;
  const text = (range: readonly [number, number] | null): string => (range === null ? '–' : t('{0} to {1}', number(range[0], decimals), number(range[1], decimals)));
  const label = t('{0}, bounds {1}: {2} before, {3} after', unit === '1' || unit === '' ? variable : `${variable} (${unit})`, text([low, high]), text(before), text(after));
  return html`<svg width="100%" height="18" role="img" aria-label=${label}>
    <line x1=${at(low)} x2=${at(low)} y1="1" y2="17" stroke=${token('foreground')} stroke-width="1.4"></line><line x1=${at(high)} x2=${at(high)} y1="1" y2="17" stroke=${token('foreground')} stroke-width="1.4"></line>
    ${before === null ? nothing : svg`<line x1=${at(before[0])} x2=${at(before[1])} y1="6" y2="6" class="old" stroke-width="2" stroke-dasharray="3 2"></line>`}
    ${after === null ? nothing : svg`<line x1=${at(after[0])} x2=${at(after[1])} y1="12" y2="12" stroke=${policyColour(policy)} stroke-width="3"></line>`}
  </svg>`;
}

function supportBar({ before, after }: { readonly before: number; readonly after: number }, policy: number): TemplateResult {
  return html`<svg width="100%" height="14" role="img" aria-label=${t('Inside the support: {0} before, {1} after', percent(before), percent(after))}>
    <rect class="track" x="0" y="4" width="100%" height="6"></rect><rect x="0" y="4" width="${after * 100}%" height="6" fill=${policyColour(policy)}></rect>
    <line x1="${before * 100}%" x2="${before * 100}%" y1="1" y2="13" stroke=${token('foreground')} stroke-width="2"></line>
  </svg>`;
}
