import type { DeclaredVariable, DeclaredVariables, Formula, RecordingSettings, RewardSettings } from './experiment';
import type { Expression } from './expression';
import { type FormulaScope, parseCondition, parseFormula } from './formula';
import type { ExperimentFile } from './schema';

/**
 * What a file declares about a plant or program, with formulas read. A formula that cannot be read stands for 0 here:
 * the rules report it, and then there is no experiment.
 */

type DeclaredFile = NonNullable<ExperimentFile['variables']>;

const nothing: Expression = { kind: 'number', value: 0 };

export function resolveVariables(declared: DeclaredFile): DeclaredVariables {
  const scope = scopeOfNext(declared);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { role, unit = '1', range, maxChange = null, predict = 'change', logFloor = null, next }]): [string, DeclaredVariable] => {
      switch (role) {
        case 'state':
          return [name, { role, unit, range, predict, logFloor, next: next === undefined ? null : formula(next, scope) }];
        case 'action':
          return [name, { role, unit, range, maxChange }];
        default:
          return [name, { role: 'exogenous', unit, range }];
      }
    }),
  );
}

/** @param declared names are not checked here, since the rules do */
export function resolveReward(reward: ExperimentFile['reward']): RewardSettings | null {
  if (reward === undefined) return null;
  return typeof reward === 'string' ? { kind: 'formula', ...formula(reward, { names: null, previous: true }) } : { kind: 'column', column: reward.column };
}

export function resolveRecordings({ data = {}, variables = {} }: ExperimentFile): RecordingSettings {
  const { columns = {}, episodes, files = [], samplingTime = 1, time = null, where } = data;
  const headings = Object.keys(variables).map((name): [string, string] => [name, Object.hasOwn(columns, name) ? columns[name] : name]);
  return {
    files,
    columns: Object.fromEntries(headings),
    time,
    samplingTime,
    episodes: episodes === undefined ? null : 'column' in episodes ? { kind: 'column', column: episodes.column } : { kind: 'gap', gap: episodes.gap },
    where: where === undefined ? null : rowFilter(where),
  };
}

/** Names that a formula of the next value may read: every declared variable. */
export function scopeOfNext(declared: Readonly<Record<string, unknown>>): FormulaScope {
  return { names: new Set(Object.keys(declared)), previous: false };
}

/** A reward reads the new states, the action, and either before the step. */
export function scopeOfReward(declared: Readonly<Record<string, unknown>>): FormulaScope {
  return { names: new Set(Object.keys(declared)), previous: true };
}

function rowFilter(text: string): RecordingSettings['where'] {
  const { value } = parseCondition(text, { names: null, previous: false });
  return value && { text, condition: value };
}

function formula(text: string, scope: FormulaScope): Formula {
  return { text, expression: parseFormula(text, scope).value ?? nothing };
}
