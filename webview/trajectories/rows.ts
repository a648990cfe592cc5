import { html, nothing, type TemplateResult } from 'lit';
import type { VariableView } from '../../src/messages/trajectories';
import { oldColour } from '../series/canvas';
import { type SeriesLine, type SeriesRow, valueAt } from '../series/seriesChart';
import { count, decimalsFor, number } from '../shared/format';
import { icon } from '../shared/icons';
import { t } from '../shared/text';
import { policyColour, policyMark } from '../shared/theme';
import type { Promised } from './promised';
import type { SeriesStore } from './seriesStore';
import type { Shown } from './shown';
import { boundText, policyName } from './words';

/** Dots of a variable's violations: more would be one red line. */
const mostDots = 300;

/** A row for each variable: bounded ones first, then other states and the reward, then actions; constants are left out. */
export function seriesRows(shown: Shown): SeriesRow[] {
  const order = (variable: VariableView): number => (variable.bounds !== null ? 0 : variable.role === 'state' ? 1 : variable.role === 'reward' ? 2 : 3);
  return shown.variables
    .toSorted((a, b) => order(a) - order(b))
    .map((variable) => row(variable, shown))
    .filter((one) => one.lines.length > 0 && (one.bounds !== null || !isConstant(one)));
}

function isConstant({ lines }: SeriesRow): boolean {
  return lines.every(({ values }) => values.length > 1 && Array.from(values).every((value) => value === values[0]));
}

function row({ name, unit, bounds, role }: VariableView, shown: Shown): SeriesRow {
  const { key, episodes, store, promised } = shown;
  const several = new Set(episodes.map(({ policy }) => policy)).size > 1;
  const real = episodes.map(({ episode, policy }): SeriesLine => {
    const line = store.line(key, episode, name);
    // an episode is put somewhere: no action led to its first frame, and no reward came of it
    const { steps, values } = role !== 'state' && line.steps[0] === 0 ? { steps: Array.from(line.steps).slice(1), values: Array.from(line.values).slice(1) } : line;
    const { marker, dash, hollow } = policyMark(policy);
    return { label: policyName(policy), steps, values, band: null, colour: policyColour(policy), dash: several ? dash : [], marker, hollow };
  });
  const predicted = promised.flatMap((one): SeriesLine[] => promisedLine(one, name, episodes.length === 0 || several));
  const violations = episodes.flatMap(({ episode, violations: own }) => dots(own.find(({ variable }) => variable === name)?.stretches ?? [], shown).map((step) => ({ step, value: outermost(store, key, episode, name, step, bounds) })));
  return { name, unit, bounds, lines: [...predicted, ...real].filter(({ values }) => values.length > 0), violations: violations.filter(({ value }) => Number.isFinite(value)), readout: readout({ name, bounds }, shown, predicted) };
}

function promisedLine({ policy, trajectory }: Promised, name: string, inColour: boolean): SeriesLine[] {
  const own = trajectory.states.find((state) => state.name === name)?.after;
  if (own === undefined) return [];
  const filled = (points: readonly (number | null)[]): Float64Array => Float64Array.from(points, (value) => value ?? Number.NaN);
  return [{
    label: t('predicted'), steps: trajectory.steps, values: filled(own.mean), band: { low: filled(own.low), high: filled(own.high) },
    colour: inColour ? policyColour(policy) : oldColour(), dash: [5, 4], marker: policyMark(policy).marker, hollow: true,
  }];
}

/** A dot for each stretch in the window, in its middle. */
function dots(stretches: readonly (readonly [number, number])[], { from, to }: Shown): number[] {
  const inWindow = stretches.filter(([first, last]) => last >= from && first <= to);
  const every = Math.max(1, Math.ceil(inWindow.length / mostDots));
  return inWindow.filter((_, index) => index % every === 0).map(([first, last]) => Math.round((first + last) / 2));
}

/** The value at a violation as far as it is known; else the bound that was crossed. */
function outermost(store: SeriesStore, key: string, episode: number, name: string, step: number, bounds: readonly [number, number] | null): number {
  const { steps, values } = store.line(key, episode, name);
  const value = valueAt(steps, values, step);
  return Number.isFinite(value) ? value : (bounds?.[1] ?? Number.NaN);
}

function readout({ name, bounds }: { readonly name: string; readonly bounds: readonly [number, number] | null }, { key, names, episodes, store, step }: Shown, predicted: readonly SeriesLine[]): TemplateResult {
  const values = episodes.map(({ episode }) => store.value(key, episode, names, name, step));
  const decimals = Math.min(2, decimalsFor([...values, ...(bounds ?? [])]));
  if (episodes.length > 1) {
    return html`<div class="readings several">${episodes.map(({ policy }, index) => {
      const outside = bounds !== null && boundText(values[index], bounds, decimals).outside;
      return html`<span>${policyName(policy)} <strong class=${outside ? 'outside' : ''}>${number(values[index], decimals)}</strong></span>`;
    })}</div>`;
  }
  const promise = predicted.at(0);
  const expected = promise === undefined ? null : valueAt(promise.steps, promise.values, step);
  const value = values.at(0);
  const near = value === undefined || !Number.isFinite(value) || bounds === null ? null : boundText(value, bounds, decimals);
  return html`<div class="readings"><strong class=${near?.outside ? 'outside' : ''}>${value === undefined ? '' : number(value, decimals)}</strong><span class="muted">${expected === null ? '' : number(expected, decimals)}</span><span></span>
    ${near === null ? nothing : html`<span class=${near.outside ? 'near outside' : 'near muted'}>${near.outside ? icon('error') : nothing} ${near.text}</span>`}</div>`;
}

/** The step in words: “Step 96 of 1,000. shift 86.3, 1.3 above the bound; predicted 79.8.” */
export function spokenStep({ variables, key, names, episodes, promised, store, step, last }: Shown): string {
  const told = variables.filter(({ bounds, role }) => bounds !== null || role === 'reward').slice(0, 4);
  const parts = told.flatMap(({ name, bounds }) => episodes.slice(0, 4).map(({ episode, policy }) => {
    const value = store.value(key, episode, names, name, step);
    const decimals = Math.min(2, decimalsFor([value, ...(bounds ?? [])]));
    const where = bounds === null ? '' : `, ${boundText(value, bounds, decimals).text}`;
    const promise = promised.find((one) => one.policy === policy)?.trajectory;
    const own = promise?.states.find((state) => state.name === name)?.after.mean;
    const expected = promise === undefined || own === undefined ? Number.NaN : valueAt(promise.steps, own.map((point) => point ?? Number.NaN), step);
    const who = episodes.length > 1 ? `${policyName(policy)} ${name}` : name;
    return `${who} ${number(value, decimals)}${where}${Number.isFinite(expected) ? `; ${t('predicted {0}', number(expected, decimals))}` : ''}.`;
  }));
  return [t('Step {0} of {1}.', count(step), count(last)), ...parts].join(' ');
}
