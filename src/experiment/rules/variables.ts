import { t } from '@vscode/l10n';
import { reservedNames } from '../formula';
import { replaceBy } from '../remedies';
import { widthProblem } from '../resolution';
import { listWords } from '../words';
import type { Rule, RuleContext } from './rule';

/** Rules about declared variables, one by one and together. */
export const variablesRules: readonly Rule[] = [
  { reads: [], check: namesArePlain },
  { reads: ['variables'], check: thereIsSomethingToLearn },
  { reads: ['variables'], check: rangesAreOrdered },
  { reads: ['variables'], check: settingsFitRoles },
  { reads: ['variables'], check: changesAndFloorsFitRanges },
];

/** Columns that recordings have beside the variables, and words that stand in the place of a variable elsewhere. */
const takenNames: readonly string[] = ['iteration', 'policy', 'episode', 'step', 'reward', 'percentiles', 'kind'];

/** Whether a name stands for something else in formulas, recordings or the file, so that no variable can have it. */
export function hasOtherMeaning(name: string): boolean {
  return reservedNames.includes(name) || takenNames.includes(name) || name in Object.prototype;
}

const settingsOfRoles: Readonly<Record<'predict' | 'logFloor' | 'next' | 'maxChange', 'state' | 'action'>> = { predict: 'state', logFloor: 'state', next: 'state', maxChange: 'action' };

function declared({ file }: RuleContext) {
  return Object.entries(file.variables ?? {});
}

/** Whether formulas and recordings can name a variable so. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z]\w{0,59}$/.test(name);
}

function namesArePlain(context: RuleContext): void {
  for (const [name] of declared(context)) {
    const range = context.keyRange(`variables.${name}`);
    if (!isPlainName(name)) {
      context.report('error', 'variable-name', t('`{0}` cannot be a name. Begin with a letter and go on with letters, digits and _, at most 60; files may have other headings (data.columns).', name.slice(0, 60)), range);
    } else if (hasOtherMeaning(name)) {
      context.report('error', 'variable-name', t('`{0}` has another meaning. Give the variable another name; its column may keep it (data.columns).', name), range);
    }
  }
}

function thereIsSomethingToLearn(context: RuleContext): void {
  const roles = declared(context).map(([, { role }]) => role);
  const missing = (['state', 'action'] as const).filter((role) => !roles.includes(role));
  if (missing.length === 0) return;
  context.report('error', 'missing-role', t('No variable has the role {0}. A policy needs a state to see and an action to set.', listWords(missing)), context.keyRange('variables'));
}

function rangesAreOrdered(context: RuleContext): void {
  for (const [name, { range: [low, high] }] of declared(context)) {
    const range = context.range(`variables.${name}.range`);
    if (low >= high) {
      context.report('error', 'range-order', t('The range of `{0}` begins at {1}, which is not below its end, {2}. Write [low, high].', name, low, high), range, low > high ? replaceBy(`[${high}, ${low}]`, range) : undefined);
    } else if (widthProblem(low, high) === 'wide') {
      context.report('error', 'range-order', t('The range of `{0}` is too wide to compute with. Write what the variable can be.', name), range);
    } else if (widthProblem(low, high) === 'narrow') {
      context.report('error', 'range-order', t('The range of `{0}` is too narrow for its size to compute with. Measure it from a nearer zero, or widen it.', name), range);
    }
  }
}

function settingsFitRoles(context: RuleContext): void {
  for (const [name, variable] of declared(context)) {
    for (const [setting, role] of Object.entries(settingsOfRoles)) {
      if (!Object.hasOwn(variable, setting) || variable.role === role) continue;
      context.report('error', 'setting-not-for-role', t('`{0}` is for variables of the role `{1}`; `{2}` is `{3}`. Remove it.', setting, role, name, variable.role), context.keyRange(`variables.${name}.${setting}`));
    }
    if (variable.role !== 'state' || variable.next === undefined) continue;
    for (const setting of ['predict', 'logFloor'] as const) {
      if (variable[setting] === undefined) continue;
      context.report('error', 'setting-not-for-role', t('`{0}` follows its formula and is not predicted, so `{1}` means nothing. Remove one of the two.', name, setting), context.keyRange(`variables.${name}.${setting}`));
    }
  }
}

function changesAndFloorsFitRanges(context: RuleContext): void {
  for (const [name, { logFloor, maxChange, range: [low, high] }] of declared(context)) {
    if (maxChange !== undefined && maxChange >= high - low && low < high) {
      context.report('warning', 'max-change-unused', t('`{0}` may change by {1}, which is all of its range. Remove maxChange, or lower it.', name, maxChange), context.range(`variables.${name}.maxChange`));
    }
    if (logFloor !== undefined && logFloor >= high && low < high) {
      context.report('error', 'log-floor-outside-range', t('The floor of `{0}` is {1}, at or above the end of its range, {2}. Lower it.', name, logFloor, high), context.range(`variables.${name}.logFloor`));
    }
  }
}
