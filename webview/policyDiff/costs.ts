import { html, svg, type TemplateResult } from 'lit';
import type { Estimate } from '../../src/messages/comparison';
import type { Table } from '../../src/report/table';
import { stepDecimals, ticks } from '../series/scale';
import { decimalsFor, difference, number } from '../shared/format';
import { glyph, marker } from '../shared/glyph';
import { t } from '../shared/text';
import { policyColour, policyMark, token } from '../shared/theme';
import { policyName } from './words';

/** Predicted cost per step of a policy and of what it is compared with. */
export interface CostRow {
  readonly policy: number;
  readonly before: Estimate;
  readonly after: Estimate;
}

interface Bar {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function bar({ mean, spread }: Estimate): Bar | null {
  return mean === null || spread === null ? null : { mean, low: mean - 2 * spread, high: mean + 2 * spread };
}

/** A line for each policy: hollow before, filled after, bars of two spreads either side. */
export function costChart(rows: readonly CostRow[], chosen: number): TemplateResult {
  const bars = rows.flatMap(({ before, after }) => [bar(before), bar(after)]).filter((one) => one !== null);
  const least = Math.min(...bars.map(({ low }) => low));
  const most = Math.max(...bars.map(({ high }) => high));
  const pad = (most - least || 1) * 0.05;
  const at = (value: number): string => `${(100 * (value - least + pad)) / (most - least + 2 * pad || 1)}%`;
  const marks = ticks(least - pad, most + pad, 3);
  const decimals = decimalsFor(bars.map(({ mean }) => mean));
  const row = ({ policy, before, after }: CostRow): TemplateResult => {
    const [old, now] = [bar(before), bar(after)];
    const change = old === null || now === null ? null : now.mean - old.mean;
    return html`<div class=${policy === chosen ? 'cost chosen' : 'cost'}>
      <span class="name">${glyph(policy)}${policyName(policy)}</span>
      <svg width="100%" height="28" role="img" aria-label=${costText({ policy, before, after }, decimals)}>
        ${marks.map((mark) => svg`<line class="grid" x1=${at(mark)} x2=${at(mark)} y1="0" y2="28"></line>`)}
        ${old === null ? '' : svg`<line x1=${at(old.low)} x2=${at(old.high)} y1="9" y2="9" class="old" stroke-width="3" opacity="0.6"></line><circle cx=${at(old.mean)} cy="9" r="4" fill=${token('editor-background')} class="old" stroke-width="1.6"></circle>`}
        ${now === null ? '' : svg`<line x1=${at(now.low)} x2=${at(now.high)} y1="19" y2="19" stroke=${policyColour(policy)} stroke-width="3" opacity="0.7"></line><svg x=${at(now.mean)} y="11" overflow="visible" fill=${policyMark(policy).hollow ? token('editor-background') : policyColour(policy)} stroke=${policyColour(policy)} stroke-width="1.5"><g transform="translate(-14 0)">${marker(policy)}</g></svg>`}
      </svg>
      <strong class="change">${difference(change, decimals)}</strong>
    </div>`;
  };
  return html`<div class="costs">${rows.map(row)}
    <div class="cost" aria-hidden="true"><span></span><svg width="100%" height="18">${marks.map((mark) => svg`<text class="tick" x=${at(mark)} y="12" text-anchor="middle">${number(mark, marks.length < 2 ? decimals : stepDecimals(marks[1] - marks[0]))}</text>`)}</svg><span></span></div>
  </div>`;
}

function costText({ policy, before, after }: CostRow, decimals: number): string {
  return t('{0}: predicted cost from {1} to {2} per step', policyName(policy), number(before.mean, decimals), number(after.mean, decimals));
}

export function costTable(rows: readonly CostRow[]): Table {
  const decimals = decimalsFor(rows.flatMap(({ before, after }) => [before.mean ?? 0, after.mean ?? 0]));
  return {
    columns: [t('policy'), t('before'), t('spread'), t('after'), t('spread'), t('change')],
    rows: rows.map(({ policy, before, after }) => [
      policyName(policy),
      number(before.mean, decimals),
      number(before.spread, decimals),
      number(after.mean, decimals),
      number(after.spread, decimals),
      difference(before.mean === null || after.mean === null ? null : after.mean - before.mean, decimals),
    ]),
  };
}
