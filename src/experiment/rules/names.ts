import { t } from '@vscode/l10n';
import { didYouMean, replaceBy } from '../remedies';
import { closestWord } from '../suggestions';
import { listWords } from '../words';
import type { Rule, RuleContext } from './rule';

/** Rules about names that only the system can settle. */
export const namesRules: readonly Rule[] = [
  { reads: ['variables', 'data.generate.behaviour'], check: behaviourExists },
  { reads: ['variables', 'diversity.over'], check: diversityIsOverStates },
  { reads: ['variables', 'policies.inputs'], check: (context) => inputsExist(context, 'policies.inputs', context.experiment.policies.inputs) },
  { reads: ['variables', 'models.inputs'], check: (context) => inputsExist(context, 'models.inputs', context.experiment.models.inputs) },
  { reads: ['system', 'policies.inputs'], check: (context) => setpointIsSeen(context, 'policies.inputs', context.experiment.policies.inputs) },
  { reads: ['system', 'models.inputs'], check: (context) => setpointIsSeen(context, 'models.inputs', context.experiment.models.inputs) },
];

function behaviourExists(context: RuleContext): void {
  const { generate } = context.experiment.data;
  const { behaviours, kind } = context.description;
  if (generate === null || behaviours.includes(generate.behaviour)) return;
  const { behaviour } = generate;
  unknown(context, 'unknown-behaviour', 'data.generate.behaviour', t('{0} has no behaviour `{1}`.', kind, behaviour.slice(0, 60)), behaviour, behaviours);
}

function diversityIsOverStates(context: RuleContext): void {
  const states = context.description.states.filter((state) => state.source !== 'exogenous').map((state) => state.name);
  const disturbances = context.description.states.filter((state) => state.source === 'exogenous').map((state) => state.name);
  const actions = context.description.actions.map((action) => action.name);
  context.experiment.diversity.over.forEach((name, index) => {
    if (states.includes(name)) return;
    const path = `diversity.over.${index}`;
    if (actions.includes(name)) {
      context.report('error', 'not-a-state', t('`{0}` is an action, but trajectories are compared in states: {1}.', name, listWords(states, 'and')), context.range(path));
    } else if (disturbances.includes(name)) {
      context.report('error', 'not-a-state', t('`{0}` is a disturbance, the same for all policies. Trajectories are compared in states: {1}.', name, listWords(states, 'and')), context.range(path));
    } else {
      unknown(context, 'unknown-variable', path, t('The system has no state `{0}`.', name.slice(0, 60)), name, states, context.experiment.diversity.over);
    }
  });
}

function inputsExist(context: RuleContext, path: string, inputs: readonly string[]): void {
  const known = [...context.description.states, ...context.description.actions].map((variable) => variable.name);
  inputs.forEach((name, index) => {
    if (!known.includes(name)) unknown(context, 'unknown-variable', `${path}.${index}`, t('The system has no variable or action `{0}`.', name.slice(0, 60)), name, known, inputs);
  });
}

function setpointIsSeen(context: RuleContext, path: string, inputs: readonly string[]): void {
  const { system } = context.experiment;
  if (system.kind !== 'industrial-benchmark' || system.setpointProcess === 'fixed' || inputs.includes('setpoint')) return;
  context.report('warning', 'setpoint-unseen', t('The setpoint varies, but is not among {0}. Add `setpoint` there.', path), context.range(context.written(path) ? path : 'system.setpointProcess'));
}

/** @param taken words that stand beside it already, of which it cannot be another */
function unknown(context: RuleContext, code: 'unknown-behaviour' | 'unknown-variable', path: string, what: string, word: string, known: readonly string[], taken: readonly string[] = []): void {
  const range = context.range(path);
  const meant = closestWord(word, known);
  const closest = meant !== null && taken.includes(meant) ? null : meant;
  const advice = closest ? didYouMean(closest) : t('Known are {0}.', listWords(known, 'and'));
  context.report('error', code, `${what} ${advice}`, range, closest ? replaceBy(closest, range) : undefined);
}
