import { t } from '@vscode/l10n';
import type { IterationActions } from '../run/actions';
import type { IterationSummary, Phase, PolicySummary } from '../run/contract';
import { warningWords } from '../run/spokenEvents';
import { inLanguage } from '../sentence/language';
import { policyLabel } from './chart';
import { decimalsFor, formatDifference, formatNumber, formatPercent } from './format';
import type { ReportData } from './reportData';
import type { Table } from './table';
import { phaseWord } from './words';

/** The latest policies: what was promised, what happened, how far off, the worst decile, bounds. */
export function policyTable(iteration: IterationSummary): Table {
  const decimals = decimalsFor(iteration.policies.map((policy) => policy.cost.mean));
  const row = (name: string, policy: PolicySummary): string[] => [
    name,
    formatNumber(policy.promised?.cost.mean, decimals),
    formatNumber(policy.cost.mean, decimals),
    policy.promised ? formatDifference(policy.cost.mean - policy.promised.cost.mean, decimals) : '–',
    formatNumber(policy.cost.p10, decimals),
    formatNumber(policy.violations.steps, 0),
  ];
  const promisedRow = (name: string, policy: PolicySummary): string[] => [
    name,
    formatNumber(policy.cost.mean, decimals),
    formatNumber(policy.ensembleSpread?.cost, decimals),
    formatNumber(policy.cost.p10, decimals),
    formatNumber(policy.violations.steps, 0),
  ];
  const name = (policy: PolicySummary): string => policyLabel(policy.policy) + (policy.policy === iteration.recommended.policy ? ' ★' : '');
  if (iteration.by === 'models') {
    return {
      columns: [t('policy'), t('promised'), t('give or take'), t('worst decile'), t('steps outside')],
      rows: [
        ...iteration.policies.map((policy) => promisedRow(name(policy), policy)),
        [t('mean'), formatNumber(iteration.mean.cost, decimals), '', '', ''],
        ...(iteration.probe ? [promisedRow(t('probe'), iteration.probe)] : []),
      ],
    };
  }
  return {
    columns: [t('policy'), t('promised'), t('real'), t('off by'), t('worst decile'), t('steps outside')],
    rows: [
      ...iteration.policies.map((policy) => row(name(policy), policy)),
      [t('mean'), '', formatNumber(iteration.mean.cost, decimals), '', '', ''],
      ...(iteration.probe ? [row(t('probe'), iteration.probe)] : []),
    ],
  };
}

/** Steps outside the bounds, of every policy in every iteration: how many, their share, the furthest. */
export function violationTable(iterations: readonly IterationSummary[]): Table {
  const cell = (policy: PolicySummary | null | undefined): string => {
    if (!policy) return '–';
    const { steps, share, worst } = policy.violations;
    return steps === 0 ? '0' : t('{0} ({1}), furthest {2} of the width', formatNumber(steps, 0), formatPercent(share), formatPercent(worst));
  };
  const policies = [...new Set(iterations.flatMap((iteration) => iteration.policies.map((policy) => policy.policy)))].sort((a, b) => a - b);
  return {
    columns: [t('policy'), ...iterations.map(({ iteration }) => t('iteration {0}', iteration))],
    rows: [
      ...policies.map((k) => [policyLabel(k), ...iterations.map((iteration) => cell(iteration.policies.find((policy) => policy.policy === k)))]),
      ...(iterations.some((iteration) => iteration.probe !== null) ? [[t('probe'), ...iterations.map((iteration) => cell(iteration.probe))]] : []),
    ],
  };
}

/** What every policy does with each actuator on recorded frames. */
export function actionTable({ actuators }: IterationActions): Table {
  const digits = (value: number): string => inLanguage(Number(value.toPrecision(4)));
  return {
    columns: [t('actuator, policy'), t('unit'), t('range'), t('most a sample'), t('moves in a sample: mean'), t('nine in ten below'), t('at most'), t('at an end of the range')],
    rows: actuators.flatMap(({ name, unit, range, maxChange, policies }) => policies.map(({ policy, slew, saturated }) => [
      `${name}, ${policyLabel(policy)}`, unit, t('{0} to {1}', digits(range[0]), digits(range[1])), maxChange === null ? t('any') : digits(maxChange),
      digits(slew.mean), digits(slew.p90), digits(slew.max), formatPercent(saturated),
    ])),
  };
}

/** Gradient steps that were skipped, by where they happened. */
export function nonFiniteTable(data: ReportData): Table {
  return {
    columns: [t('where'), t('skipped steps')],
    rows: data.nonFinite.map(({ iteration, phase, policy, count }) => [t('iteration {0}, {1}, {2}', iteration, phaseWord(phase), whose(phase, policy)), formatNumber(count, 0)]),
  };
}

function whose(phase: Phase, policy: number): string {
  return phase === 'modelling' ? t('member {0}', policy + 1) : policyLabel(policy);
}

/** What the health signs rest on, raised or not: a row for each sign, a column for each iteration. */
export function healthTable({ health }: ReportData): Table {
  const iterations = [...new Set(health.map(({ iteration }) => iteration))].sort((a, b) => a - b);
  const cell = (sign: string, iteration: number): string => {
    const found = health.find((measured) => measured.sign === sign && measured.iteration === iteration);
    if (!found) return '–';
    const numbers = Object.entries(found.metrics).map(([name, value]) => `${name} ${inLanguage(Number(value.toPrecision(2)))}`);
    return `${found.raised ? '⚠ ' : ''}${numbers.join(', ')}`;
  };
  return {
    columns: [t('sign'), ...iterations.map((iteration) => t('iteration {0}', iteration))],
    rows: [...new Set(health.map(({ sign }) => sign))].map((sign) => [sign, ...iterations.map((iteration) => cell(sign, iteration))]),
  };
}

export function warningTable(data: ReportData): Table {
  return { columns: [t('warning'), t('iteration'), t('what')], rows: data.summary.warnings.map((warning) => [warning.code, String(warning.iteration), warningWords(warning)]) };
}
