import { html, type TemplateResult } from 'lit';
import type { Band, Comparison, PredictedTrajectory } from '../../src/messages/comparison';
import type { Table } from '../../src/report/table';
import { oldColour } from '../series/canvas';
import { type SeriesLine, type SeriesRow, valueAt } from '../series/seriesChart';
import { decimalsFor, number } from '../shared/format';
import { t } from '../shared/text';
import { policyColour, policyMark } from '../shared/theme';
import { policyName } from './words';

/** One policy's rollouts from the common start. */
export interface Rolled {
  readonly policy: number;
  readonly trajectory: PredictedTrajectory;
}

/** Gaps are NaN for drawing. */
function filled(points: readonly (number | null)[]): Float64Array {
  return Float64Array.from(points, (value) => value ?? Number.NaN);
}

function line(label: string, steps: readonly number[], band: Band, look: Pick<SeriesLine, 'colour' | 'dash' | 'marker' | 'hollow'>, banded: boolean): SeriesLine {
  return { label, steps, values: filled(band.mean), band: banded ? { low: filled(band.low), high: filled(band.high) } : null, ...look };
}

/**
 * Rows of every state from one start: the old dashed grey, the new in the policy's colour; several policies without the old.
 * @param bounds of the variables that have some, from the margins
 */
export function sameStartRows(rolled: readonly Rolled[], { diff }: Comparison, step: number): SeriesRow[] {
  const first = rolled.at(0);
  if (first === undefined) return [];
  const single = rolled.length === 1;
  const rows = first.trajectory.states.map(({ name, unit, before }, column): SeriesRow => {
    const old = line(t('before'), first.trajectory.steps, before, { colour: oldColour(), dash: [5, 4], marker: 'circle', hollow: true }, single);
    const lines = rolled.map(({ policy, trajectory }) => line(policyName(policy), trajectory.steps, trajectory.states[column].after, { colour: policyColour(policy), dash: single ? [] : policyMark(policy).dash, marker: policyMark(policy).marker, hollow: policyMark(policy).hollow }, single));
    const shown = single ? [old, ...lines] : lines;
    return { name, unit, bounds: diff.margins.find((margin) => margin.variable === name)?.bounds ?? null, lines: shown, violations: [], readout: readout(shown, step, single) };
  });
  return [...rows.filter((row) => row.bounds !== null), ...rows.filter((row) => row.bounds === null && !isConstant(row))];
}

/** A variable that never moves tells nothing. */
function isConstant({ lines }: SeriesRow): boolean {
  return lines.every(({ values }) => Array.from(values).every((value) => value === values[0]));
}

function readout(lines: readonly SeriesLine[], step: number, single: boolean): TemplateResult {
  const values = lines.map(({ steps, values: own }) => valueAt(steps, own, step));
  const decimals = Math.min(2, decimalsFor(values));
  if (single) return html`<strong>${number(values[1], decimals)}</strong> <span class="muted">${number(values[0], decimals)}</span>`;
  return html`${lines.map(({ label }, index) => html`<span>${label} <strong>${number(values[index], decimals)}</strong> </span>`)}`;
}

/** The values at the cursor, in words. */
export function sameStartSpoken(rows: readonly SeriesRow[], step: number): string {
  const parts = rows.map(({ name, lines }) => {
    const values = lines.map(({ steps, values: own }) => valueAt(steps, own, step));
    const decimals = Math.min(2, decimalsFor(values));
    return `${name} ${lines.map(({ label }, index) => `${label} ${number(values[index], decimals)}`).join(', ')}`;
  });
  return `${t('Step {0}', String(step))}. ${parts.join('. ')}.`;
}

/** At most so many steps are told in the table. */
const mostRows = 101;

export function sameStartTable(rows: readonly SeriesRow[]): Table {
  const first = rows.at(0)?.lines.at(0);
  const steps = first === undefined ? [] : Array.from(first.steps).slice(0, mostRows);
  return {
    columns: [t('step'), ...rows.flatMap(({ name, lines }) => lines.map(({ label }) => `${name}, ${label}`))],
    rows: steps.map((step) => [String(step), ...rows.flatMap(({ lines }) => lines.map(({ steps: own, values }) => number(valueAt(own, values, step), Math.min(3, decimalsFor(Array.from(values))))))]),
  };
}
