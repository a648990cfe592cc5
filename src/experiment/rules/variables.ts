import { reservedNames } from '../formula';
import { listWords } from '../words';
import { replaceBy, type Rule, type RuleContext } from './rule';

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

function namesArePlain(context: RuleContext): void {
  for (const [name] of declared(context)) {
    const range = context.keyRange(`variables.${name}`);
    if (!/^[A-Za-z]\w{0,59}$/.test(name)) {
      context.report('error', 'variable-name', `\`${name.slice(0, 60)}\` cannot be a name. Begin with a letter and go on with letters, digits and _, at most 60; files may have other headings (data.columns).`, range);
    } else if (hasOtherMeaning(name)) {
      context.report('error', 'variable-name', `\`${name}\` has another meaning. Give the variable another name; its column may keep it (data.columns).`, range);
    }
  }
}

function thereIsSomethingToLearn(context: RuleContext): void {
  const roles = declared(context).map(([, { role }]) => role);
  const missing = (['state', 'action'] as const).filter((role) => !roles.includes(role));
  if (missing.length === 0) return;
  context.report('error', 'missing-role', `No variable has the role ${listWords(missing)}. A policy needs a state to see and an action to set.`, context.keyRange('variables'));
}

function rangesAreOrdered(context: RuleContext): void {
  for (const [name, { range: [low, high] }] of declared(context)) {
    const range = context.range(`variables.${name}.range`);
    if (low >= high) {
      context.report('error', 'range-order', `The range of \`${name}\` begins at ${low}, which is not below its end, ${high}. Write [low, high].`, range, low > high ? replaceBy(`[${high}, ${low}]`, range) : undefined);
    } else if (!Number.isFinite(high - low) || Math.max(Math.abs(low), Math.abs(high)) > 1e30) {
      context.report('error', 'range-order', `The range of \`${name}\` is too wide to compute with. Write what the variable can be.`, range);
    } else if (high - low <= 1e-6 * Math.max(Math.abs(low), Math.abs(high))) {
      context.report('error', 'range-order', `The range of \`${name}\` is too narrow for its size to compute with. Measure it from a nearer zero, or widen it.`, range);
    }
  }
}

function settingsFitRoles(context: RuleContext): void {
  for (const [name, variable] of declared(context)) {
    for (const [setting, role] of Object.entries(settingsOfRoles)) {
      if (!Object.hasOwn(variable, setting) || variable.role === role) continue;
      context.report('error', 'setting-not-for-role', `\`${setting}\` is for variables of the role \`${role}\`; \`${name}\` is \`${variable.role}\`. Remove it.`, context.keyRange(`variables.${name}.${setting}`));
    }
    if (variable.role !== 'state' || variable.next === undefined) continue;
    for (const setting of ['predict', 'logFloor'] as const) {
      if (variable[setting] === undefined) continue;
      context.report('error', 'setting-not-for-role', `\`${name}\` follows its formula and is not predicted, so \`${setting}\` means nothing. Remove one of the two.`, context.keyRange(`variables.${name}.${setting}`));
    }
  }
}

function changesAndFloorsFitRanges(context: RuleContext): void {
  for (const [name, { logFloor, maxChange, range: [low, high] }] of declared(context)) {
    if (maxChange !== undefined && maxChange >= high - low && low < high) {
      context.report('warning', 'max-change-unused', `\`${name}\` may change by ${maxChange}, which is all of its range. Remove maxChange, or lower it.`, context.range(`variables.${name}.maxChange`));
    }
    if (logFloor !== undefined && logFloor >= high && low < high) {
      context.report('error', 'log-floor-outside-range', `The floor of \`${name}\` is ${logFloor}, at or above the end of its range, ${high}. Lower it.`, context.range(`variables.${name}.logFloor`));
    }
  }
}
