import { html, svg, type TemplateResult } from 'lit';
import type { MarginView } from '../../src/messages/dashboard';
import { policyLabel } from '../../src/report/chart';
import type { Table } from '../../src/report/table';
import { stepDecimals } from '../series/scale';
import { decimalsFor, number, withUnit } from '../shared/format';
import { t } from '../shared/text';
import { policyColour } from '../shared/theme';

type BoundedVariable = MarginView['variables'][number];

/** The least distance to a bound, in the variable's unit; negative: outside. */
function leastDistance({ bounds, policies }: BoundedVariable): { readonly distance: number; readonly policy: number } | null {
  const distances = policies.map(({ policy, reached }) => ({ policy, distance: Math.min(reached[0] - bounds[0], bounds[1] - reached[1]) }));
  return distances.sort((a, b) => a.distance - b.distance).at(0) ?? null;
}

/** The same as a share of the bounds' width, over all variables: comparable. @returns null where nothing was recorded of the policy */
export function policyMargin(margins: MarginView | null, policy: number): number | null {
  const shares = margins?.variables.flatMap(({ bounds, policies }) => policies.filter((one) => one.policy === policy).map(({ reached }) => Math.min(reached[0] - bounds[0], bounds[1] - reached[1]) / (bounds[1] - bounds[0]))) ?? [];
  return shares.length === 0 ? null : Math.min(...shares);
}

/** The smallest margin of all in words, for the collapsed panel. */
export function leastMarginText(margins: MarginView): string {
  const least = margins.variables.flatMap((variable) => {
    const found = leastDistance(variable);
    return found === null ? [] : [{ ...found, variable, share: found.distance / (variable.bounds[1] - variable.bounds[0]) }];
  }).sort((a, b) => a.share - b.share).at(0);
  return least === undefined ? '–' : `${withUnit(least.distance, decimalsFor(least.variable.bounds), least.variable.unit)}, ${least.variable.name}, ${policyLabel(least.policy)}`;
}

/** Between which values each policy kept a variable, on the scale of its bounds: a row for each, a bar for each policy. */
export function marginRows(margins: MarginView): TemplateResult {
  return html`<div class="margins" role="list">${margins.variables.map((variable) => {
    const { name, unit, bounds, policies } = variable;
    const least = leastDistance(variable);
    const decimals = decimalsFor(bounds);
    const said = policies.map(({ policy, reached }) => t('{0} from {1} to {2}', policyLabel(policy), number(reached[0], decimals), number(reached[1], decimals))).join('; ');
    const distance = least === null ? '–' : withUnit(least.distance, decimals, unit);
    return html`<div class="margin" role="listitem">
      <span class="name">${name}</span>
      <div class="scale">${bars(variable)}<div class="ends muted">${bounds.map((bound) => html`<span>${number(bound, typedDecimals(bound))}</span>`)}</div></div>
      <strong class=${least !== null && least.distance < 0 ? 'outside' : ''}>${distance}</strong>
      <span class="visually-hidden">${t('Bounds {0} to {1}. {2}.', withUnit(bounds[0], decimals, unit), withUnit(bounds[1], decimals, unit), said)}</span>
    </div>`;
  })}</div>`;
}

/** As it was written, more or less. */
function typedDecimals(value: number): number {
  return value === 0 ? 0 : Math.min(4, stepDecimals(Math.abs(value)));
}

/** The same in numbers. */
export function marginTable({ variables }: MarginView): Table {
  const policies = [...new Set(variables.flatMap((variable) => variable.policies.map(({ policy }) => policy)))].sort((a, b) => a - b);
  return {
    columns: [t('variable'), t('bounds'), ...policies.map(policyLabel), t('margin')],
    rows: variables.map((variable) => {
      const decimals = decimalsFor(variable.bounds);
      const range = ([low, high]: readonly [number, number]): string => t('{0} to {1}', number(low, decimals), number(high, decimals));
      const least = leastDistance(variable);
      const reached = policies.map((policy) => variable.policies.find((one) => one.policy === policy)?.reached);
      return [variable.name, range(variable.bounds), ...reached.map((one) => (one === undefined ? '–' : range(one))), least === null ? '–' : withUnit(least.distance, decimals, variable.unit)];
    }),
  };
}

function bars({ bounds, policies }: BoundedVariable): TemplateResult {
  const [low, high] = bounds;
  const place = (value: number): number => Math.min(100, Math.max(0, (100 * (value - low)) / (high - low)));
  const height = Math.max(12, policies.length * 6 + 4);
  return html`<svg class="bars" viewBox="0 0 100 ${height}" preserveAspectRatio="none" height=${height} aria-hidden="true">
    <rect class="inside" x="0" y="0" width="100" height=${height} />
    <path class="bound" d="M0 0V${height}M100 0V${height}" />
    ${policies.map(({ policy, reached }, index) => svg`<path stroke=${policyColour(policy)} class="bar" d="M${place(reached[0])} ${index * 6 + 5}H${Math.max(place(reached[1]), place(reached[0]) + 0.6)}" />`)}
  </svg>`;
}
