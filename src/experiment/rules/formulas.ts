import { t } from '@vscode/l10n';
import { scopeOfNext, scopeOfReward } from '../declared';
import { variablesIn } from '../expression';
import { type FormulaProblem, parseCondition, parseFormula } from '../formula';
import { didYouMean, replaceBy } from '../remedies';
import { closestWord } from '../suggestions';
import { listWords } from '../words';
import type { Rule, RuleContext } from './rule';
import { isPlainName } from './variables';

/** Rules about the formulas of next values, reward and row filter. */
export const formulasRules: readonly Rule[] = [
  { reads: ['variables'], check: nextValuesCanBeRead },
  { reads: ['variables', 'reward'], check: rewardCanBeRead },
  { reads: ['data.where'], check: rowFilterCanBeRead },
  { reads: ['variables', 'reward', 'models.reward'], check: rewardFormulaExists },
];

function nextValuesCanBeRead(context: RuleContext): void {
  const variables = context.file.variables ?? {};
  const scope = scopeOfNext(variables);
  for (const [name, { next }] of Object.entries(variables)) {
    if (next === undefined) continue;
    const { problem } = parseFormula(next, scope);
    if (problem) reportProblem(context, `variables.${name}.next`, next, problem, Object.keys(variables));
  }
}

function rewardCanBeRead(context: RuleContext): void {
  const { reward, variables = {} } = context.file;
  if (typeof reward !== 'string') return;
  const { value, problem } = parseFormula(reward, scopeOfReward(variables));
  if (problem) return reportProblem(context, 'reward', reward, problem, Object.keys(variables));
  const moved = variablesIn(value).filter((name) => variables[name].role !== 'exogenous');
  if (moved.length > 0) return undefined;
  return context.report('error', 'reward-immovable', t('The reward reads no state and no action, so all policies earn the same. Write what is to be maximised.'), context.range('reward'));
}

function rowFilterCanBeRead(context: RuleContext): void {
  const { where } = context.file.data ?? {};
  if (where === undefined) return;
  const { problem } = parseCondition(where, { names: null, previous: false });
  if (problem) reportProblem(context, 'data.where', where, problem, []);
}

function rewardFormulaExists(context: RuleContext): void {
  const { models, reward, system } = context.experiment;
  if (models.reward !== 'formula' || reward?.kind === 'formula' || (reward === null && system.kind === 'plant')) return;
  const message = reward?.kind === 'column'
    ? t('The reward is a recorded column, so rollouts need a learned one. Write `learned`, or give `reward` a formula.')
    : t('The reward is told by the program, so rollouts need a learned one. Write `learned`, or give `reward` a formula.');
  const range = context.range('models.reward');
  context.report('error', 'reward-not-formula', message, range, replaceBy('learned', range));
}

function reportProblem(context: RuleContext, path: string, text: string, { end, kind, message, name, start }: FormulaProblem, known: readonly string[]): void {
  const range = context.rangeWithin(path, text, start, end);
  const code = ({ syntax: 'formula-syntax', previous: 'formula-syntax', 'unknown-name': 'unknown-variable' } as const)[kind];
  if (kind !== 'unknown-name' || name === null) return context.report('error', code, message, range);
  const closest = closestWord(name, known.filter(isPlainName));
  const advice = closest ? didYouMean(closest) : t('Declared are {0}.', listWords(known, 'and'));
  const exact = range !== context.range(path);
  return context.report('error', code, `${message} ${advice}`, range, closest && exact ? replaceBy(closest, range) : undefined);
}
