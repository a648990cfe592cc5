import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ComparedAction } from '../../src/messages/comparison';
import { differs } from '../../src/messages/comparisonFacts';
import type { Table } from '../../src/report/table';
import { stepDecimals } from '../series/scale';
import { difference, number, percent } from '../shared/format';
import { t } from '../shared/text';
import { policyColour, policyMark } from '../shared/theme';
import { type Bins, binsOf, fullHeight, sharedEnd, sizeQuantile } from './bins';
import { policyName } from './words';

/** How an actuator's changes are told: in its own unit, or as what they do to a state in one sample. */
export interface Measure {
  /** state per unit of the action; 1 for the action itself */
  readonly gain: number;
  /** what the axis shows */
  readonly name: string;
  readonly unit: string;
  readonly isEffect: boolean;
}

/** One actuator of one or several policies. */
export interface HistogramRow {
  readonly measure: Measure;
  readonly range: readonly [number, number];
  readonly policies: readonly { readonly policy: number; readonly changes: readonly number[]; readonly differing: number }[];
}

/** @param pairs of the policies that are shown, each with the same actuator */
export function histogramRow(pairs: readonly { readonly policy: number; readonly action: ComparedAction }[], measure: Measure): HistogramRow {
  const { range } = pairs[0].action;
  const large = differs * (range[1] - range[0]);
  return {
    measure,
    range,
    policies: pairs.map(({ policy, action }) => {
      const changes = action.after.map((value, frame) => value - action.before[frame]);
      return { policy, changes: changes.map((change) => change * measure.gain), differing: changes.reduce((count, change) => count + (Math.abs(change) > large ? 1 : 0), 0) / changes.length };
    }),
  };
}

/** Bars of how much an action changes; several policies as outlines. */
export function histogram(row: HistogramRow): TemplateResult {
  const { measure, range, policies } = row;
  const end = sharedEnd(policies.map(({ changes }) => changes), 0.1 * Math.abs(measure.gain) * (range[1] - range[0]));
  const all = policies.map(({ policy, changes }) => ({ policy, bins: binsOf(changes, end) }));
  const full = all.reduce((most, { bins }) => Math.max(most, fullHeight(bins)), 1);
  const single = policies.length === 1 ? policies[0] : null;
  return html`<div class="histogram">
    <div class="name"><strong>${measure.name}</strong><p class="muted">${rangeText(row)}</p></div>
    <figure role="img" aria-label=${histogramSummary(row)}>
      <svg class="bars" width="100%" height="58" aria-hidden="true">
        ${single === null ? all.map(({ policy, bins }) => outline(policy, bins, full)) : bars(all[0].policy, all[0].bins, full)}
        <line class="base" x1="0" x2="100%" y1="57.5" y2="57.5"></line>
        <line class="zero" x1="50%" x2="50%" y1="0" y2="58"></line>
      </svg>
      <svg class="scale" width="100%" height="14" aria-hidden="true">${[-end, -end / 2, 0, end / 2, end].map((value, quarter) => svg`<text class="tick" x="${quarter * 25}%" y="11" text-anchor="middle">${value === 0 ? '0' : difference(value, Math.min(4, stepDecimals(end / 2)))}</text>`)}</svg>
    </figure>
    <div class="beside">${single === null ? policies.map(({ policy, differing }) => html`<p>${policyName(policy)} <strong>${percent(differing, 0)}</strong></p>`) : html`<p><strong>${percent(single.differing, 0)}</strong> <span class="muted">${t('of frames differ')}</span></p><p class="muted">${t('95 % below {0}', number(sizeQuantile(single.changes, 0.95), decimals(end)))}</p>`}</div>
  </div>`;
}

function rangeText({ measure, range }: HistogramRow): string {
  if (measure.isEffect) return t('effect per sample, {0} per unit', number(measure.gain, Math.min(2, stepDecimals(Math.abs(measure.gain)))));
  const places = Math.min(3, Math.max(stepDecimals(Math.abs(range[0]) || 1), stepDecimals(Math.abs(range[1]) || 1)));
  return t('range {0} to {1}', number(range[0], places), number(range[1], places));
}

function decimals(end: number): number {
  return end >= 10 ? 1 : end >= 1 ? 2 : 3;
}

function bars(policy: number, { counts, zero }: Bins, full: number): TemplateResult[] {
  const share = 100 / counts.length;
  return counts.flatMap((count, index) => {
    if (count === 0) return [];
    const high = Math.max(1, Math.min(1, count / full) * 54);
    const isZero = index === zero;
    return [svg`<rect class=${isZero ? 'unchanged' : ''} x="${index * share + share * 0.08}%" width="${share * 0.84}%" y=${57 - high} height=${high} fill=${policyColour(policy)}></rect>`];
  });
}

function outline(policy: number, { counts, zero }: Bins, full: number): TemplateResult[] {
  const share = 100 / counts.length;
  const high = (index: number): number => 57 - Math.min(1, (counts[index] ?? 0) / full) * 54;
  const dash = policyMark(policy).dash.join(' ');
  return counts.flatMap((_, index) => {
    const level = svg`<line x1="${index * share}%" x2="${(index + 1) * share}%" y1=${high(index)} y2=${high(index)} stroke=${policyColour(policy)} stroke-width="1.6" stroke-dasharray=${dash} opacity=${index === zero ? 0.5 : 1}></line>`;
    const edge = index === 0 ? nothing : svg`<line x1="${index * share}%" x2="${index * share}%" y1=${high(index - 1)} y2=${high(index)} stroke=${policyColour(policy)} stroke-width="1.6"></line>`;
    return [svg`${level}${edge}`];
  });
}

function histogramSummary(row: HistogramRow): string {
  return row.policies
    .map(({ policy, changes, differing }) => t('Change of {0} by {1}: {2} of the frames differ, 95 % of the changes are below {3}.', row.measure.name, policyName(policy), percent(differing, 0), number(sizeQuantile(changes, 0.95), 3)))
    .join(' ');
}

/** The histograms as numbers. */
export function histogramTable(rows: readonly HistogramRow[]): Table {
  const first = rows.at(0);
  return {
    columns: [t('actuator'), ...(first?.policies ?? []).flatMap(({ policy }) => [t('{0}: frames that differ', policyName(policy)), t('{0}: median change', policyName(policy)), t('{0}: 95 % below', policyName(policy)), t('{0}: largest', policyName(policy))])],
    rows: rows.map(({ measure, policies }) => [
      measure.name,
      ...policies.flatMap(({ changes, differing }) => {
        const sorted = changes.toSorted((a, b) => a - b);
        return [percent(differing), difference(sorted[Math.floor(sorted.length / 2)], 3), number(sizeQuantile(changes, 0.95), 3), number(sizeQuantile(changes, 1), 3)];
      }),
    ]),
  };
}
